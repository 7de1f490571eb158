//! A buyer picks a currency: one invoice per checkout, currency and attempt, whatever happens on the way.

use std::sync::Arc;
use std::time::Duration;

use checkout::{Currency, ErrorCode, Phase};

use super::state::App;
use crate::checkouts::alarm::{self, Alarm};
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::unsound::Unsound;
use crate::gateway::failure::{self, is_definite};
use crate::input::client::Network;
use crate::input::shown::shown;
use crate::limits::places::Looker;
use crate::reading::invoice as reading;
use crate::refusal::Refusal;
use crate::store::Finished;

/// How long the buyer's request waits for the gateway. The work goes on after it; picking again finds its result.
const PATIENCE: Duration = Duration::from_secs(25);

impl App {
    /// Makes sure that the checkout has a live invoice in this currency, and that it is the one shown.
    ///
    /// Any number of equal calls, at once or one after the other, lead to one gateway invoice.
    ///
    /// # Errors
    /// `checkout_not_found`, `currency_not_offered`, `checkout_closed`, `rate_limited`; the gateway's and the store's failures, after which
    /// calling again takes up where it stopped.
    pub(crate) async fn choose(
        self: &Arc<Self>,
        id: CheckoutId,
        code: &str,
        network: Option<Network>,
    ) -> Result<Snapshot, Refusal> {
        let snapshot = self.stored(id).await?;
        let currency = snapshot.checkout.currencies.find(code).ok_or_else(|| {
            Refusal::new(
                ErrorCode::CurrencyNotOffered,
                format!("this checkout cannot be paid in `{}`", shown(code)),
            )
        })?;
        self.bounds.may_choose(id, currency.code)?;
        // The watcher settles requests in the same flights; a choice that joined one of those has to look again.
        for _ in 0..3 {
            let app = Arc::clone(self);
            let customer = snapshot.checkout.purpose.customer().cloned();
            let choice = self.choosing.run((id, currency.code), || async move {
                let outcome = match customer {
                    None => app.ensure_invoice(id, currency, network).await,
                    Some(customer) => app.ensure_purse(id, &customer, currency).await,
                };
                let asked_in_vain = outcome.as_ref().is_err_and(is_the_gateways);
                if outcome.is_ok() || asked_in_vain {
                    app.bounds.chosen(id, currency.code, !asked_in_vain);
                }
                outcome
            });
            match tokio::time::timeout(PATIENCE, choice).await {
                Ok(Some(outcome)) => outcome?,
                Ok(None) => return Err(Refusal::internal("making an invoice panicked")),
                Err(_) => {
                    return Err(Refusal::new(
                        ErrorCode::GatewayUnavailable,
                        "the payment gateway takes too long; try again in a moment",
                    ));
                }
            }
            let snapshot = self.stored(id).await?;
            // Only invoices are made by requests that the watcher settles.
            let is_deposit = snapshot.checkout.purpose.customer().is_some();
            if is_deposit
                || snapshot
                    .invoices
                    .iter()
                    .any(|invoice| invoice.currency.code == currency.code)
            {
                return Ok(snapshot);
            }
        }
        Err(Refusal::internal(
            "a choice of currency came to nothing three times",
        ))
    }

