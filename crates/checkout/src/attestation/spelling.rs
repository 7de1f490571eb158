//! Writing and reading objects of JSON that have one spelling: members in a fixed order, no spaces, no escape that is not needed.
//!
//! By hand, and without serde: the reader is part of what a buyer's page fetches to verify an invoice, and a general one is
//! free to take what we must refuse.

use super::error::FactsError;

/// How the facts begin.
const HEAD: &str = r#"{"v":1"#;
/// The digits of an escaped control character.
const HEX: &[u8; 16] = b"0123456789abcdef";

/// An object on its way to being written.
pub(super) struct Writer(String);

impl Writer {
    /// An object with the version.
    pub(super) fn new() -> Self {
        Self(String::from(HEAD))
    }

    /// An object within another.
    pub(super) fn inner(text: &mut String, write: impl FnOnce(&mut Self)) {
        let mut inner = Self(core::mem::take(text));
        inner.0.push('{');
        write(&mut inner);
        inner.0.push('}');
        *text = inner.0;
    }

    /// Adds a member, whose value `write` writes.
    pub(super) fn member(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        write(&mut self.0);
    }

    /// The whole.
    pub(super) fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Writes a string. What has to be escaped is, and nothing else (as RFC 8785 has it, section 3.2.2.2).
pub(super) fn write_string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match (short_escape(character), u8::try_from(character)) {
            (Some(letter), _) => {
                text.push('\\');
                text.push(char::from(letter));
            }
            (None, Ok(control @ ..0x20)) => {
                text.push_str("\\u00");
                text.push(char::from(HEX[usize::from(control >> 4)]));
                text.push(char::from(HEX[usize::from(control & 15)]));
            }
            (None, _) => text.push(character),
        }
    }
    text.push('"');
}

/// The letter behind the backslash, of a character that has one and needs it.
fn short_escape(character: char) -> Option<u8> {
    match character {
        '"' => Some(b'"'),
        '\\' => Some(b'\\'),
        '\u{8}' => Some(b'b'),
        '\t' => Some(b't'),
        '\n' => Some(b'n'),
        '\u{c}' => Some(b'f'),
        '\r' => Some(b'r'),
        _ => None,
    }
}

/// A text of which a part has been read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    is_first: bool,
}

impl<'a> Reader<'a> {
    /// Behind the version.
    pub(super) fn new(text: &'a str) -> Result<Self, FactsError> {
        if !text.starts_with(HEAD) {
            return Err(FactsError::Version);
        }
        Ok(Self {
            text,
            at: HEAD.len(),
            is_first: false,
        })
    }

    /// Reads the next member, which has to be this one. `read` reads its value.
    pub(super) fn member<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<T, FactsError> {
        let at = self.at;
        let begins = (self.is_first || self.takes(","))
            && self.takes("\"")
            && self.takes(name)
            && self.takes("\":");
        self.is_first = false;
        if !begins {
            return Err(FactsError::Member { name, at });
        }
        let at = self.at;
        read(self).ok_or(FactsError::Value { name, at })
    }

    /// Reads an object that stands within another.
    pub(super) fn inner<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if !self.takes("{") {
            return None;
        }
        self.is_first = true;
        let value = read(self)?;
        self.takes("}").then_some(value)
    }

    /// Behind the last member.
    pub(super) fn close(mut self) -> Result<(), FactsError> {
        if self.takes("}") && self.at == self.text.len() {
            return Ok(());
        }
        Err(FactsError::End { at: self.at })
    }

    /// Goes on behind `expected`, if that comes next.
    pub(super) fn takes(&mut self, expected: &str) -> bool {
        let is_next = self.rest().starts_with(expected);
        if is_next {
            self.at += expected.len();
        }
        is_next
    }

    /// Reads a string in its one spelling.
    pub(super) fn string(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return None;
        }
        let mut value = String::new();
        loop {
            let character = self.rest().chars().next()?;
            self.at += character.len_utf8();
            match character {
                '"' => return Some(value),
                '\\' => value.push(self.escaped()?),
                '\0'..' ' => return None,
                other => value.push(other),
            }
        }
    }

    /// What is escaped behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        let start = self.at;
        let escaped = match self.rest().as_bytes() {
            [b'"', ..] => '"',
            [b'\\', ..] => '\\',
            [b'b', ..] => '\u{8}',
            [b't', ..] => '\t',
            [b'n', ..] => '\n',
            [b'f', ..] => '\u{c}',
            [b'r', ..] => '\r',
            [b'u', b'0', b'0', high @ (b'0' | b'1'), low, ..] => {
                let low = HEX.iter().position(|digit| digit == low)?;
                let control = char::from((high - b'0') << 4 | u8::try_from(low).ok()?);
                self.at = start + 5;
                // One that has a letter is written with that.
                return short_escape(control).is_none().then_some(control);
            }
            _ => return None,
        };
        self.at = start + 1;
        Some(escaped)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}
