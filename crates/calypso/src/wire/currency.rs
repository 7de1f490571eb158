//! Currencies: sent as names, read as names or as objects with a `name` (gateway reference §2.19).

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a currency name, or an object with the field `name`"
)]
enum NameOrObject {
    Name(String),
    Object { name: String },
}

impl From<NameOrObject> for String {
    fn from(currency: NameOrObject) -> Self {
        match currency {
            NameOrObject::Name(name) | NameOrObject::Object { name } => name,
        }
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    NameOrObject::deserialize(from).map(String::from)
}

/// A currency in a field that may be missing or `null`.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, NameOrObject};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<String>, D::Error> {
        Ok(Option::<NameOrObject>::deserialize(from)?.map(String::from))
    }
}

/// A list of currencies. A missing list or `null` is an empty one.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, NameOrObject};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        let list = Option::<Vec<NameOrObject>>::deserialize(from)?.unwrap_or_default();
        Ok(list.into_iter().map(String::from).collect())
    }
}

/// A currency that older pages of the documentation call a number: a number is read as its text. The field may be missing or `null`.
pub(crate) mod lenient {
    use serde_json::value::RawValue;

    use super::{Deserialize, Deserializer, NameOrObject};
    use crate::wire;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<String>, D::Error> {
        let Some(raw) = Option::<Box<RawValue>>::deserialize(from)? else {
            return Ok(None);
        };
        if raw.get().starts_with('{') {
            let currency: NameOrObject =
                serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
            return Ok(Some(currency.into()));
        }
        wire::id::parse(&raw).map(Some)
    }
}
