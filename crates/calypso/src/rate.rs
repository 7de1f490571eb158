//! Exchange rates as the gateway quotes them.

use std::collections::BTreeMap;

use checkout::{Amount, Timestamp};
use serde::Deserialize;

use crate::wire;

/// What one unit of a currency costs in another (gateway reference §2.18).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Rate {
    /// The currency one unit of which is priced.
    #[serde(
        rename = "fromCurrency",
        deserialize_with = "wire::currency::deserialize"
    )]
    pub from: String,
    /// The currency the price is in.
    #[serde(
        rename = "toCurrency",
        deserialize_with = "wire::currency::deserialize"
    )]
    pub to: String,
    /// The price. The wire calls it `rates`, though it is one number.
    #[serde(rename = "rates", deserialize_with = "wire::number::deserialize")]
    pub rate: Amount,
    /// When the price was taken.
    #[serde(
        default,
        rename = "ratesDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub at: Option<Timestamp>,
}

/// The answer to a question for rates.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rates {
    pub(crate) currency_rates: Vec<Rate>,
}

/// What one unit of a fiat currency costs in another (gateway reference §2.18).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FiatRate {
    /// The currency one unit of which is priced.
    pub from: String,
    /// The currency the price is in.
    pub to: String,
    /// The price.
    pub rate: Amount,
}

/// The answer to a question for fiat rates: from, then to (the order is inferred).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FiatRates {
    rates_map: BTreeMap<String, BTreeMap<String, wire::number::Number>>,
}

impl FiatRates {
    pub(crate) fn into_list(self) -> Vec<FiatRate> {
        let pairs = self.rates_map.into_iter().flat_map(|(from, to)| {
            to.into_iter().map(move |(to, rate)| FiatRate {
                from: from.clone(),
                to,
                rate: rate.0,
            })
        });
        pairs.collect()
    }
}
