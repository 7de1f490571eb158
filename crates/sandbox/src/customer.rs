//! Customers of a merchant, and the purses they pay into: permanent addresses (gateway reference §2.20, §3.7).

use checkout::{Currency, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::index::{CustomerIndex, DepositIndex, PurseIndex};
use crate::stored;

/// A customer of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) id: Uuid,
    pub(crate) email: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) purses: Vec<PurseIndex>,
}

/// An address of a customer, for every currency of the networks on which it is one account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Purse {
    pub(crate) id: Uuid,
    pub(crate) customer: CustomerIndex,
    pub(crate) address: String,
    /// The currency it was first asked for.
    #[serde(with = "stored::currency")]
    pub(crate) currency: &'static Currency,
    pub(crate) deposits: Vec<DepositIndex>,
    pub(crate) created: Timestamp,
    pub(crate) last_deposit: Option<Timestamp>,
    pub(crate) archived: bool,
}

const DAY_SECONDS: i64 = 24 * 60 * 60;

impl Purse {
    /// Whether its address is the customer's for `currency` too.
    pub(crate) fn takes(&self, currency: &Currency) -> bool {
        self.currency
            .network()
            .shares_accounts_with(currency.network())
    }

    /// When the address stops being watched: 30 days after it was made if nothing came, 365 days after the last
    /// confirmed deposit otherwise (gateway reference §7.3).
    pub(crate) fn watched_until(&self) -> Timestamp {
        match self.last_deposit {
            Some(last) => last.plus_seconds(365 * DAY_SECONDS),
            None => self.created.plus_seconds(30 * DAY_SECONDS),
        }
    }
}