    async fn ensure_invoice(
        self: &Arc<Self>,
        id: CheckoutId,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<(), Refusal> {
        let snapshot = self.stored(id).await?;
        let snapshot = self.refresh(snapshot, Looker::Counted).await?;
        let now = self.clock.now();
        let (standing, _) = snapshot.standing(now);
        let of_currency = snapshot
            .invoices
            .iter()
            .filter(|invoice| invoice.currency.code == currency.code);
        if let Some(latest) = of_currency.max_by_key(|invoice| invoice.attempt) {
            let phase = latest.phase_at(now);
            let alive = phase == Phase::Awaiting && snapshot.is_open(now);
            let already_moving = latest.has_money() && !standing.is_final();
            if alive || already_moving {
                let shown_now = snapshot
                    .invoices
                    .last()
                    .is_some_and(|last| last.key == latest.key);
                return if shown_now {
                    Ok(())
                } else {
                    Ok(self.store.choose(latest.key).await?)
                };
            }
        }
        if !snapshot.is_open(now) {
            let why = if snapshot.checkout.is_past_expiry(now) {
                "it has expired"
            } else {
                "a payment has been made or it was closed"
            };
            return Err(Refusal::new(
                ErrorCode::CheckoutClosed,
                format!("this checkout takes no new invoice: {why}"),
            ));
        }
        self.check_open_invoices(&snapshot)?;
        self.make_invoice(&snapshot.checkout, currency, network)
            .await
    }

    /// Every open invoice is read again and again, so a checkout has only so many. A top-up's wait for no payment in particular.
    fn check_open_invoices(&self, snapshot: &Snapshot) -> Result<(), Refusal> {
        let now = self.clock.now();
        let open = snapshot
            .invoices
            .iter()
            .filter(|invoice| invoice.amount.is_some() && invoice.phase_at(now) == Phase::Awaiting);
        let most = self.config.limits.invoices_per_checkout;
        if open.clone().count() < most {
            return Ok(());
        }
        let first_end = open.map(|invoice| invoice.expires_at).min();
        let wait = first_end
            .map_or(0, |end| end.millis_since(now))
            .unsigned_abs();
        Err(Refusal::too_often(
            format!(
                "this checkout has {most} open invoices already: pay one of those, or wait until one has expired"
            ),
            Duration::from_millis(wait),
        ))
    }

    async fn make_invoice(
        self: &Arc<Self>,
        checkout: &Checkout,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<(), Refusal> {
        let latest = self
            .store
            .latest_request(checkout.id, currency.code)
            .await?;
        let attempt = match latest {
            Some(request) if request.state == AttemptState::Started => {
                // Asking for an invoice that would be over already cannot succeed: only look whether it was made.
                if request
                    .expiration
                    .is_none_or(|expiration| expiration > self.clock.now())
                {
                    return self.ask_gateway(checkout, &request, currency).await;
                }
                if self.find_started(checkout, &request, currency).await? {
                    return Ok(());
                }
                self.store.refuse_request(request.key).await?;
                request.attempt + 1
            }
            Some(request) => request.attempt + 1,
            None => 1,
        };
        // The merchant's own checkouts are the merchant's business.
        if checkout.product.is_some() {
            self.bounds.new_invoice(network)?;
        }
        let request = InvoiceAttempt::new(checkout, currency, attempt, self.clock.now());
        let request = self.store.start_request(request).await?;
        self.ask_gateway(checkout, &request, currency).await
    }

    /// Calls the gateway for a request that is on disk.
    async fn ask_gateway(
        self: &Arc<Self>,
        checkout: &Checkout,
        request: &InvoiceAttempt,
        currency: &'static Currency,
    ) -> Result<(), Refusal> {
        match self.gateway.make_invoice(checkout, request).await {
            Ok(seen) => self.keep(checkout, request, currency, &seen).await,
            Err(error) => {
                self.raise_for(checkout.id, request.key, &error).await;
                if is_definite(&error) {
                    self.store.refuse_request(request.key).await?;
                }
                Err(failure::refusal(&error))
            }
        }
    }

    /// Finds out what became of a request whose answer was never stored. `true` when its invoice is in the store now, `false`
    /// when the gateway has none.
    pub(crate) async fn find_started(
        self: &Arc<Self>,
        checkout: &Checkout,
        request: &InvoiceAttempt,
        currency: &'static Currency,
    ) -> Result<bool, Refusal> {
        match self.gateway.find_invoice(request).await {
            Ok(Some(seen)) => self
                .keep(checkout, request, currency, &seen)
                .await
                .map(|()| true),
            Ok(None) => Ok(false),
            Err(error) => {
                self.raise_for(checkout.id, request.key, &error).await;
                Err(failure::refusal(&error))
            }
        }
    }

    /// Checks the gateway's answer and keeps it, as the invoice shown from now on.
    async fn keep(
        self: &Arc<Self>,
        checkout: &Checkout,
        request: &InvoiceAttempt,
        currency: &'static Currency,
        seen: &calypso::Invoice,
    ) -> Result<(), Refusal> {
        let fit = match checkout.purpose.price().zip(seen.amount) {
            Some((price, amount)) => self.rates.fit(price, currency, amount).await,
            None => Fit::Unasked,
        };
        let now = self.clock.now();
        let (invoice, unsound) = match reading::made(checkout, request, currency, seen, fit, now) {
            Ok(made) => made,
            Err(unsound) => return Err(self.refused(request, unsound).await),
        };
        let alarm = |unsound| Alarm::new(invoice.key, unsound, now);
        let alarms: Vec<Alarm> = unsound.iter().map(alarm).collect();
        let kept = self
            .store
            .finish_request(invoice.clone(), alarms.clone(), now)
            .await?;
        match kept {
            Finished::Kept => {}
            Finished::SharedId => return Err(self.refused(request, Unsound::SharedId).await),
            Finished::SharedAddress => {
                return Err(self.refused(request, Unsound::SharedAddress).await);
            }
        }
        tracing::info!(
            checkout = checkout.id.short(),
            invoice = %invoice.key,
            gateway_id = shown(&invoice.gateway_id),
            currency = currency.code,
            attempt = invoice.attempt,
            "an invoice was made"
        );
        self.freshness.succeeded(invoice.key, &*self.clock);
        for alarm in &alarms {
            alarm.log(checkout.id);
        }
        Ok(())
    }

    /// The refusal of an answer that is not what was asked for. Nothing of it is kept but the alarm.
    async fn refused(&self, request: &InvoiceAttempt, unsound: Unsound) -> Refusal {
        self.raise(request.checkout, request.key, &unsound).await;
        let refusal = match unsound {
            Unsound::NoRate { .. } => Refusal::new(
                ErrorCode::GatewayFailed,
                "the payment gateway gives no exchange rate to check its amount by; try again in a moment",
            ),
            _ => failure::unsound(),
        };
        refusal.because(alarm::detail(&unsound))
    }
}

/// Whether a refusal is the gateway's doing, so that asking it again at once is in vain.
fn is_the_gateways(refusal: &Refusal) -> bool {
    matches!(
        refusal.code,
        ErrorCode::GatewayUnavailable | ErrorCode::GatewayFailed | ErrorCode::GatewayUnsound
    )
}
