//! A text in its parts.

/// The parts between every two of a byte.
pub(crate) struct Parts<'a> {
    rest: Option<&'a [u8]>,
    between: u8,
}

impl<'a> Parts<'a> {
    /// Of which nothing was taken yet.
    pub(crate) fn of(text: &'a [u8], between: u8) -> Self {
        Self {
            rest: Some(text),
            between,
        }
    }

    /// The next part. Compiled once, whatever stands between them.
    #[inline(never)]
    pub(crate) fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let end = rest.iter().position(|byte| *byte == self.between);
        let (part, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        self.rest = after.get(1..).filter(|_| end.is_some());
        Some(part)
    }
}
