//! Rust source as words and signs: what is left when comments, texts and the code of tests are taken out.
//!
//! Enough to find `mod`, `use` and paths, and nothing more: a parser would leave out what stands inside a macro's call, and would have to
//! be compiled before anything is checked.

/// A word, `::`, or one other sign, and the line it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether it is a name or a keyword.
    pub(super) fn is_word(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The tokens of a file, without what only exists in tests.
pub(super) fn shipped(source: &str) -> Vec<Token<'_>> {
    without_tests(&tokens(source))
}

fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut reader = Reader {
        source,
        at: 0,
        line: 1,
    };
    let mut found = Vec::new();
    while let Some(token) = reader.next() {
        found.push(token);
    }
    found
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Goes on by so many bytes, and counts the lines in them.
    fn skip(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.source.len());
        self.line += self.source[self.at..end].matches('\n').count();
        self.at = end;
    }

    /// Goes on to the end of `end`, or of the file.
    fn skip_past(&mut self, end: &str) {
        let found = self.rest().find(end);
        self.skip(found.map_or(self.rest().len(), |at| at + end.len()));
    }

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            let first = rest.chars().next()?;
            if rest.starts_with("//") {
                self.skip_past("\n");
            } else if rest.starts_with("/*") {
                self.skip_comment();
            } else if first == '"' {
                self.skip_text();
            } else if first == '\'' {
                self.skip_quote();
            } else if first.is_whitespace() {
                self.skip(first.len_utf8());
            } else if first.is_alphanumeric() || first == '_' {
                if let Some(word) = self.word() {
                    return Some(word);
                }
            } else {
                let length = if rest.starts_with("::") {
                    2
                } else {
                    first.len_utf8()
                };
                return Some(self.take(length));
            }
        }
    }

    fn take(&mut self, length: usize) -> Token<'a> {
        let token = Token {
            text: &self.rest()[..length],
            line: self.line,
        };
        self.skip(length);
        token
    }

    /// A word; `None` when it was the mark before a text, which is left out with it.
    fn word(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let hashes = after.len() - after.trim_start_matches('#').len();
        let is_quoted = after[hashes..].starts_with('"');
        match word {
            "r" | "br" | "cr" if is_quoted => {
                self.skip(length + hashes + 1);
                self.skip_past(&format!("\"{}", "#".repeat(hashes)));
                None
            }
            "b" | "c" if after.starts_with('"') => {
                self.skip(length);
                self.skip_text();
                None
            }
            // A name that is a keyword elsewhere, `r#type`.
            "r" if hashes == 1 => {
                self.skip(2);
                self.word()
            }
            _ => Some(self.take(length)),
        }
    }

    fn skip_text(&mut self) {
        self.skip(1);
        loop {
            match self.rest().find(['"', '\\']) {
                Some(at) if self.rest()[at..].starts_with('\\') => self.skip(at + 2),
                Some(at) => return self.skip(at + 1),
                None => return self.skip(self.rest().len()),
            }
        }
    }

    /// A character, or a lifetime, of which only the sign is left out.
    fn skip_quote(&mut self) {
        self.skip(1);
        let mut chars = self.rest().chars();
        match (chars.next(), chars.next()) {
            (Some('\\'), Some(escaped)) => {
                self.skip(1 + escaped.len_utf8());
                self.skip_past("'");
            }
            (Some(c), Some('\'')) => self.skip(c.len_utf8() + 1),
            _ => {}
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    return;
                }
            } else if let Some(c) = rest.chars().next() {
                self.skip(c.len_utf8());
            } else {
                return;
            }
        }
    }
}

/// Leaves out every item below `#[cfg(test)]` or another condition that holds in tests only.
fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let Some(end) = attribute(tokens, at) else {
            kept.push(tokens[at]);
            at += 1;
            continue;
        };
        let attribute = &tokens[at..end];
        if is_of_tests(attribute) {
            at = item_end(tokens, end);
        } else {
            kept.extend_from_slice(attribute);
            at = end;
        }
    }
    kept
}

/// Where the attribute that begins here ends.
fn attribute(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    (is(at, "#") && is(at + 1, "[")).then(|| group_end(tokens, at + 1))
}

fn is_of_tests(attribute: &[Token<'_>]) -> bool {
    let has = |word: &str| attribute.iter().any(|token| token.text == word);
    attribute.get(2).is_some_and(|token| token.text == "cfg") && has("test") && !has("not")
}

/// Where the bracket that opens here is closed, one after it.
fn group_end(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Where the item ends that begins here: after its braces or its semicolon, or, for a field or an arm, after its comma.
fn item_end(tokens: &[Token<'_>], from: usize) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        match token.text {
            ";" | "," => return at + 1,
            // What closes here was opened before the item.
            "}" | ")" | "]" => return at,
            "{" => return group_end(tokens, at),
            "(" | "[" => at = group_end(tokens, at),
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::shipped;

    fn words(source: &str) -> String {
        let tokens = shipped(source);
        let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        texts.join(" ")
    }

    #[test]
    fn comments_texts_and_characters_are_left_out() {
        for (source, expected) in [
            ("a // use b;\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            ("f(\"crate::x \\\" y\", 'z', '\\'', '\"')", "f ( , , , )"),
            ("r#\"crate::\"x\"# y br\"z\" b\"w\\\"\" c\"v\"", "y"),
            (
                "fn f<'a>(x: &'a str) -> r#type",
                "fn f < a > ( x : & a str ) - > type",
            ),
            ("a::b :: c", "a :: b :: c"),
            ("'…' x", "x"),
        ] {
            assert_eq!(words(source), expected, "{source}");
        }
    }

    #[test]
    fn lines_are_counted_through_texts() {
        let tokens = shipped("a\n\"x\ny\" /* \n */ b");
        assert_eq!(tokens[1].line, 4);
    }

    #[test]
    fn what_only_tests_have_is_left_out() {
        for (source, expected) in [
            ("#[cfg(test)] mod tests { use a::b; fn c() {} } d", "d"),
            ("#[cfg(test)] mod tests; d", "d"),
            ("#[cfg(all(test, unix))] #[expect(x)] use a::b; d", "d"),
            (
                "#[cfg(not(test))] use a;",
                "# [ cfg ( not ( test ) ) ] use a ;",
            ),
            (
                "struct S { #[cfg(test)] x: crate::X, y: u8 }",
                "struct S { y : u8 }",
            ),
            (
                "struct S { y: u8, #[cfg(test)] x: [u8; 2] }",
                "struct S { y : u8 , }",
            ),
            ("#[cfg(test)] impl S { fn f() {} } d", "d"),
        ] {
            assert_eq!(words(source), expected, "{source}");
        }
    }
}
