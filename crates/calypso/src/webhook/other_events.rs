//! What events about customers' addresses, payouts and top-ups of the merchant's account say.

use checkout::{Amount, Timestamp};
use serde::Deserialize;

use super::FiatAmounts;
use crate::wire;

/// The data of an event about a customer's deposit address (gateway reference §5.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PurseEvent {
    /// The gateway's id of the customer.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub customer_id: Option<String>,
    /// Whether the customer is blocked.
    #[serde(default)]
    pub customer_blocked: Option<bool>,
    /// The gateway's id of the purse.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub purse_id: Option<String>,
    /// The deposit address.
    #[serde(default)]
    pub address: Option<String>,
    /// The crypto currency; older pages call it a number.
    #[serde(default, deserialize_with = "wire::currency::lenient::deserialize")]
    pub currency: Option<String>,
    /// The deposit's id at the gateway.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub transaction_id: Option<String>,
    /// The crypto amount.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
}

/// The data of an event about a payout (gateway reference §5.7; only these fields are known).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutEvent {
    /// The gateway's id of the payout.
    #[serde(
        default,
        rename = "parentExternalId",
        deserialize_with = "wire::id::optional::deserialize"
    )]
    pub payout_id: Option<String>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub hash: Option<String>,
    /// The payout's status, as the gateway writes it.
    #[serde(default)]
    pub payout_status: Option<String>,
}

/// The data of an event about a top-up of the merchant's own account (gateway reference §5.7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TopUpEvent {
    /// The crypto amount.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
    /// The crypto currency.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub currency: Option<String>,
    /// The address it came from.
    #[serde(default)]
    pub sender_address: Option<String>,
    /// When it was paid.
    #[serde(
        default,
        rename = "paymentDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub paid: Option<Timestamp>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// Its value in fiat. Do not account with it.
    #[serde(default)]
    pub fiat_amount: Option<FiatAmounts>,
}
