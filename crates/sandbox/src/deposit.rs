//! One deposit: money on its way to an invoice's address.

use checkout::{Amount, Currency, Timestamp, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::index::{InvoiceIndex, PurseIndex};
use crate::stored;

words! {
    /// How far a deposit has come, in the order a deposit may go through the stages.
    pub enum Stage expecting "a stage such as confirmed" {
        /// Seen in the mempool, not yet in a block.
        Mempool = "mempool",
        /// Held by compliance.
        Review = "review",
        /// In a block; the money counts.
        Confirmed = "confirmed",
        /// Gone from the mempool without ever being in a block.
        Dropped = "dropped",
        /// Refused by compliance.
        Declined = "declined",
    }
}

impl Stage {
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
