//! The id of a checkout, which is also the buyer's key to it.

use std::fmt;

use uuid::Uuid;

use crate::input::printable::printable;

/// A random UUID (version 4, 122 random bits), written in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CheckoutId(Uuid);

/// A text that is no id of a checkout, shortened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a checkout id: expected a UUID in lower case")]
pub(crate) struct CheckoutIdError(String);

impl CheckoutId {
    /// A new id from the operating system's randomness.
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads an id from a path or a row.
    ///
    /// # Errors
    /// [`CheckoutIdError`] unless it is 36 characters of a version 4 UUID in lower case, which is how ids are given out.
    pub(crate) fn parse(text: &str) -> Result<Self, CheckoutIdError> {
        let malformed = || CheckoutIdError(printable(text));
        let uuid = Uuid::try_parse(text).map_err(|_| malformed())?;
        if uuid.get_version_num() != 4 || uuid.hyphenated().to_string() != text {
            return Err(malformed());
        }
        Ok(Self(uuid))
    }

    /// Enough of the id to find it in a log, too little to open the checkout with it.
    pub(crate) fn short(self) -> String {
        let mut text = self.to_string();
        text.truncate(8);
        text
    }
}

impl fmt::Display for CheckoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

#[cfg(test)]
mod tests {
    use super::CheckoutId;

    #[test]
    fn parses_what_it_prints_and_nothing_else() {
        for _ in 0..1000 {
            let id = CheckoutId::random();
            assert_eq!(CheckoutId::parse(&id.to_string()).unwrap(), id);
        }
        for text in [
            "",
            "0d6c3f0e",
            "0D6C3F0E-0000-4000-8000-000000000000",
            "{0d6c3f0e-0000-4000-8000-000000000000}",
            "urn:uuid:0d6c3f0e-0000-4000-8000-000000000000",
            "0d6c3f0e000040008000000000000000",
            "0d6c3f0e-0000-1000-8000-000000000000",
            " 0d6c3f0e-0000-4000-8000-000000000000",
            "0d6c3f0e-0000-4000-8000-00000000000g",
            "../../etc/passwd",
        ] {
            assert!(CheckoutId::parse(text).is_err(), "{text:?}");
        }
    }
}
