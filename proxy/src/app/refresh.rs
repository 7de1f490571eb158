//! Bringing a checkout's invoices up to date before somebody looks at them, without asking the gateway more than needed.

use std::sync::Arc;
use std::time::Duration;

use checkout::{ErrorCode, Phase, Timestamp};
use tokio::task::JoinSet;

use super::apply::ApplyError;
use super::receive::ReceivingError;
use super::state::App;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::Occasion;
use crate::gateway::failure;
use crate::input::shown::shortened;
use crate::limits::places::{Looker, Place};
use crate::refusal::Refusal;

/// A reading may be this much younger than the pace and still be fresh, so that a page that asks at the pace is never
/// answered from the round before.
const EARLY: Duration = Duration::from_millis(500);
/// How many characters of a cause go to the log, whatever texts the gateway has put into it.
const LONGEST_CAUSE: usize = 300;
/// How long a buyer's answer waits for the gateway. The reading goes on after it, for the next answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// For whom an invoice is read.
pub(crate) struct Reader {
    occasion: Occasion,
    place: Option<Place>,
}

impl Reader {
    /// Somebody who looks, and has a place for it.
    pub(crate) fn looker(place: Place) -> Self {
        Self {
            occasion: Occasion::Look,
            place: Some(place),
        }
    }

    /// The watcher.
    pub(crate) fn watcher() -> Self {
        Self {
            occasion: Occasion::Watch,
            place: None,
        }
    }
}

impl App {
    /// The checkout as stored.
    ///
    /// # Errors
    /// `checkout_not_found`, `store_unavailable`.
    pub(crate) async fn stored(&self, id: CheckoutId) -> Result<Snapshot, Refusal> {
        self.store.snapshot(id).await?.ok_or_else(|| {
            Refusal::new(
                ErrorCode::CheckoutNotFound,
                "there is no checkout with this id",
            )
        })
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
        let chosen_last = snapshot.invoices.last().map(|invoice| invoice.key);
        let mut readings = JoinSet::new();
        // The one that is shown first: there may not be a place for each.
        for invoice in snapshot
            .invoices
            .iter()
            .rev()
            .filter(|invoice| invoice.is_watched(now))
        {
            let pace = self.fresh_for(invoice.phase);
            // Those the buyer turned away from are read half as often.
            let pace = if Some(invoice.key) == chosen_last {
                pace
            } else {
                pace * 2
            };
            if self
                .freshness
                .is_due(invoice.key, pace, &deadlines(invoice), &*self.clock)
                && let Some(place) = self.places.to_read(looker)
            {
                let (app, invoice) = (Arc::clone(self), invoice.clone());
                readings.spawn(async move { app.read(invoice, pace, Reader::looker(place)).await });
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
            return Ok(snapshot);
        }
        // Dropping the set ends the waiting only: the readings themselves are tasks of their own.
        drop(tokio::time::timeout(PATIENCE, readings.join_all()).await);
        self.stored(snapshot.checkout.id).await
    }

    /// The same for the merchant, who is told of every deposit to a customer, whatever currency was picked and whether any was.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refresh_for_merchant(
        self: &Arc<Self>,
        snapshot: Snapshot,
    ) -> Result<Snapshot, Refusal> {
        if let Some(customer) = snapshot.checkout.purpose.customer()
            && let Some(gateway_id) = self.store.gateway_customer(customer.clone()).await?
        {
            let pace = self.fresh_for(Phase::Awaiting);
            let reading = self.read_customer(customer, &gateway_id, pace, Occasion::Look);
            drop(tokio::time::timeout(PATIENCE, reading).await);
        }
        self.refresh(snapshot, Looker::Counted).await
    }

    /// Reads one invoice at the gateway, unless that was done within `pace`, and takes in what it says. Whoever asks for the same
    /// invoice meanwhile waits for the same reading. `false` when the gateway gave no usable answer.
    pub(crate) async fn read(
        self: &Arc<Self>,
        invoice: Invoice,
        pace: Duration,
        reader: Reader,
    ) -> bool {
        let (app, key) = (Arc::clone(self), invoice.key);
        let work = || async move {
            // The place is given back when the work is done, whoever has stopped waiting for it by then.
            let Reader { occasion, place } = reader;
            let _place = place;
            if !app
                .freshness
                .is_due(invoice.key, pace, &deadlines(&invoice), &*app.clock)
            {
                return true;
            }
            match app.gateway.read_invoice(&invoice, occasion).await {
                Ok(seen) => match app.take(&invoice, seen, occasion).await {
                    Ok(()) => {
                        app.freshness.succeeded(invoice.key, &*app.clock);
                        true
                    }
                    Err(error) => {
                        app.freshness.failed(invoice.key, &*app.clock);
                        if let ReceivingError::Apply(ApplyError::Unsound(unsound)) = &error {
                            app.raise(invoice.checkout, invoice.key, unsound).await;
                        }
                        let cause = shortened(&error.to_string(), LONGEST_CAUSE);
                        tracing::error!(checkout = invoice.checkout.short(), invoice = %invoice.key, cause, "a gateway reading was not taken in");
                        false
                    }
                },
                Err(error) => {
                    app.freshness.failed(invoice.key, &*app.clock);
                    app.raise_for(invoice.checkout, invoice.key, &error).await;
                    let refusal = failure::refusal(&error);
                    tracing::warn!(checkout = invoice.checkout.short(), invoice = %invoice.key, code = refusal.code.as_str(), cause = %error, "an invoice could not be read");
                    false
                }
            }
        };
        self.reads.run(key, work).await.unwrap_or(false)
    }

    /// Takes in a reading of an invoice, together with the deposits it has received.
    async fn take(
        self: &Arc<Self>,
        invoice: &Invoice,
        seen: calypso::Invoice,
        occasion: Occasion,
    ) -> Result<(), ReceivingError> {
        let deposits = if self.has_other_deposits(invoice, &seen).await? {
            self.take_invoice_deposits(invoice, occasion).await
        } else {
            Ok(())
        };
        // The end of a top-up's invoice is not taken in before what has arrived there is.
        if invoice.amount.is_none() {
            deposits?;
            return Ok(self.apply(invoice, seen).await?);
        }
        self.apply(invoice, seen).await?;
        deposits
    }

    /// How long a reading of an invoice in this phase is good for.
    fn fresh_for(&self, phase: Phase) -> Duration {
        self.config.paces.of(phase).saturating_sub(EARLY)
    }
}

/// Moments at which what was read before is no longer true. The first is the same as the second where no amount is worked out anew.
pub(crate) fn deadlines(invoice: &Invoice) -> [Timestamp; 2] {
    let reprice = match invoice.amount {
        Some(_) => invoice
            .priced_at
            .plus_seconds(i64::from(invoice.currency.reprice_seconds())),
        None => invoice.expires_at,
    };
    [reprice, invoice.expires_at]
}
