//! Amounts as JSON numbers with exactly their digits (gateway reference §1.6).

use checkout::Amount;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount that is written as a JSON number, digit for digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Amount);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.to_string();
        RawValue::from_string(digits)
            .map_err(serde::ser::Error::custom)?
            .serialize(to)
    }
}
