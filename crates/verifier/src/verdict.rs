//! What is found about a signature.

/// What is found about a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One of the keys has signed it.
    True,
    /// None of them has, or it is about something else.
    Untrue,
    /// What should be keys is something else: nothing can be found.
    NoKeys,
}

impl Verdict {
    /// The number by which the loader knows it.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::True => 0,
            Self::Untrue => 1,
            Self::NoKeys => 2,
        }
    }
}
