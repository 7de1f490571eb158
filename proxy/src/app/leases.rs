//! Leases: of several proxies on one database, one asks the gateway for an invoice, and the others wait for what it is told.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::state::App;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::refusal::Refusal;
use crate::store::{Changed, Claim, Lease};

/// How much longer than a call of the gateway a lease lasts: for what is done with the answer.
const MARGIN: Duration = Duration::from_secs(2);
/// After which pause others look again when they have heard of no change. The end of a lease is no change.
const PACE: Duration = Duration::from_millis(100);
/// How often they look: for as long as a buyer's request waits.
pub(super) const LOOKS: u32 = 250;

impl App {
    /// Takes an attempt, so that no other proxy asks the gateway for it until its answer is stored, or a call that was not repeated has failed: a
    /// proxy that is killed holds the others up for no longer. Whoever asks while a second try is still out asks with the same idempotency
    /// key, and is told of the same invoice.
    pub(super) async fn claim(&self, attempt: &InvoiceAttempt) -> Result<Claim, Refusal> {
        let lease = self.lease(&attempt.shop)?;
        Ok(self.store.claim_attempt(attempt.key, lease).await?)
    }

    /// Takes a customer in the same way.
    pub(super) async fn claim_customer(&self, customer: &CustomerId) -> Result<Claim, Refusal> {
        let lease = self.lease(customer.shop())?;
        Ok(self.store.claim_customer(customer.clone(), lease).await?)
    }

    /// A lease of ours that begins now.
    pub(super) fn lease(&self, shop: &ShopId) -> Result<Lease, Refusal> {
        let length = self.shop(shop)?.config.gateway.timeout + MARGIN;
        let millis = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        let from = self.clock.now();
        Ok(Lease {
            by: self.run,
            from,
            until: from.plus_millis(millis),
        })
    }

    /// Leaves an attempt to whoever asks next. When that cannot be stored, they wait for the end of the lease.
    pub(super) async fn release(&self, attempt: &InvoiceAttempt) {
        if let Err(error) = self.store.release_attempt(attempt.key, self.run).await {
            tracing::debug!(checkout = attempt.checkout_id.short(), %error, "a lease ends by itself");
        }
    }

    /// Leaves a customer to whoever asks next.
    pub(super) async fn release_customer(&self, customer: &CustomerId) {
        let released = self.store.release_customer(customer.clone(), self.run);
        if let Err(error) = released.await {
            tracing::debug!(customer = %key::customer(customer), %error, "a lease ends by itself");
        }
    }
}

/// Waits for a moment, until another proxy may have made a customer. Nobody tells of that.
pub(super) async fn wait_for_customer() {
    tokio::time::sleep(PACE).await;
}

/// Waits until another proxy may have made the invoice of a checkout, or may have stopped trying.
pub(super) async fn wait_for_others(checkout: CheckoutId, changes: &mut Receiver<Changed>) {
    let change = async {
        loop {
            match changes.recv().await {
                Ok(changed) if changed != Changed::Checkout(checkout) => {}
                Err(RecvError::Closed) => std::future::pending().await,
                Ok(_) | Err(RecvError::Lagged(_)) => return,
            }
        }
    };
    // Nothing is lost by a change that is not heard of: it is looked for again.
    drop(tokio::time::timeout(PACE, change).await);
}
