//! The name of one of the shops that a proxy serves. Every checkout, customer and deposit belongs to one.

use std::fmt;
use std::sync::Arc;

use crate::input::redacted;

/// How many characters a name may have.
const LONGEST: usize = 32;

/// A shop's name: 1 to 32 of `a-z 0-9 -`, beginning and ending with a letter or a digit.
///
/// The configuration calls shops `[[stores]]`. In the code a store is the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShopId(Arc<str>);

/// A text that is no shop's name, shortened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a store's name: expected 1 to 32 of a-z 0-9 and -, beginning and ending with a letter or a digit"
)]
pub struct ShopIdError(String);

impl ShopId {
    /// The name of the one shop of a configuration that names none, and of everything that was stored before shops had names.
    pub const DEFAULT: &str = "default";

    /// Reads a name from the configuration or a row.
    ///
    /// # Errors
    /// [`ShopIdError`] unless it has the form above.
    pub fn parse(text: &str) -> Result<Self, ShopIdError> {
        let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_edge = |edge: Option<u8>| edge.is_some_and(is_inside);
        let fits = text.len() <= LONGEST
            && is_edge(text.bytes().next())
            && is_edge(text.bytes().last())
            && text.bytes().all(|byte| is_inside(byte) || byte == b'-');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(ShopIdError(redacted::value(text)))
        }
    }

    /// The name as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the shop that there was before shops had names.
    pub(crate) fn is_default(&self) -> bool {
        &*self.0 == Self::DEFAULT
    }
}

impl Default for ShopId {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ShopId;

    #[test]
    fn names_are_short_and_plain() {
        for text in ["a", "7", "default", "shop-2", "a--b", &"x".repeat(32)] {
            assert_eq!(ShopId::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "-",
            "-a",
            "a-",
            "Shop",
            "a_b",
            "a/b",
            "a b",
            "ä",
            &"x".repeat(33),
        ] {
            assert!(ShopId::parse(text).is_err(), "{text:?}");
        }
        assert!(ShopId::default().is_default());
        assert_eq!(ShopId::parse(ShopId::DEFAULT), Ok(ShopId::default()));
    }
}
