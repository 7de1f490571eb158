//! Why something was asked or changed.

use checkout::words;

use crate::limits::budget::Urgency;

words! {
    /// What brought a reading or a change about. Polls and the watcher have calls of their own, so that neither takes them from the other.
    pub(crate) enum Source expecting "a source such as poll" {
        /// Somebody looks at a checkout.
        Poll = "poll",
        /// It is time to look after what nobody looks at.
        Watcher = "watcher",
        /// The gateway has said that something has changed.
        Delivery = "delivery",
        /// The merchant's server has asked for it.
        Merchant = "merchant",
        /// A buyer's page has asked for it.
        Page = "page",
        /// The books are compared with the gateway.
        Reconcile = "reconcile",
        /// A newer version of this program has found it.
        Upgrade = "upgrade",
    }
}

impl Source {
    /// How soon what it wants to read has to be read.
    pub(crate) fn urgency(self) -> Urgency {
        match self {
            Self::Watcher | Self::Reconcile => Urgency::Sometime,
            _ => Urgency::Now,
        }
    }
}
