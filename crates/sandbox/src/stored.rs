//! How things that serde does not know by itself are written to a file: currencies and fiat by their codes.

use std::collections::BTreeMap;

use checkout::{Amount, Currency, Fiat};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The code of a fiat currency of the table. (An alias, because serde would borrow a `&str` from the file.)
pub(crate) type FiatCode = &'static str;

fn find<E: Error>(code: &str) -> Result<&'static Currency, E> {
    Currency::find(code).ok_or_else(|| E::custom(format_args!("expected a currency, got {code:?}")))
}

/// A currency, by its code.
pub(crate) mod currency {
    use super::{Currency, Deserialize, Deserializer, Serializer, find};

    pub(crate) fn serialize<S: Serializer>(
        currency: &&'static Currency,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(currency.code)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<&'static Currency, D::Error> {
        find(&String::deserialize(from)?)
    }
}

/// A list of currencies, by their codes.
pub(crate) mod currencies {
    use super::{Currency, Deserialize, Deserializer, Serializer, find};

    pub(crate) fn serialize<S: Serializer>(
        list: &[&'static Currency],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(|currency| currency.code))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<&'static Currency>, D::Error> {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|code| find(code))
            .collect()
    }
}

/// A fiat currency, by its code.
pub(crate) mod fiat {
    use super::{Deserialize, Deserializer, Error, Fiat, FiatCode, Serializer};

    pub(crate) fn serialize<S: Serializer>(code: &FiatCode, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(code)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<FiatCode, D::Error> {
        let code = String::deserialize(from)?;
        let fiat = Fiat::find(&code);
        Ok(fiat
            .ok_or_else(|| {
                D::Error::custom(format_args!("expected a fiat currency, got {code:?}"))
            })?
            .code)
    }
}

/// The secret of a subscription. It signs play money's events and is shown by the list call as well.
pub(crate) mod secret {
    use secrecy::{ExposeSecret, SecretString};

    use super::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        secret: &SecretString,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose_secret())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<SecretString, D::Error> {
        Ok(String::deserialize(from)?.into())
    }
}

/// Fixed rates: a list, because keys of JSON objects cannot be pairs.
pub(crate) mod rates {
    use super::{Amount, BTreeMap, Deserialize, Deserializer, Serialize, Serializer};

    type Fixed = BTreeMap<(String, String), Amount>;

    pub(crate) fn serialize<S: Serializer>(fixed: &Fixed, to: S) -> Result<S::Ok, S::Error> {
        fixed.iter().collect::<Vec<_>>().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Fixed, D::Error> {
        Ok(Vec::<((String, String), Amount)>::deserialize(from)?
            .into_iter()
            .collect())
    }
}
