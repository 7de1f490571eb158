//! Leases: of several proxies on one database, which one asks the gateway for something.

use async_trait::async_trait;
use checkout::Timestamp;
use uuid::Uuid;

use super::error::StoreError;
use crate::checkouts::customer::CustomerId;

/// A proxy's word that it asks the gateway for something, and that others leave that to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lease {
    /// A name that each run of a proxy has for itself.
    pub(crate) by: Uuid,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Lease {
    /// How far off the end of another's lease may be. One that ends later was written by a clock that is wrong, and counts as ended: nobody
    /// would take over otherwise from a proxy that is gone.
    pub(crate) fn latest(&self) -> Timestamp {
        let length = self.until.millis_since(self.from);
        Timestamp::from_millis(self.until.millis().saturating_add(length))
    }
}

/// Whether an attempt is ours to ask the gateway for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is, until the lease ends.
    Ours,
    /// Another proxy asks.
    Others {
        /// When it has to have ended.
        until: Timestamp,
    },
    /// There is nothing to ask: the attempt is settled, or gone.
    Settled,
}

impl Claim {
    /// Of what could not be taken: when the lease ends that is stored with it. None is stored where there is nothing to ask.
    pub(super) fn refused(until: Option<Timestamp>) -> Self {
        until.map_or(Self::Settled, |until| Self::Others { until })
    }
}

/// Leases of attempts and of customers. Of several proxies that ask for one at once, one gets it.
#[async_trait]
pub(crate) trait Leases: Send + Sync {
    /// Takes an attempt for the time of a lease, unless it is settled or another's lease of it runs. A lease of ours is made longer.
    async fn claim_attempt(&self, key: Uuid, lease: Lease) -> Result<Claim, StoreError>;

    /// Ends the lease that this proxy has of an attempt, so that others need not wait for its end.
    async fn release_attempt(&self, key: Uuid, by: Uuid) -> Result<(), StoreError>;

    /// Takes a customer for the time of a lease, as [`Leases::claim_attempt`] takes an attempt. Settled is one whose gateway id is kept.
    async fn claim_customer(&self, customer: CustomerId, lease: Lease)
    -> Result<Claim, StoreError>;

    /// Ends the lease that this proxy has of a customer.
    async fn release_customer(&self, customer: CustomerId, by: Uuid) -> Result<(), StoreError>;
}
