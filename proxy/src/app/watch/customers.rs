//! Looking after customers' addresses nobody looks at: they are permanent, so they are read for ever, at a pace that falls.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::outcome::ReadOutcome;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::app::watch::{GIVE_UP, LEASE_SECONDS, Round, every};
use crate::checkouts::customer::WatchedCustomer;
use crate::checkouts::customer_pace::{YOUNGEST_PACE_SECONDS, next_turn};
use crate::checkouts::key;
use crate::checkouts::visits::Learning;
use crate::gateway::source::Source;
use crate::refusal::Refusal;

/// When one is tried again that could not be read.
const RETRY_SECONDS: i64 = 5 * 60;

/// When one has its turn again that the gateway may not be asked about now.
const NOT_NOW_SECONDS: i64 = 60;
/// The shortest time between two readings while webhooks tell of deposits.
const TOLD_SECONDS: i64 = 30 * 60;

/// Customers that have their turn in one round. More wait for the next, the longest overdue first. With a round every 30 seconds
/// 115 000 a day have their turn.
const A_ROUND: u32 = 40;
/// Gateway calls at the same time, so that buyers' own come through.
const AT_ONCE: usize = 2;

impl App {
    /// Rounds of a shop's customers until `shutdown`, the first at once.
    pub(crate) async fn watch_customers(
        self: Arc<Self>,
        shop: Arc<Shop>,
        shutdown: CancellationToken,
    ) {
        every(self.config.paces.watch, &shutdown, || async {
            if let Err(refusal) = self.watch_customers_once(&shop).await {
                tracing::error!(
                    store = %shop.id(),
                    code = refusal.code.as_str(),
                    cause = refusal.cause,
                    "a round of customers failed"
                );
            }
        })
        .await;
    }

    /// One round: at most [`A_ROUND`] customers of a shop whose turn it is. It ends early when the gateway seems to be down.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    pub(crate) async fn watch_customers_once(
        self: &Arc<Self>,
        shop: &Shop,
    ) -> Result<Round, Refusal> {
        let mut round = Round::default();
        let due = self
            .store
            .due_customers(shop.id().clone(), self.clock.now(), A_ROUND)
            .await?;
        let mut failures_in_a_row = 0;
        for group in due.chunks(AT_ONCE) {
            let mut readings = JoinSet::new();
            for customer in group {
                let (app, customer) = (Arc::clone(self), customer.clone());
                readings.spawn(async move { app.give_turn(customer).await });
            }
            for read in readings.join_all().await {
                // Another proxy on this database has taken the turn.
                let Some(read) = read? else { continue };
                match read {
                    ReadOutcome::NotNow => {}
                    ReadOutcome::Failed => {
                        round.failed += 1;
                        failures_in_a_row += 1;
                    }
                    ReadOutcome::Fresh | ReadOutcome::Unchanged | ReadOutcome::Changed => {
                        round.customers += 1;
                        failures_in_a_row = 0;
                    }
                }
            }
            if failures_in_a_row >= GIVE_UP {
                break;
            }
        }
        Ok(round)
    }

    /// Takes the turn of one customer, reads it, and says when the next turn is. `None` when somebody else has taken it.
    async fn give_turn(
        self: &Arc<Self>,
        watched: WatchedCustomer,
    ) -> Result<Option<ReadOutcome>, Refusal> {
        let WatchedCustomer {
            customer,
            gateway_id,
            shown_at,
        } = watched;
        let now = self.clock.now();
        let lease = now.plus_seconds(LEASE_SECONDS);
        if !self.store.claim_turn(customer.clone(), now, lease).await? {
            return Ok(None);
        }
        // A page may have read it a moment ago.
        let pace = Duration::from_secs(YOUNGEST_PACE_SECONDS.unsigned_abs() / 2);
        let read = self
            .read_customer(&customer, &gateway_id, pace, Source::Watcher)
            .await;
        let now = self.clock.now();
        let due_at = if read == ReadOutcome::NotNow {
            now.plus_seconds(NOT_NOW_SECONDS)
        } else if read.is_read() {
            let known = self.store.deposits(vec![key::customer(&customer)]).await?;
            let last_deposit = known.deposits.iter().map(|deposit| deposit.at).max();
            let turn = next_turn(shown_at, last_deposit, now);
            match self.learning(customer.shop()) {
                Learning::ByReading(_) => turn,
                Learning::ByWebhooks => turn.max(now.plus_seconds(TOLD_SECONDS)),
            }
        } else {
            now.plus_seconds(RETRY_SECONDS)
        };
        self.store.put_off_customer(customer, due_at).await?;
        Ok(Some(read))
    }
}
