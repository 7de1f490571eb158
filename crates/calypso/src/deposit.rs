//! One payment that arrived at an invoice.

use checkout::{Amount, Timestamp};
use serde::Deserialize;

use crate::wire;

/// A deposit to an invoice (gateway reference §2.12, §2.13).
///
/// The answer's shape is not documented for the current API, so nothing in it is certain to be there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deposit {
    /// The gateway's id of the deposit.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub id: Option<String>,
    /// The gateway's id of the deposit, under the name that deliveries use. Ask [`Deposit::transaction`].
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub transaction_id: Option<String>,
    /// The crypto amount that arrived.
    #[serde(deserialize_with = "wire::number::deserialize")]
    pub amount: Amount,
    /// The crypto currency.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub currency: Option<String>,
    /// The address it came from.
    #[serde(default)]
    pub address_from: Option<String>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// When it was seen.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
}

impl Deposit {
    /// The gateway's id of the deposit, whichever name it came under.
    pub fn transaction(&self) -> Option<&str> {
        self.id.as_deref().or(self.transaction_id.as_deref())
    }
}
