//! What the gateway has listed as paid to an invoice or a customer, ready to be taken in.

use checkout::Timestamp;
use uuid::Uuid;

use super::deposits::Listed;
use super::merge::{DepositChanges, merge};
use crate::checkouts::deposit::Known;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;

/// What a deposit was paid to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaidTo {
    /// An invoice of a checkout.
    Invoice {
        /// The invoice's key.
        key: Uuid,
        checkout: CheckoutId,
    },
    /// A customer, by their key.
    Customer(Uuid),
}

impl PaidTo {
    /// The key under which its deposits are kept.
    pub(crate) fn key(self) -> Uuid {
        match self {
            Self::Invoice { key, .. } | Self::Customer(key) => key,
        }
    }
}

/// One list of the gateway.
#[derive(Debug, Clone)]
pub(crate) struct DepositReading {
    /// The shop whose gateway has listed it.
    pub(crate) shop: ShopId,
    pub(crate) paid_to: PaidTo,
    pub(crate) listed: Listed,
    pub(crate) source: Source,
    /// When it was read.
    pub(crate) at: Timestamp,
}

impl DepositReading {
    /// What changes by it, given what is stored. It asks nobody and remembers nothing, so it may be called again, on what is stored by
    /// then.
    pub(crate) fn decide(&self, stored: &Known) -> DepositChanges {
        merge(self.paid_to.key(), stored, &self.listed, self.at)
    }
}
