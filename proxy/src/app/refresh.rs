//! Bringing a checkout's invoices up to date before somebody looks at them, without asking the gateway more than needed.

use std::sync::Arc;
use std::time::Duration;

use checkout::Phase;
use tokio::task::JoinSet;

use super::outcome::ReadOutcome;
use super::read::Reader;
use super::state::App;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::store::has_heard;

/// A reading may be this much younger than the pace and still be fresh, so that a page that asks at the pace is never
/// answered from the round before.
const EARLY: Duration = Duration::from_millis(500);
/// How long a buyer's answer waits for the gateway. The reading goes on after it, for the next answer.
const PATIENCE: Duration = Duration::from_secs(4);

impl App {
    /// The checkout as stored.
    ///
    /// # Errors
    /// `checkout_not_found`, `store_unavailable`.
    pub(crate) async fn stored(&self, id: CheckoutId) -> Result<Snapshot, Refusal> {
        let snapshot = self.store.snapshot(id).await?;
        snapshot.ok_or_else(Refusal::no_checkout)
    }

    /// The checkout as it is now: invoices whose last reading is older than their pace, or who have passed a deadline since, are
    /// read again. When the gateway does not answer, or the looker's network has as many readings going on as it may, what is stored
    /// comes back.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refresh(
        self: &Arc<Self>,
        snapshot: Snapshot,
        looker: Looker,
    ) -> Result<Snapshot, Refusal> {
        let now = self.clock.now();
        let mut changes = self.store.changes().listen();
        let snapshot = Arc::new(snapshot);
        let mut readings = JoinSet::new();
        // The one that is shown first: there may not be a place for each.
        let watched = snapshot.invoices.iter().rev();
        for invoice in watched.filter(|invoice| invoice.is_watched(now)) {
            let pace = self.pace_of(&snapshot, invoice);
            if self
                .freshness
                .is_due(invoice.key, pace, &invoice.deadlines(), &*self.clock)
                && let Some(place) = self.places.to_read(looker)
            {
                let (app, invoice) = (Arc::clone(self), invoice.clone());
                let reader = Reader::looker(place, Arc::clone(&snapshot));
                readings.spawn(async move { app.read(invoice, pace, reader).await });
            }
        }
        if let Some(purse) = &snapshot.purse
            && !snapshot.checkout.is_past_expiry(now)
        {
            let pace = self.fresh_for(Phase::Awaiting);
            let key = key::purse(&purse.customer, purse.currency);
            if self.freshness.is_due(key, pace, &[], &*self.clock)
                && let Some(place) = self.places.to_read(looker)
            {
                let (app, purse) = (Arc::clone(self), purse.clone());
                readings.spawn(async move { app.read_purse(purse, pace, place).await });
            }
        }
        if readings.is_empty() {
            return Ok(Arc::unwrap_or_clone(snapshot));
        }
        // Dropping the set ends the waiting only: the readings themselves are tasks of their own.
        let outcomes = tokio::time::timeout(PATIENCE, readings.join_all()).await;
        let may_have_changed = outcomes.map_or(true, |outcomes| {
            outcomes.into_iter().any(ReadOutcome::may_have_changed)
        });
        let id = snapshot.checkout.id;
        let customer = snapshot.checkout.purpose.customer().map(key::customer);
        // Somebody else may have changed another part of it meanwhile.
        if may_have_changed || has_heard(&mut changes, id, customer) {
            self.stored(id).await
        } else {
            Ok(Arc::unwrap_or_clone(snapshot))
        }
    }

    /// How old a reading of an invoice may be. Those the buyer turned away from are read half as often.
    fn pace_of(&self, snapshot: &Snapshot, invoice: &Invoice) -> Duration {
        let pace = self.fresh_for(invoice.phase);
        let is_chosen_last = snapshot
            .invoices
            .last()
            .is_some_and(|last| last.key == invoice.key);
        if is_chosen_last { pace } else { pace * 2 }
    }

    /// The checkout as it is now, for the merchant, who is told of every deposit to a customer, whatever currency was picked and whether any was.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refresh_for_merchant(
        self: &Arc<Self>,
        mut snapshot: Snapshot,
    ) -> Result<Snapshot, Refusal> {
        if let Some(customer) = snapshot.checkout.purpose.customer()
            && let Some(gateway_id) = self.store.gateway_customer(customer.clone()).await?
        {
            let pace = self.fresh_for(Phase::Awaiting);
            let mut changes = self.store.changes().listen();
            let reading = self.read_customer(customer, &gateway_id, pace, Source::Poll);
            let outcome = tokio::time::timeout(PATIENCE, reading).await;
            let id = snapshot.checkout.id;
            if outcome.map_or(true, ReadOutcome::may_have_changed)
                || has_heard(&mut changes, id, Some(key::customer(customer)))
            {
                snapshot = self.stored(id).await?;
            }
        }
        self.refresh(snapshot, Looker::Counted).await
    }

    /// How long a reading of an invoice in this phase is good for.
    fn fresh_for(&self, phase: Phase) -> Duration {
        self.config.paces.of(phase).saturating_sub(EARLY)
    }
}
