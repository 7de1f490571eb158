//! Values that have one spelling.

use super::error::FactsError;
use super::spelling::{Reader, Writer, write_string};
use crate::amount::Amount;
use crate::timestamp::Timestamp;

/// A value that has one spelling.
pub(super) trait Spelled: Sized {
    /// Writes that spelling.
    fn write(&self, text: &mut String);

    /// Reads it, and no other.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// Adds it to an object.
    fn put(&self, object: &mut Writer, name: &str) {
        object.member(name, |text| self.write(text));
    }

    /// Reads it as the next member of an object.
    fn take(reader: &mut Reader<'_>, name: &'static str) -> Result<Self, FactsError> {
        reader.member(name, Self::read)
    }
}

impl Spelled for String {
    fn write(&self, text: &mut String) {
        write_string(self, text);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.string()
    }
}

impl<T: Spelled> Spelled for Option<T> {
    fn write(&self, text: &mut String) {
        match self {
            Some(value) => value.write(text),
            None => text.push_str("null"),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.takes("null") {
            return Some(None);
        }
        T::read(reader).map(Some)
    }
}

impl<T: Spelled> Spelled for Vec<T> {
    fn write(&self, text: &mut String) {
        text.push('[');
        for (place, value) in self.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            value.write(text);
        }
        text.push(']');
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut values = Vec::new();
        if !reader.takes("[") {
            return None;
        }
        if reader.takes("]") {
            return Some(values);
        }
        loop {
            values.push(T::read(reader)?);
            if reader.takes("]") {
                return Some(values);
            }
            if !reader.takes(",") {
                return None;
            }
        }
    }
}

/// An amount without superfluous zeros: `27.5` and not `27.50`, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountText(String);

impl AmountText {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Amount> for AmountText {
    fn from(amount: Amount) -> Self {
        Self(amount.normalized().digits())
    }
}

impl Spelled for AmountText {
    fn write(&self, text: &mut String) {
        write_string(&self.0, text);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.string()?;
        // What ends in a point is refused by the grammar.
        let is_short = !text.contains('.') || !text.ends_with('0');
        (is_short && Amount::parse(&text).is_ok()).then_some(Self(text))
    }
}

/// A moment in UTC with milliseconds only where there are some: `2026-11-21T08:25:00Z`, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentText(String);

impl MomentText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Timestamp> for MomentText {
    fn from(moment: Timestamp) -> Self {
        Self(moment.to_string())
    }
}

impl Spelled for MomentText {
    fn write(&self, text: &mut String) {
        write_string(&self.0, text);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        const WHOLE: usize = "2026-11-21T08:25:00Z".len();
        const WITH_MILLIS: usize = WHOLE + ".000".len();
        let text = reader.string()?;
        let is_short =
            text.len() == WHOLE || (text.len() == WITH_MILLIS && !text.ends_with(".000Z"));
        (is_short && Timestamp::parse(&text).is_ok()).then_some(Self(text))
    }
}
