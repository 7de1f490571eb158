//! One deposit: money on its way to an invoice's address.

use checkout::{Amount, Currency, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::index::{InvoiceIndex, PurseIndex};
use crate::stored;

/// How far a deposit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Seen in the mempool, not yet in a block.
    Mempool,
    /// In a block; the money counts.
    Confirmed,
    /// Gone from the mempool without ever being in a block.
    Dropped,
    /// Held by compliance.
    Review,
    /// Refused by compliance.
    Declined,
}

impl Stage {
    /// Every stage, in the order a deposit may go through them.
    pub const ALL: [Stage; 5] = [
        Stage::Mempool,
        Stage::Review,
        Stage::Confirmed,
        Stage::Dropped,
        Stage::Declined,
    ];

    /// The stage as the control API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mempool => "mempool",
            Self::Confirmed => "confirmed",
            Self::Dropped => "dropped",
            Self::Review => "review",
            Self::Declined => "declined",
        }
    }

    /// Whether a deposit of this stage can move on to `next`. Confirmed, dropped and declined are final.
    pub fn leads_to(self, next: Stage) -> bool {
        match self {
            Self::Mempool => next != Self::Mempool,
            Self::Review => matches!(next, Self::Confirmed | Self::Declined),
            Self::Confirmed | Self::Dropped | Self::Declined => false,
        }
    }
}

/// Who an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Recipient {
    Invoice(InvoiceIndex),
    Purse(PurseIndex),
}

/// A deposit of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Deposit {
    pub(crate) id: Uuid,
    pub(crate) to: Recipient,
    #[serde(with = "stored::currency")]
    pub(crate) currency: &'static Currency,
    pub(crate) amount: Amount,
    pub(crate) from: String,
    pub(crate) transaction_hash: String,
    pub(crate) stage: Stage,
    pub(crate) seen: Timestamp,
    /// When the stage last changed.
    pub(crate) moved: Timestamp,
    /// Sent to an address that was no longer watched: nothing follows from it (gateway reference §7.3).
    pub(crate) lost: bool,
    /// What the gateway kept, once the deposit itself was credited. Only invoices without end and purses credit each deposit.
    pub(crate) fee: Option<Amount>,
}

impl Deposit {
    /// Whether its money has been received.
    pub(crate) fn counts(&self) -> bool {
        self.stage == Stage::Confirmed && !self.lost
    }
}
