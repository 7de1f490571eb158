//! Rounds of invoices: each shop has its own, so that a gateway that fails or a crowd of invoices keeps nobody else waiting.

use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::app::outcome::ReadOutcome;
use crate::app::readings::read::Reader;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::app::watch::{GIVE_UP, LEASE_SECONDS, Round};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::visits::Learning;
use crate::gateway::source::Source;
use crate::limits::budget::Urgency;
use crate::limits::turns;
use crate::refusal::Refusal;

/// Gateway calls of a shop at the same time, so that buyers' own come through.
const AT_ONCE: usize = 8;
/// How many invoices money is expected on are read in one round of a shop, and how many that pages made and nobody has paid yet. When not all
/// had their turn, the next round comes sooner.
const EXPECTED: usize = 600;
const WAITING: usize = 120;
/// Which part of the pace a round may take with those that pages made.
const PART: u32 = 10;
/// When one is tried again that could not be read.
const RETRY_SECONDS: i64 = 60;

/// Where a round stands.
#[derive(Default)]
struct Pass {
    round: Round,
    failures_in_a_row: u32,
}

impl Pass {
    fn note(&mut self, outcome: ReadOutcome) {
        match outcome {
            ReadOutcome::Fresh | ReadOutcome::Unchanged | ReadOutcome::Changed => {
                self.round.read += 1;
                self.failures_in_a_row = 0;
            }
            ReadOutcome::Failed => {
                self.round.failed += 1;
                self.failures_in_a_row += 1;
            }
            ReadOutcome::NotNow => self.round.is_cut = true,
        }
    }

    fn is_over(&self) -> bool {
        self.round.is_cut || self.failures_in_a_row >= GIVE_UP
    }
}

impl App {
    /// One round of a shop: every attempt without an answer, and the invoices whose turn it is, as many as the gateway may be asked for.
    ///
    /// # Errors
    /// `store_unavailable`. A gateway that fails is counted, not reported.
    pub(in crate::app) async fn watch_invoices_once(
        self: &Arc<Self>,
        shop: &Arc<Shop>,
    ) -> Result<Round, Refusal> {
        let mut pass = Pass::default();
        pass.round.settled = self.settle_attempts(shop).await?;
        pass.round.missed = self.find_missed(shop.id()).await?;
        let now = self.clock.now();
        let order = self.store.watch_order(shop.id().clone(), now).await?;
        let due = turns::with_the_longest_waiting(&order.expected, |due| due.since);
        let expected: Vec<Uuid> = due.iter().map(|due| due.key).collect();
        self.read_in_turn(shop, &expected, EXPECTED, None, &mut pass)
            .await?;
        if !pass.is_over() {
            let waiting = turns::in_turn(order.waiting, |key| self.freshness.last_read(key));
            let within = self.config.paces.watch / PART;
            self.read_in_turn(shop, &waiting, WAITING, Some(within), &mut pass)
                .await?;
        }
        Ok(pass.round)
    }

    /// Reads those invoices in their order: at most so many, and none begins after a while.
    async fn read_in_turn(
        self: &Arc<Self>,
        shop: &Arc<Shop>,
        keys: &[Uuid],
        most: usize,
        within: Option<Duration>,
        pass: &mut Pass,
    ) -> Result<(), Refusal> {
        let begun = self.clock.monotonic();
        for (number, group) in keys.chunks(AT_ONCE).enumerate() {
            let passed = self.clock.monotonic().saturating_sub(begun);
            let is_late = within.is_some_and(|within| passed >= within);
            if number * AT_ONCE >= most
                || is_late
                || !shop.budget.has(Urgency::Sometime, self.clock.monotonic())
            {
                pass.round.is_cut = true;
                return Ok(());
            }
            self.read_group(shop, group, pass).await?;
            if pass.is_over() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes the turns of a few, reads them, and says when they have their next.
    async fn read_group(
        self: &Arc<Self>,
        shop: &Arc<Shop>,
        group: &[Uuid],
        pass: &mut Pass,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let lease = now.plus_seconds(LEASE_SECONDS);
        // What somebody else is reading just now the watcher need not, and waits for nobody's turn.
        let free = group.iter().filter(|key| !self.reads.is_running(key));
        let free = free.copied().collect();
        let claimed = self.store.claim_invoices(free, now, lease).await?;
        let mut readings = JoinSet::new();
        for invoice in self.store.invoices(claimed.clone()).await? {
            let app = Arc::clone(self);
            readings.spawn(async move {
                let key = invoice.key;
                let pace = app.pace_of_watcher(&invoice);
                let reader = Reader::without_place(Source::Watcher);
                (key, app.read(invoice, pace, reader).await)
            });
        }
        let outcomes = readings.join_all().await;
        // What was read may have moved them, and with that their next turns.
        let invoices = self.store.invoices(claimed).await?;
        let learning = self.learning(shop.id());
        let mut turns = Vec::with_capacity(outcomes.len());
        for (key, outcome) in outcomes {
            pass.note(outcome);
            let due_at = match outcome {
                // It comes first among those that have waited longest.
                ReadOutcome::NotNow => Timestamp::from_millis(0),
                ReadOutcome::Failed => self.clock.now().plus_seconds(RETRY_SECONDS),
                ReadOutcome::Fresh | ReadOutcome::Unchanged | ReadOutcome::Changed => {
                    let invoice = invoices.iter().find(|invoice| invoice.key == key);
                    let Some(invoice) = invoice else { continue };
                    invoice.next_visit(self.read_at(key), learning)
                }
            };
            turns.push((key, due_at));
        }
        Ok(self.store.put_off_invoices(turns).await?)
    }

    /// How old a reading may be that spares the watcher its own. It comes when that time has passed, or a moment sooner.
    fn pace_of_watcher(&self, invoice: &Invoice) -> Duration {
        let gap = invoice.gap(self.clock.now(), self.learning(&invoice.shop));
        gap.saturating_sub(Duration::from_secs(1))
    }

    /// When an invoice was read last, on the civil clock.
    fn read_at(&self, key: Uuid) -> Timestamp {
        let now = self.clock.now();
        let Some(last) = self.freshness.last_read(key) else {
            return now;
        };
        let ago = self.clock.monotonic().saturating_sub(last);
        now.plus_millis(-i64::try_from(ago.as_millis()).unwrap_or(0))
    }

    /// How a shop learns what happens to its invoices.
    pub(in crate::app) fn learning(&self, shop: &ShopId) -> Learning {
        if self.telling.is_on(shop, self.clock.now()) {
            Learning::ByWebhooks
        } else {
            // A little less than the pace, so that a round that starts on time finds everything due.
            Learning::ByReading(self.config.paces.watch * 9 / 10)
        }
    }
}
