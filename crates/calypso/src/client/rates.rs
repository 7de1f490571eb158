//! Calls about exchange rates. They carry no account.

use serde::Serialize;

use super::Client;
use super::call::Call;
use crate::rate::{FiatRates, Rates};
use crate::{Error, FiatRate, Rate};

const CRYPTO: Call = Call::post("/api/v1/rate").without_account();
const FIAT: Call = Call::post("/api/v1/rate/fiat").without_account();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pairs<'a> {
    from_currencies: &'a [&'a str],
    to_currencies: &'a [&'a str],
}

#[derive(Serialize)]
struct FiatPairs<'a> {
    from: &'a [&'a str],
    to: &'a [&'a str],
}

impl Client {
    /// The prices of one unit of each first currency in each second one (gateway reference §2.18).
    ///
    /// Pairs the gateway does not know may be missing from the answer. A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::Refused`] with 001 for an unknown currency; network and answer errors as for every call.
    pub async fn rates(&self, from: &[&str], to: &[&str]) -> Result<Vec<Rate>, Error> {
        let pairs = Pairs {
            from_currencies: from,
            to_currencies: to,
        };
        let rates: Rates = self.read(CRYPTO, Some(&pairs)).await?;
        Ok(rates.currency_rates)
    }

    /// The prices of one unit of each first fiat currency in each second one (gateway reference §2.18).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// As for [`Client::rates`].
    pub async fn fiat_rates(&self, from: &[&str], to: &[&str]) -> Result<Vec<FiatRate>, Error> {
        let rates: FiatRates = self.read(FIAT, Some(&FiatPairs { from, to })).await?;
        Ok(rates.into_list())
    }
}
