//! What a checkout without a price shows: an address that takes any amount, and what has arrived there.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Amount, Timestamp};

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

/// How far a deposit has come. On the wire a lower-case word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DepositState {
    /// Seen, not confirmed; it may still disappear.
    Detected,
    /// Under compliance review.
    Reviewing,
    /// Suspended by compliance.
    Declined,
    /// Arrived. Only this one counts as received, and nothing leads back from it.
    Confirmed,
}

/// A word that is no state of a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected detected, reviewing, declined or confirmed, got another word")]
pub struct UnknownDepositState;

impl DepositState {
    /// Every state.
    pub const ALL: [DepositState; 4] = [
        DepositState::Detected,
        DepositState::Reviewing,
        DepositState::Declined,
        DepositState::Confirmed,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DepositState::Detected => "detected",
            DepositState::Reviewing => "reviewing",
            DepositState::Declined => "declined",
            DepositState::Confirmed => "confirmed",
        }
    }
}

impl fmt::Display for DepositState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DepositState {
    type Err = UnknownDepositState;

    fn from_str(word: &str) -> Result<Self, UnknownDepositState> {
        DepositState::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(UnknownDepositState)
    }
}
