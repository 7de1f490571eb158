//! Looking after what nobody looks at: a buyer may close the page and pay all the same.

mod attempts;
mod customers;
mod invoices;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::shop::Shop;
use super::state::App;
use crate::refusal::Refusal;

/// Which part of the pace the next round waits for when not all had their turn.
const PART: u32 = 10;
/// Failures in a row after which a round gives up: the gateway is down.
pub(crate) const GIVE_UP: u32 = 5;
/// How long a turn is taken for: of an invoice, a customer or an open delivery. Whoever has taken it and stopped in the middle keeps nobody
/// from it for longer.
pub(super) const LEASE_SECONDS: i64 = 2 * 60;
/// The longest pause between rounds while the gateway is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// What one round of looking after did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// Invoices that were read, or had been within the pace.
    pub read: u32,
    /// Customers whose deposits were read, or had been within the pace.
    pub customers: u32,
    /// Invoices and customers that could not be read.
    pub failed: u32,
    /// Open deliveries of webhooks that were settled: what they are about was read after they came.
    pub deliveries: u32,
    /// Changes that were found by reading and that no webhook has told in time.
    pub missed: u32,
    /// Decisions of merchants that were open and are settled now: the gateway was told, and its readings show what came of it.
    pub decisions: u32,
    /// Attempts without an answer that were settled: their invoice was found, or they were given up.
    pub settled: u32,
    /// Whether it ended before all that were due had their turn.
    pub is_cut: bool,
}

impl Round {
    /// What this round and another one did together.
    fn and(self, other: Self) -> Self {
        Self {
            read: self.read + other.read,
            customers: self.customers + other.customers,
            failed: self.failed + other.failed,
            settled: self.settled + other.settled,
            decisions: self.decisions + other.decisions,
            deliveries: self.deliveries + other.deliveries,
            missed: self.missed + other.missed,
            is_cut: self.is_cut || other.is_cut,
        }
    }
}

/// Does a round again and again, the first at once and with the same pause after each, until `shutdown`, which ends also one that is
/// under way.
pub(super) async fn every<F: Future<Output = ()>>(
    pause: Duration,
    shutdown: &CancellationToken,
    round: impl Fn() -> F,
) {
    let rounds = async {
        loop {
            round().await;
            tokio::time::sleep(pause).await;
        }
    };
    shutdown.run_until_cancelled(rounds).await;
}

impl App {
    /// Rounds until `shutdown`: of each shop's invoices, and beside them of its customers, of its open deliveries, of its events and of what its
    /// merchant has decided, so that a crowd of
    /// the ones never keeps the others waiting, and no shop another one, whatever its gateway does.
    pub(crate) async fn watch(self: Arc<Self>, shutdown: CancellationToken) {
        let mut rounds = JoinSet::new();
        for shop in self.shops.iter() {
            let invoices = Arc::clone(&self).watch_invoices(Arc::clone(shop), shutdown.clone());
            rounds.spawn(invoices);
            let customers = Arc::clone(&self).watch_customers(Arc::clone(shop), shutdown.clone());
            rounds.spawn(customers);
            let deliveries = Arc::clone(&self).watch_deliveries(Arc::clone(shop), shutdown.clone());
            rounds.spawn(deliveries);
            let events = Arc::clone(&self).watch_events(Arc::clone(shop), shutdown.clone());
            rounds.spawn(events);
            let decisions = Arc::clone(&self).watch_decisions(Arc::clone(shop), shutdown.clone());
            rounds.spawn(decisions);
        }
        rounds.spawn(Arc::clone(&self).keep_tidy(shutdown));
        while let Some(ended) = rounds.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of the watcher has ended; start this proxy again");
            }
        }
    }

    /// Tidies up at the pace of the rounds, until `shutdown`.
    async fn keep_tidy(self: Arc<Self>, shutdown: CancellationToken) {
        every(self.config.paces.watch, &shutdown, || async {
            if let Err(error) = self.tidy_up(self.clock.now()).await {
                tracing::error!(%error, "what is not needed any more could not be deleted");
            }
        })
        .await;
    }

    /// Rounds of a shop's invoices until `shutdown`, the first at once; each failing round doubles the pause.
    async fn watch_invoices(self: Arc<Self>, shop: Arc<Shop>, shutdown: CancellationToken) {
        let mut pause = self.config.paces.watch;
        loop {
            let begun = self.clock.monotonic();
            let round = tokio::select! {
                () = shutdown.cancelled() => return,
                round = self.watch_invoices_once(&shop) => round,
            };
            match &round {
                Ok(round) if round.failed < GIVE_UP => pause = self.config.paces.watch,
                Ok(round) => {
                    pause = pause
                        .saturating_mul(2)
                        .min(LONGEST_PAUSE.max(self.config.paces.watch));
                    tracing::warn!(
                        store = %shop.id(),
                        failed = round.failed,
                        pause_s = pause.as_secs(),
                        "the gateway does not answer the watcher"
                    );
                }
                Err(refusal) => {
                    pause = pause
                        .saturating_mul(2)
                        .min(LONGEST_PAUSE.max(self.config.paces.watch));
                    tracing::error!(
                        store = %shop.id(),
                        code = refusal.code.as_str(),
                        cause = refusal.cause,
                        pause_s = pause.as_secs(),
                        "a round of the watcher failed"
                    );
                }
            }
            let is_cut = round.is_ok_and(|round| round.is_cut && round.failed < GIVE_UP);
            let wait = if is_cut {
                let taken = self.clock.monotonic().saturating_sub(begun);
                (self.config.paces.watch / PART).saturating_sub(taken)
            } else {
                pause
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// One round of each shop's open deliveries and decisions, then one of its invoices and one of its customers, all shops at the same time.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    pub(crate) async fn watch_once(self: &Arc<Self>) -> Result<Round, Refusal> {
        let mut rounds = JoinSet::new();
        for shop in self.shops.iter() {
            let (app, shop) = (Arc::clone(self), Arc::clone(shop));
            rounds.spawn(async move {
                let deliveries = Round {
                    deliveries: app.work_off_deliveries(shop.id()).await?,
                    decisions: app.carry_decisions_out(shop.id()).await?,
                    ..Round::default()
                };
                let invoices = app.watch_invoices_once(&shop).await?;
                let customers = app.watch_customers_once(&shop).await?;
                Ok(deliveries.and(invoices).and(customers))
            });
        }
        let rounds: Result<Vec<Round>, Refusal> = rounds.join_all().await.into_iter().collect();
        let round = rounds?.into_iter().fold(Round::default(), Round::and);
        self.tidy_up(self.clock.now()).await?;
        Ok(round)
    }
}
