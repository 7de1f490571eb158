//! Why something signed is not believed, and why a text is no key.

use checkout::attestation::FactsError;

/// Why something signed is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// No key was given to verify with.
    #[error("expected at least one public key, got none")]
    NoKey,
    /// It is longer than anything a proxy signs.
    #[error("expected at most {most} bytes, got {found}")]
    TooLong {
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// It has not three parts between two points.
    #[error("expected three parts with points between them, got another number")]
    Parts,
    /// A part is not base64url without padding, or has bits behind its end.
    #[error("expected base64url without padding in the {part}, got something else")]
    Encoding {
        /// `header`, `payload` or `signature`.
        part: &'static str,
    },
    /// The header is another than the one that is written here: another algorithm, more members, another order.
    #[error("expected a header of alg, kid and typ with the values written here, got another")]
    Header,
    /// It is signed as the other of the two things.
    #[error("expected a {expected}, got the other thing that is signed")]
    Kind {
        /// The `typ` that was expected.
        expected: &'static str,
    },
    /// None of the keys has made the signature over these bytes.
    #[error("expected a signature by one of the keys, got one by none of them")]
    Signature,
    /// What is signed is not the canonical spelling of facts.
    #[error("signed, but not readable: {0}")]
    Facts(#[from] FactsError),
    /// The facts are signed and others are about to be shown.
    #[error("expected the {member} that is signed, got another")]
    Differs {
        /// The first member that differs.
        member: &'static str,
    },
}

/// Why a text is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is not 43 characters of base64url without padding, which 32 bytes have.
    #[error("expected 32 bytes as 43 characters of base64url, got something else")]
    Encoding,
    /// The bytes are no point of the curve in its one spelling.
    #[error("expected a point of the curve, got other bytes")]
    Point,
    /// Anybody can sign for this key: it is one of the few points of a small order.
    #[error("expected a key that only its owner signs for, got a point of small order")]
    Weak,
}
