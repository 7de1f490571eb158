//! Bringing a checkout's invoices up to date before somebody looks at them, without asking the gateway more than needed.

use std::sync::Arc;
use std::time::Duration;

use checkout::Phase;
use tokio::task::JoinSet;

use crate::app::readings::read::Reader;
use crate::app::state::App;
use crate::checkouts::customer::Purse;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::visits::Learning;
use crate::gateway::source::Source;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::request_id::carried;

/// A reading may be this much younger than the pace and still be fresh, so that a page that asks at the pace is never
/// answered from the round before.
const EARLY: Duration = Duration::from_millis(500);
/// How old a reading of a customer's deposits may be while webhooks tell of them.
const PURSES: Duration = Duration::from_secs(450);
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

    /// The checkout as it was stored a moment ago, for what is shown.
    ///
    /// # Errors
    /// `checkout_not_found`, `store_unavailable`.
    pub(crate) async fn kept_checkout(&self, id: CheckoutId) -> Result<Arc<Snapshot>, Refusal> {
        let snapshot = self.store.kept_snapshot(id).await?;
        snapshot.ok_or_else(Refusal::no_checkout)
    }

    /// Has the gateway asked for what of a checkout is not fresh: invoices whose last reading is older than their pace, or who have passed a
    /// deadline since. `false` when nothing was asked: all of it is fresh, or the looker's network has as many readings going on as it may. Waits
    /// for the answers, but not for long.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refresh(
        self: &Arc<Self>,
        snapshot: &Snapshot,
        looker: Looker,
    ) -> Result<bool, Refusal> {
        if !self.is_stale(snapshot) {
            return Ok(false);
        }
        // The reading is held against what is stored, and not against what was kept for showing.
        let snapshot = Arc::new(self.stored(snapshot.checkout.id).await?);
        let mut readings = JoinSet::new();
        // The one that is shown first: there may not be a place for each.
        for invoice in self.stale_invoices(&snapshot).rev() {
            if let Some(place) = self.places.to_read(looker) {
                let (app, invoice) = (Arc::clone(self), invoice.clone());
                let pace = self.pace_of(&snapshot, &invoice);
                let reader = Reader::looker(place, Arc::clone(&snapshot));
                readings.spawn(carried(
                    async move { app.read(invoice, pace, reader).await },
                ));
            }
        }
        if let Some(purse) = self.stale_purse(&snapshot)
            && let Some(place) = self.places.to_read(looker)
        {
            let (app, purse) = (Arc::clone(self), purse.clone());
            let pace = self.pace_of_purses(&snapshot.checkout.shop);
            readings.spawn(carried(
                async move { app.read_purse(purse, pace, place).await },
            ));
        }
        if readings.is_empty() {
            return Ok(false);
        }
        // Dropping the set ends the waiting only: the readings themselves are tasks of their own.
        drop(tokio::time::timeout(PATIENCE, readings.join_all()).await);
        Ok(true)
    }

    fn is_stale(&self, snapshot: &Snapshot) -> bool {
        self.stale_invoices(snapshot).next().is_some() || self.stale_purse(snapshot).is_some()
    }

    fn stale_invoices<'a>(
        &'a self,
        snapshot: &'a Snapshot,
    ) -> impl DoubleEndedIterator<Item = &'a Invoice> {
        let now = self.clock.now();
        snapshot.invoices.iter().filter(move |invoice| {
            let pace = self.pace_of(snapshot, invoice);
            invoice.is_watched(now) && self.is_due(invoice, pace)
        })
    }

    fn stale_purse<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Purse> {
        let pace = self.pace_of_purses(&snapshot.checkout.shop);
        let is_over = snapshot.checkout.is_past_expiry(self.clock.now());
        snapshot.purse.as_ref().filter(|purse| {
            let key = key::purse(&purse.customer, purse.currency);
            !is_over && self.freshness.is_due(key, pace, &[], &*self.clock)
        })
    }

    /// How old a reading of an invoice may be. Those the buyer turned away from are read half as often. While webhooks tell what happens, it is
    /// as old as those may be that nobody looks at.
    fn pace_of(&self, snapshot: &Snapshot, invoice: &Invoice) -> Duration {
        if let Learning::ByWebhooks = self.learning(&invoice.shop) {
            return invoice.gap(self.clock.now(), Learning::ByWebhooks);
        }
        let pace = self.fresh_for(invoice.phase);
        let is_chosen_last = snapshot
            .invoices
            .last()
            .is_some_and(|last| last.key == invoice.key);
        if is_chosen_last { pace } else { pace * 2 }
    }

    /// How old a reading of a customer's deposits may be.
    fn pace_of_purses(&self, shop: &ShopId) -> Duration {
        match self.learning(shop) {
            Learning::ByWebhooks => PURSES,
            Learning::ByReading(_) => self.fresh_for(Phase::Awaiting),
        }
    }

    /// The checkout as it is now, for the merchant, who is told of every deposit to a customer, whatever currency was picked and whether any was.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refresh_for_merchant(
        self: &Arc<Self>,
        mut snapshot: Snapshot,
    ) -> Result<Snapshot, Refusal> {
        let id = snapshot.checkout.id;
        let mut was_asked = false;
        if let Some(customer) = snapshot.checkout.purpose.customer()
            && let Some(gateway_id) = self.store.gateway_customer(customer.clone()).await?
        {
            let pace = self.pace_of_purses(&snapshot.checkout.shop);
            let reading = self.read_customer(customer, &gateway_id, pace, Source::Poll);
            drop(tokio::time::timeout(PATIENCE, reading).await);
            was_asked = true;
        }
        was_asked |= self.refresh(&snapshot, Looker::Counted).await?;
        if was_asked {
            // Somebody else may have changed another part of it meanwhile, too.
            snapshot = self.stored(id).await?;
        }
        Ok(snapshot)
    }

    /// How long a reading of an invoice in this phase is good for.
    fn fresh_for(&self, phase: Phase) -> Duration {
        self.config.paces.of(phase).saturating_sub(EARLY)
    }
}
