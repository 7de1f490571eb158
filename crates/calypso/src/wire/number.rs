//! Amounts as JSON numbers with their exact digits (gateway reference §1.6); no float on the way.

use checkout::Amount;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount from the text of a JSON value: a number, or a number inside a string.
pub(crate) fn parse<E: serde::de::Error>(raw: &RawValue) -> Result<Amount, E> {
    let text = raw.get();
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    Amount::from_json_number(inner).map_err(|error| {
        E::custom(format_args!(
            "expected an amount, got {}: {error}",
            start(text)
        ))
    })
}

/// The first characters of a text, for a message.
pub(crate) fn start(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

pub(crate) fn serialize<S: Serializer>(amount: &Amount, to: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(amount.to_string())
        .map_err(serde::ser::Error::custom)?
        .serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Amount, D::Error> {
    parse(&Box::<RawValue>::deserialize(from)?)
}

/// An amount in a field that may be missing or `null`.
pub(crate) mod optional {
    use super::{Amount, Deserialize, Deserializer, RawValue};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Amount>, D::Error> {
        Option::<Box<RawValue>>::deserialize(from)?
            .map(|raw| super::parse(&raw))
            .transpose()
    }
}

/// An amount where no field attribute can stand, such as in a map.
#[derive(Deserialize)]
pub(crate) struct Number(#[serde(deserialize_with = "deserialize")] pub(crate) Amount);
