//! Reading an invoice at the gateway: one reading at a time for each, whoever asks.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::app::outcome::ReadOutcome;
use crate::app::readings::receive::ReceiveError;
use crate::app::readings::turns::ToRead;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::failure;
use crate::gateway::source::Source;
use crate::input::printable::shortened;
use crate::limits::places::Place;
use crate::store::{StoreError, TakeInError};

/// How many characters of a cause go to the log, whatever texts the gateway has put into it.
const LONGEST_CAUSE: usize = 300;
/// How often a delivery asks again that has joined a look which found nothing due.
const TRIES: usize = 8;

/// For whom an invoice is read.
pub(crate) struct Reader {
    pub(in crate::app) source: Source,
    /// The place of somebody who looks. It is given back when the reading is done, whoever has stopped waiting for it by then.
    pub(in crate::app) place: Option<Place>,
    /// What was stored a moment ago, where that is known.
    pub(in crate::app) known: Option<Arc<Snapshot>>,
}

impl Reader {
    /// Somebody who looks, and has a place for it.
    pub(in crate::app) fn looker(place: Place, known: Arc<Snapshot>) -> Self {
        Self {
            source: Source::Poll,
            place: Some(place),
            known: Some(known),
        }
    }

    /// The watcher, or a delivery.
    pub(in crate::app) fn without_place(source: Source) -> Self {
        Self {
            source,
            place: None,
            known: None,
        }
    }
}

impl App {
    /// Reads one invoice at the gateway, unless that was done within `pace`, and takes in what it says. Whoever asks for the same
    /// invoice meanwhile waits for the same reading.
    pub(in crate::app) async fn read(
        self: &Arc<Self>,
        invoice: Invoice,
        pace: Duration,
        reader: Reader,
    ) -> ReadOutcome {
        let (app, key) = (Arc::clone(self), invoice.key);
        let work = || async move { app.read_if_due(&invoice, pace, reader).await };
        let outcome = self.reads.run(key, work).await;
        outcome.unwrap_or(ReadOutcome::Failed)
    }

    /// Reads an invoice of which the gateway has just said that it changed, by a reading that begins after this call: one that is under
    /// way already may have been answered before the change.
    pub(in crate::app) async fn read_after_event(
        self: &Arc<Self>,
        invoice: &Invoice,
    ) -> ReadOutcome {
        self.read_anew(invoice, Source::Delivery).await
    }

    /// Reads an invoice by a reading that begins after this call, whatever is fresh.
    pub(in crate::app) async fn read_anew(
        self: &Arc<Self>,
        invoice: &Invoice,
        source: Source,
    ) -> ReadOutcome {
        self.after_event(invoice.key, || {
            let reader = Reader::without_place(source);
            self.read(invoice.clone(), Duration::ZERO, reader)
        })
        .await
    }

    /// Reads by a reading of `key` that begins after this call.
    pub(in crate::app) async fn after_event<R>(
        &self,
        key: Uuid,
        read: impl Fn() -> R,
    ) -> ReadOutcome
    where
        R: Future<Output = ReadOutcome>,
    {
        self.reads.wait_for_running(&key).await;
        for _ in 0..TRIES {
            let outcome = read().await;
            // Only a look that this call has joined can find that nothing is due.
            if outcome != ReadOutcome::Fresh {
                return outcome;
            }
        }
        ReadOutcome::Failed
    }

    /// Whether an invoice is not fresh: its last reading is older than `pace`, or what it shows has stopped being true since.
    pub(in crate::app) fn is_due(&self, invoice: &Invoice, pace: Duration) -> bool {
        let (clock, key) = (&*self.clock, invoice.key);
        let now = clock.now();
        let price_over = invoice.reprice_at(now).filter(|at| *at <= now);
        let is_due = self
            .freshness
            .is_due(key, pace, &invoice.deadlines(), clock);
        is_due || price_over.is_some_and(|since| self.freshness.is_price_due(key, since, clock))
    }

