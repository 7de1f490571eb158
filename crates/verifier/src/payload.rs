//! What is signed, of which the beginning has been read.

/// What is left of it.
pub(crate) struct Payload<'a>(pub(crate) &'a [u8]);

impl<'a> Payload<'a> {
    /// Takes exactly this.
    pub(crate) fn takes(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// Takes a member with this value.
    pub(crate) fn takes_member(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        self.takes(name)?;
        self.takes_value(value)
    }

    /// Takes this text in its quotes; `null` where there is none.
    pub(crate) fn takes_value(&mut self, value: &[u8]) -> Option<()> {
        if value.is_empty() {
            return self.takes(b"null");
        }
        self.takes(b"\"")?;
        self.takes(value)?;
        self.takes(b"\"")
    }

    /// Passes over a text. One with something to be escaped is no name that a proxy gives.
    pub(crate) fn passes_text(&mut self) -> Option<&'a [u8]> {
        self.takes(b"\"")?;
        let is_end = |byte: &u8| matches!(byte, b'"' | b'\\');
        let (text, rest) = self.0.split_at_checked(self.0.iter().position(is_end)?)?;
        self.0 = rest;
        self.takes(b"\"")?;
        Some(text)
    }
}
