//! Looking after invoices nobody looks at: a buyer may close the page and pay all the same.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::outcome::ReadOutcome;
use super::outcome::{Chosen, Settled};
use super::read::Reader;
use super::shop::Shop;
use super::state::App;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::invoice::Invoice;
use crate::gateway::source::Source;
use crate::limits::turns;
use crate::refusal::Refusal;

/// Gateway calls at the same time, so that buyers' own come through.
const AT_ONCE: usize = 4;
/// Invoices taken from the store at a time.
const PAGE: usize = 200;
/// Attempts without an answer looked up in one round.
const ATTEMPTS: u32 = 200;
/// How many invoices that pages made and nobody has paid yet are read in one round; the next one, which comes sooner then, goes on.
const WAITING: usize = 120;
/// Which part of the pace a round may take with them, and after which the next one comes when not all had their turn. The last tenth of the
/// pace is where an invoice is due, so one that is first in the next round is read as soon as if it were alone.
const PART: u32 = 10;
/// Failures in a row after which a round gives up: the gateway is down.
pub(crate) const GIVE_UP: u32 = 5;
/// The longest pause between rounds while the gateway is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// An attempt younger than this is still being made by somebody.
const SETTLE_AFTER_MILLIS: i64 = 60 * 1000;

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
            deliveries: self.deliveries + other.deliveries,
            is_cut: self.is_cut || other.is_cut,
        }
    }
}

/// Where a round stands.
#[derive(Default)]
struct Pass {
    round: Round,
    failures_in_a_row: u32,
}

impl Pass {
    fn note(&mut self, is_read: bool) {
        if is_read {
            self.round.read += 1;
            self.failures_in_a_row = 0;
        } else {
            self.round.failed += 1;
            self.failures_in_a_row += 1;
        }
    }
}

