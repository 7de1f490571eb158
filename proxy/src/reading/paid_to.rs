//! What a deposit was paid to.

use uuid::Uuid;

use crate::checkouts::id::CheckoutId;

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
