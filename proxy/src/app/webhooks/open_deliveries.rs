//! Deliveries that were acknowledged while the gateway could not be read: what they are about is read as soon as it can be, also after a
//! crash.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::shop::Shop;
use crate::app::state::App;
use crate::app::watch::{GIVE_UP, LEASE_SECONDS, every};
use crate::checkouts::delivery::{Delivery, DeliveryOutcome};
use crate::checkouts::shop_id::ShopId;
use crate::input::printable::printable;
use crate::store::StoreError;

/// How often it is looked whether an open delivery has its turn.
const PACE: Duration = Duration::from_secs(5);
/// Open deliveries that have their turn in one round.
const A_ROUND: u32 = 100;
/// How many of them are worked off at the same time.
const AT_ONCE: usize = 4;

impl App {
    /// Works a shop's open deliveries off until `shutdown`, the first time at once.
    pub(crate) async fn watch_deliveries(
        self: Arc<Self>,
        shop: Arc<Shop>,
        shutdown: CancellationToken,
    ) {
        every(PACE, &shutdown, || async {
            if let Err(error) = self.work_off_deliveries(shop.id()).await {
                tracing::error!(store = %shop.id(), %error, "open deliveries could not be worked off");
            }
        })
        .await;
    }

    /// Reads what a shop's open deliveries are about, a few at a time; those about one thing share its reading. Answers with how many of them
    /// are settled now.
    ///
    /// # Errors
    /// When the store refuses. A gateway that fails puts them off.
    pub(crate) async fn work_off_deliveries(
        self: &Arc<Self>,
        shop: &ShopId,
    ) -> Result<u32, StoreError> {
        let (mut settled, mut failures_in_a_row) = (0, 0);
        let now = self.clock.now();
        let due = self
            .store
            .due_deliveries(shop.clone(), now, A_ROUND)
            .await?;
        for group in due.chunks(AT_ONCE) {
            let mut readings = JoinSet::new();
            for open in group {
                let (app, open) = (Arc::clone(self), open.clone());
                readings.spawn(async move { app.work_off(open).await });
            }
            for outcome in readings.join_all().await {
                match outcome? {
                    Some(DeliveryOutcome::Open | DeliveryOutcome::GivenUp) => {
                        failures_in_a_row += 1;
                    }
                    Some(_) => (settled, failures_in_a_row) = (settled + 1, 0),
                    None => {}
                }
            }
            if failures_in_a_row >= GIVE_UP {
                break;
            }
        }
        Ok(settled)
    }

    /// Takes the turn of an open delivery, reads what it is about, and says what became of it. `None` when another proxy on this database has
    /// taken it; when that one stops in the middle, it is due again after [`LEASE_SECONDS`].
    async fn work_off(
        self: &Arc<Self>,
        open: Delivery,
    ) -> Result<Option<DeliveryOutcome>, StoreError> {
        let now = self.clock.now();
        let lease = now.plus_seconds(LEASE_SECONDS);
        let name = &open.name;
        if !self.store.claim_delivery(name.clone(), now, lease).await? {
            return Ok(None);
        }
        let outcome = self.looked_into(&name.shop, &open.subject).await?;
        if outcome != DeliveryOutcome::Open {
            self.store.settle_delivery(name.clone(), outcome).await?;
            return Ok(Some(outcome));
        }
        if let Some(due_at) = open.next_try(self.clock.now()) {
            self.store.put_off_delivery(name.clone(), due_at).await?;
            return Ok(Some(outcome));
        }
        tracing::error!(
            event = printable(&name.event),
            kind = printable(&open.kind),
            "what a webhook was about could not be read for a week"
        );
        let outcome = DeliveryOutcome::GivenUp;
        self.store.settle_delivery(name.clone(), outcome).await?;
        Ok(Some(outcome))
    }
}
