//! Calls about exchange rates. They carry no account.

use serde::Serialize;

use super::Client;
use super::exchange::Call;
use crate::rate::Rates;
use crate::{Error, Rate};

const CRYPTO: Call = Call::post("/api/v1/rate").without_account();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pairs<'a> {
    from_currencies: &'a [&'a str],
    to_currencies: &'a [&'a str],
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
}