    async fn read_if_due(
        self: &Arc<Self>,
        invoice: &Invoice,
        pace: Duration,
        reader: Reader,
    ) -> ReadOutcome {
        let Reader {
            source,
            place,
            known,
        } = reader;
        let _place = place;
        if !self.is_due(invoice, pace) {
            return ReadOutcome::Fresh;
        }
        let shop = match self.shop(&invoice.shop) {
            Ok(shop) => shop,
            Err(error) => {
                self.freshness.failed(invoice.key, &*self.clock);
                tracing::error!(checkout = invoice.checkout_id.short(), invoice = %invoice.key, cause = %error, "an invoice cannot be read");
                return ReadOutcome::Failed;
            }
        };
        let to_read = ToRead::invoice(invoice, pace, self.clock.now());
        let reading = self.read_now(shop, invoice, known, source);
        let outcome = self.in_turn(&invoice.shop, to_read, source, reading).await;
        if outcome == ReadOutcome::Fresh {
            // What the other proxy has stored need not have been told here yet.
            self.store.look_anew(invoice.checkout_id);
        }
        outcome
    }

    /// Reads an invoice and takes in what the gateway says.
    async fn read_now(
        self: &Arc<Self>,
        shop: &Shop,
        invoice: &Invoice,
        known: Option<Arc<Snapshot>>,
        source: Source,
    ) -> ReadOutcome {
        let seen = match shop.gateway.read_invoice(invoice, source).await {
            Ok(seen) => seen,
            Err(error) => {
                self.heed(shop.id(), &error).await;
                self.raise_for(invoice.checkout_id, invoice.key, &error, source)
                    .await;
                let refusal = failure::refusal(&error);
                tracing::warn!(checkout = invoice.checkout_id.short(), invoice = %invoice.key, code = refusal.code.as_str(), cause = %error, "an invoice could not be read");
                return ReadOutcome::Failed;
            }
        };
        match self.take_in(invoice, known, seen, source).await {
            Ok(outcome) => outcome,
            Err(error) => {
                if let ReceiveError::TakeIn(TakeInError::Unsound(unsound)) = &error {
                    self.raise(invoice.checkout_id, invoice.key, unsound, source)
                        .await;
                }
                let cause = shortened(&error.to_string(), LONGEST_CAUSE);
                tracing::error!(checkout = invoice.checkout_id.short(), invoice = %invoice.key, cause, "a gateway reading was not taken in");
                ReadOutcome::Failed
            }
        }
    }

    /// Takes in a reading of an invoice, together with the deposits it has received.
    async fn take_in(
        self: &Arc<Self>,
        invoice: &Invoice,
        known: Option<Arc<Snapshot>>,
        seen: calypso::Invoice,
        source: Source,
    ) -> Result<ReadOutcome, ReceiveError> {
        let Some(known) = self.or_stored(invoice, known).await? else {
            return Ok(ReadOutcome::Unchanged);
        };
        let deposits = if known.has_other_deposits(invoice, seen.total_debit_amount) {
            self.record_invoice_deposits(invoice, source).await
        } else {
            Ok(false)
        };
        // The end of a top-up's invoice is not taken in before what has arrived there is.
        let deposits = if invoice.amount.is_none() {
            Ok(deposits?)
        } else {
            deposits
        };
        let change = self.apply(invoice, &known, seen, source).await?;
        let has_changed = deposits? || change.is_some();
        Ok(if has_changed {
            ReadOutcome::Changed
        } else {
            ReadOutcome::Unchanged
        })
    }

    /// What is known of the invoice's checkout; `None` when it is not stored any more.
    async fn or_stored(
        &self,
        invoice: &Invoice,
        known: Option<Arc<Snapshot>>,
    ) -> Result<Option<Arc<Snapshot>>, StoreError> {
        Ok(match known {
            Some(known) => Some(known),
            None => self
                .store
                .snapshot(invoice.checkout_id)
                .await?
                .map(Arc::new),
        })
    }
}
