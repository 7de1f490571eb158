//! Making an invoice: an attempt is stored, sent, and settled by what came of it, also after a crash in between.

use std::sync::Arc;

use checkout::{Currency, RefusalCode, Timestamp};

use super::outcome::{Settled, Turn};
use super::state::App;
use crate::checkouts::alarm::{self, Alarm};
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::unsound::Unsound;
use crate::gateway::failure::{self, is_definite};
use crate::gateway::source::Source;
use crate::input::client::Network;
use crate::input::printable::printable;
use crate::reading::history::Cause;
use crate::reading::invoice::made;
use crate::refusal::Refusal;
use crate::store::{Claim, Finished};

/// An attempt the gateway knows nothing of is given up after a day.
const ABANDON_AFTER_MILLIS: i64 = 24 * 60 * 60 * 1000;

impl App {
    /// Makes the next invoice of a checkout in this currency, or finds the one that an attempt without an answer has made; unless another
    /// proxy does, or has done it since the snapshot was read.
    pub(super) async fn make_invoice(
        self: &Arc<Self>,
        snapshot: &Snapshot,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<Turn, Refusal> {
        let checkout = &snapshot.checkout;
        let attempt = match self.store.latest_attempt(checkout.id, currency).await? {
            Some(attempt) if attempt.state == AttemptState::Started => attempt,
            Some(attempt)
                if attempt.state == AttemptState::Made
                    && snapshot.invoice(attempt.key).is_none() =>
            {
                return Ok(Turn::Anew);
            }
            latest => {
                // The merchant's own checkouts are the merchant's business.
                if checkout.is_of_page() {
                    self.bounds.new_invoice(network, &checkout.shop)?;
                }
                let number = latest.map_or(1, |attempt| attempt.number + 1);
                let attempt = InvoiceAttempt::new(checkout, currency, number, self.clock.now());
                match self.store.start_attempt(attempt).await? {
                    Some(attempt) => attempt,
                    // It was closed meanwhile.
                    None => return Ok(Turn::Anew),
                }
            }
        };
        match self.claim(&attempt).await? {
            Claim::Ours => {}
            Claim::Others { .. } => return Ok(Turn::Others),
            Claim::Settled => return Ok(Turn::Anew),
        }
        let made = self.make_or_find(checkout, &attempt).await;
        if made.is_err() {
            self.release(&attempt).await;
        }
        made
    }

    /// Asks the gateway for the invoice of an attempt that nobody else asks for.
    async fn make_or_find(
        self: &Arc<Self>,
        checkout: &Checkout,
        attempt: &InvoiceAttempt,
    ) -> Result<Turn, Refusal> {
        // Asking for an invoice that would be over already cannot succeed: only look whether it was made.
        if attempt.may_still_be_made(self.clock.now()) {
            self.send_attempt(checkout, attempt).await?;
            return Ok(Turn::Shown);
        }
        if self.find_attempt(checkout, attempt, Source::Page).await? {
            return Ok(Turn::Shown);
        }
        self.store.refuse_attempt(attempt.key).await?;
        Ok(Turn::Anew)
    }

    /// Calls the gateway for an attempt that is stored.
    async fn send_attempt(
        self: &Arc<Self>,
        checkout: &Checkout,
        attempt: &InvoiceAttempt,
    ) -> Result<(), Refusal> {
        let shop = self.shop(&checkout.shop)?;
        match shop.gateway.make_invoice(checkout, attempt).await {
            Ok(seen) => self.keep(checkout, attempt, &seen, Source::Page).await,
            Err(error) => {
                self.raise_for(checkout.id, attempt.key, &error, Source::Page)
                    .await;
                if is_definite(&error) {
                    self.store.refuse_attempt(attempt.key).await?;
                }
                Err(failure::refusal(&error))
            }
        }
    }

    /// Finds out what became of an attempt whose answer was never stored. `true` when its invoice is stored now, `false` when the gateway
    /// has none.
    async fn find_attempt(
        self: &Arc<Self>,
        checkout: &Checkout,
        attempt: &InvoiceAttempt,
        source: Source,
    ) -> Result<bool, Refusal> {
        let shop = self.shop(&checkout.shop)?;
        match shop.gateway.find_invoice(attempt).await {
            Ok(Some(seen)) => self
                .keep(checkout, attempt, &seen, source)
                .await
                .map(|()| true),
            Ok(None) => Ok(false),
            Err(error) => {
                self.raise_for(checkout.id, attempt.key, &error, source)
                    .await;
                Err(failure::refusal(&error))
            }
        }
    }

    /// Looks an old attempt up, and gives it up where nothing can come of it any more. Leaves it to another proxy that has it in hand.
    pub(super) async fn settle(
        self: &Arc<Self>,
        attempt: &InvoiceAttempt,
    ) -> Result<Settled, Refusal> {
        if self.claim(attempt).await? != Claim::Ours {
            return Ok(Settled::Elsewhere);
        }
        let settled = self.look_up(attempt).await;
        if !matches!(settled, Ok(Settled::Found | Settled::GivenUp)) {
            self.release(attempt).await;
        }
        settled
    }

    async fn look_up(self: &Arc<Self>, attempt: &InvoiceAttempt) -> Result<Settled, Refusal> {
        let snapshot = self.stored(attempt.checkout_id).await?;
        if snapshot.invoice(attempt.key).is_some()
            || self
                .find_attempt(&snapshot.checkout, attempt, Source::Watcher)
                .await?
        {
            return Ok(Settled::Found);
        }
        let now = self.clock.now();
        if snapshot.checkout.is_past_expiry(now) || is_abandoned(attempt, now) {
            self.store.refuse_attempt(attempt.key).await?;
            return Ok(Settled::GivenUp);
        }
        Ok(Settled::Open)
    }

    /// Checks the gateway's answer and keeps it, as the invoice shown from now on.
    async fn keep(
        self: &Arc<Self>,
        checkout: &Checkout,
        attempt: &InvoiceAttempt,
        seen: &calypso::Invoice,
        source: Source,
    ) -> Result<(), Refusal> {
        let currency = attempt.currency;
        let fit = match checkout.purpose.price().zip(seen.amount) {
            Some((price, amount)) => {
                let shop = self.shop(&checkout.shop)?;
                shop.rates.fit(price, currency, amount).await
            }
            None => Fit::Unasked,
        };
        let now = self.clock.now();
        let (invoice, unsound) = match made(checkout, attempt, seen, fit, now) {
            Ok(made) => made,
            Err(unsound) => return Err(self.refused(attempt, unsound, source).await),
        };
        let alarm = |unsound| Alarm::new(invoice.key, unsound, now);
        let alarms: Vec<Alarm> = unsound.iter().map(alarm).collect();
        let kept = self
            .store
            .finish_attempt(
                invoice.clone(),
                alarms.clone(),
                Cause { source, at: now },
                self.teller(),
            )
            .await?;
        match kept {
            Finished::Kept => {}
            Finished::SharedId => {
                return Err(self.refused(attempt, Unsound::SharedId, source).await);
            }
            Finished::SharedAddress => {
                return Err(self.refused(attempt, Unsound::SharedAddress, source).await);
            }
        }
        tracing::info!(
            checkout = checkout.id.short(),
            invoice = %invoice.key,
            gateway_id = printable(&invoice.gateway_id),
            currency = currency.code,
            attempt = invoice.attempt,
            "an invoice was made"
        );
        self.meter.entered(&checkout.shop, invoice.phase);
        self.freshness
            .succeeded(invoice.key, self.clock.now(), &*self.clock);
        // The gateway tells that it has made one.
        self.telling.expect(&checkout.shop, attempt.started_at);
        for alarm in &alarms {
            self.meter.contradicted(alarm);
            alarm.log(checkout.id);
        }
        Ok(())
    }

    /// The refusal of an answer that is not what was asked for. Nothing of it is kept but the alarm.
    async fn refused(&self, attempt: &InvoiceAttempt, unsound: Unsound, source: Source) -> Refusal {
        self.raise(attempt.checkout_id, attempt.key, &unsound, source)
            .await;
        let refusal = match unsound {
            Unsound::NoRate { .. } => Refusal::new(
                RefusalCode::GatewayFailed,
                "the payment gateway gives no exchange rate to check its amount by; try again in a moment",
            ),
            _ => failure::unsound(),
        };
        refusal.because(alarm::detail(&unsound))
    }
}

fn is_abandoned(attempt: &InvoiceAttempt, now: Timestamp) -> bool {
    now.millis_since(attempt.started_at) > ABANDON_AFTER_MILLIS
}