impl App {
    /// Rounds until `shutdown`: of each shop's invoices, and beside them of its customers and of all deliveries, so that a crowd of the
    /// ones never keeps the others waiting, and no shop another one, whatever its gateway does.
    pub(crate) async fn watch(self: Arc<Self>, shutdown: CancellationToken) {
        let mut rounds = JoinSet::new();
        for shop in self.shops.iter() {
            let invoices = Arc::clone(&self).watch_invoices(Arc::clone(shop), shutdown.clone());
            rounds.spawn(invoices);
            let customers = Arc::clone(&self).watch_customers(Arc::clone(shop), shutdown.clone());
            rounds.spawn(customers);
        }
        rounds.spawn(Arc::clone(&self).watch_deliveries(shutdown.clone()));
        rounds.spawn(Arc::clone(&self).keep_tidy(shutdown));
        while let Some(ended) = rounds.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of the watcher has ended; start this proxy again");
            }
        }
    }

    /// Tidies up at the pace of the rounds, until `shutdown`.
    async fn keep_tidy(self: Arc<Self>, shutdown: CancellationToken) {
        loop {
            if let Err(error) = self.tidy_up(self.clock.now()).await {
                tracing::error!(%error, "what is not needed any more could not be deleted");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(self.config.paces.watch) => {}
            }
        }
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

    /// One round of deliveries; then one of each shop's invoices and one of its customers, all shops at the same time.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    pub(crate) async fn watch_once(self: &Arc<Self>) -> Result<Round, Refusal> {
        let deliveries = self.work_off_deliveries().await?;
        let mut rounds = JoinSet::new();
        for shop in self.shops.iter() {
            let (app, shop) = (Arc::clone(self), Arc::clone(shop));
            rounds.spawn(async move {
                let invoices = app.watch_invoices_once(&shop).await?;
                let customers = app.watch_customers_once(&shop).await?;
                Ok(invoices.and(customers))
            });
        }
        let rounds: Result<Vec<Round>, Refusal> = rounds.join_all().await.into_iter().collect();
        let before = Round {
            deliveries,
            ..Round::default()
        };
        let round = rounds?.into_iter().fold(before, Round::and);
        self.tidy_up(self.clock.now()).await?;
        Ok(round)
    }

    /// One round of a shop: every attempt without an answer, every invoice that money is expected on and that was not read within the watcher's
    /// pace; and of those that pages made, as many as have their turn.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    async fn watch_invoices_once(self: &Arc<Self>, shop: &Shop) -> Result<Round, Refusal> {
        let now = self.clock.now();
        let mut pass = Pass::default();
        self.settle_attempts(shop, &mut pass.round).await?;
        let order = self.store.watch_order(shop.id().clone(), now).await?;
        self.read_due(&order.expected, None, &mut pass).await?;
        if pass.failures_in_a_row < GIVE_UP {
            let waiting = turns::in_turn(order.waiting, |key| self.freshness.last_read(key));
            self.read_due(&waiting, Some(WAITING), &mut pass).await?;
        }
        Ok(pass.round)
    }

    /// Reads those invoices that are due, in their order: `most` of them, in a part of the pace; all of them without a number.
    async fn read_due(
        self: &Arc<Self>,
        keys: &[Uuid],
        most: Option<usize>,
        pass: &mut Pass,
    ) -> Result<(), Refusal> {
        let begun = self.clock.monotonic();
        let mut made = 0;
        for page in keys.chunks(PAGE) {
            let page = self.store.invoices(page.to_vec()).await?;
            let (due, fresh): (Vec<_>, Vec<_>) =
                page.into_iter().partition(|invoice| self.is_due(invoice));
            pass.round.read += u32::try_from(fresh.len()).unwrap_or(u32::MAX);
            for group in due.chunks(AT_ONCE) {
                let passed = self.clock.monotonic().saturating_sub(begun);
                let is_late = passed >= self.config.paces.watch / PART;
                if most.is_some_and(|most| is_late || made >= most) {
                    pass.round.is_cut = true;
                    return Ok(());
                }
                made += group.len();
                for outcome in self.read_group(group).await {
                    pass.note(outcome.is_read());
                }
                if pass.failures_in_a_row >= GIVE_UP {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether the watcher has to read an invoice. What somebody else is reading just now it need not, and waits for nobody's turn.
    fn is_due(&self, invoice: &Invoice) -> bool {
        let pace = self.pace(invoice);
        self.freshness
            .is_due(invoice.key, pace, &invoice.deadlines(), &*self.clock)
            && !self.reads.is_running(&invoice.key)
    }

    /// A little less than the pace, so that a round that starts on time finds everything due.
    fn pace(&self, invoice: &Invoice) -> Duration {
        self.config.paces.watch * 9 / 10 * invoice.patience(self.clock.now())
    }

    async fn read_group(self: &Arc<Self>, group: &[Invoice]) -> Vec<ReadOutcome> {
        let mut readings = JoinSet::new();
        for invoice in group {
            let (app, invoice) = (Arc::clone(self), invoice.clone());
            let pace = self.pace(&invoice);
            readings.spawn(async move {
                app.read(invoice, pace, Reader::without_place(Source::Watcher))
                    .await
            });
        }
        readings.join_all().await
    }

    async fn settle_attempts(
        self: &Arc<Self>,
        shop: &Shop,
        round: &mut Round,
    ) -> Result<(), Refusal> {
        let started = self.store.started_attempts(shop.id().clone(), ATTEMPTS);
        for attempt in started.await? {
            let age = self.clock.now().millis_since(attempt.started_at);
            let pause = self.config.paces.watch;
            if age < SETTLE_AFTER_MILLIS
                || !self.freshness.is_due(attempt.key, pause, &[], &*self.clock)
            {
                continue;
            }
            match self.settle_in_turn(&attempt).await {
                Some(Ok(Settled::Found | Settled::GivenUp)) => round.settled += 1,
                Some(Ok(Settled::Open)) => self.freshness.failed(attempt.key, &*self.clock),
                Some(Err(refusal)) => {
                    self.freshness.failed(attempt.key, &*self.clock);
                    tracing::warn!(checkout = attempt.checkout_id.short(), invoice = %attempt.key, code = refusal.code.as_str(), cause = refusal.cause, "an attempt without an answer stays open");
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Settles an attempt in the flight of the buyer's own choice, so that the two never ask at the same time. `None` when such a choice
    /// was under way, and has made or found the invoice, or when the work panicked.
    async fn settle_in_turn(
        self: &Arc<Self>,
        attempt: &InvoiceAttempt,
    ) -> Option<Result<Settled, Refusal>> {
        let (send, settled) = oneshot::channel();
        let (app, asked) = (Arc::clone(self), attempt.clone());
        let key = (attempt.checkout_id, attempt.currency.code);
        let flight = self.choosing.run(key, || async move {
            // Whoever asked may have gone away; the attempt is settled all the same.
            drop(send.send(app.settle(&asked).await));
            Ok(Chosen::Settled)
        });
        flight.await?.ok()?;
        settled.await.ok()
    }
}
