//! What a checkout without a price shows: an address that takes any amount, and what has arrived there.

use serde::{Deserialize, Serialize};

use crate::{Amount, Timestamp, words};

/// An address that takes any amount, any number of times, and everything that was paid to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivingView {
    /// The gateway's code of the currency to send.
    pub currency: String,
    /// Where to send it. Shown only while the checkout is awaiting; `null` once it has expired.
    pub address: Option<String>,
    /// What the QR code says: the address, without an amount; `null` with the address.
    pub uri: Option<String>,
    /// The exact sum of the deposits that count, those that are [`DepositState::Confirmed`].
    pub received: Amount,
    /// Every deposit, each once, the oldest first.
    pub deposits: Vec<DepositView>,
}

/// One deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositView {
    /// How much it is.
    pub amount: Amount,
    /// The gateway's code of its currency.
    pub currency: String,
    /// The hash of its transaction on the blockchain; `null` if the gateway names none.
    pub transaction: Option<String>,
    /// When it was seen.
    pub at: Timestamp,
    /// How far it has come.
    pub state: DepositState,
}

words! {
    /// How far a deposit has come. On the wire a lower-case word.
    pub enum DepositState expecting "detected, reviewing, declined or confirmed" {
        /// Seen, not confirmed; it may still disappear.
        Detected = "detected",
        /// Under compliance review.
        Reviewing = "reviewing",
        /// Suspended by compliance.
        Declined = "declined",
        /// Arrived. Only this one counts as received, and nothing leads back from it.
        Confirmed = "confirmed",
    }
}
