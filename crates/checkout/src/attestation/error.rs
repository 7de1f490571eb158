//! Why a text is not the canonical spelling of some facts.

/// Why a text is not the canonical spelling of some facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// The text does not begin with the version.
    #[error("expected facts of version 1, got others")]
    Version,
    /// Another member stands where this one belongs, or its value is of another kind.
    #[error("expected the member {name} at byte {at}, got something else")]
    Member {
        /// The member that belongs there.
        name: &'static str,
        /// Where, in bytes.
        at: usize,
    },
    /// The value of a member is spelled in another way than the one that is allowed, or it cannot be such a value.
    #[error("expected the one spelling of {name} at byte {at}, got another")]
    Value {
        /// Whose value it is.
        name: &'static str,
        /// Where, in bytes.
        at: usize,
    },
    /// The text goes on after the last member, or ends before it does.
    #[error("expected the end at byte {at}, got something else")]
    End {
        /// Where, in bytes.
        at: usize,
    },
}
