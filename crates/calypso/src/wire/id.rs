//! Identifiers: a string or an integer on the wire, a text here (gateway reference §1.6, §5.4).

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// An identifier from the text of a JSON value.
pub(crate) fn parse<E: Error>(raw: &RawValue) -> Result<String, E> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_err(E::custom),
        // A number keeps its digits, however many there are.
        Some(b'0'..=b'9' | b'-') => Ok(text.to_owned()),
        _ => Err(E::invalid_type(
            Unexpected::Other("neither"),
            &"a string or a number",
        )),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    parse(&Box::<RawValue>::deserialize(from)?)
}

/// An identifier in a field that may be missing or `null`.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, RawValue};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<String>, D::Error> {
        Option::<Box<RawValue>>::deserialize(from)?
            .map(|raw| super::parse(&raw))
            .transpose()
    }
}
