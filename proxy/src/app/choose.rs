//! A buyer chooses a currency: one invoice per checkout, currency and attempt, whatever happens on the way.

use std::sync::Arc;
use std::time::Duration;

use checkout::{Currency, Phase, RefusalCode};

use super::caller::Caller;
use super::leases::{LOOKS, wait_for_others};
use super::outcome::{Chosen, Turn};
use super::state::App;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::input::client::Network;
use crate::input::printable::printable;
use crate::limits::places::Looker;
use crate::limits::rush::Act;
use crate::reading::history::Cause;
use crate::refusal::{Limit, Refusal};

/// How long the buyer's request waits for the gateway. The work goes on after it; choosing again finds its result.
const PATIENCE: Duration = Duration::from_secs(25);

impl App {
    /// Makes sure that the checkout has a live invoice in this currency, and that it is the one shown.
    ///
    /// Any number of equal calls, at once or one after the other, lead to one gateway invoice.
    ///
    /// # Errors
    /// `checkout_not_found`, those of [`Caller::may_reach`], `currency_not_offered`, `checkout_closed`, `rate_limited`, `overloaded`; the gateway's and the store's failures, after which
    /// calling again takes up where it stopped.
    pub(crate) async fn choose(
        self: &Arc<Self>,
        id: CheckoutId,
        code: &str,
        network: Option<Network>,
        caller: &Caller,
    ) -> Result<Arc<Snapshot>, Refusal> {
        let snapshot = self.stored(id).await?;
        let shop = &snapshot.checkout.shop;
        caller.may_reach(shop)?;
        // The merchant's own calls were counted by their key.
        if !matches!(caller, Caller::Merchant(_)) {
            self.bounds.new_choice(network, shop)?;
        }
        let _under_way = self.rush.enter(shop, Act::Choose)?;
        let currency = snapshot.checkout.currencies.find(code).ok_or_else(|| {
            Refusal::new(
                RefusalCode::CurrencyNotOffered,
                format!("this checkout cannot be paid in `{}`", printable(code)),
            )
        })?;
        self.bounds.may_choose(id, currency.code)?;
        let choice = self.choose_in_turn(&snapshot, currency, network);
        match tokio::time::timeout(PATIENCE, choice).await {
            Ok(outcome) => outcome?,
            Err(_) => {
                return Err(Refusal::new(
                    RefusalCode::GatewayUnavailable,
                    "the payment gateway takes too long; try again in a moment",
                ));
            }
        }
        self.kept_checkout(id).await
    }

    /// Chooses in the flight that all equal choices share. The watcher settles old attempts in the same flights; a choice that has
    /// joined one of those begins its own after it.
    async fn choose_in_turn(
        self: &Arc<Self>,
        snapshot: &Snapshot,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<(), Refusal> {
        let id = snapshot.checkout.id;
        loop {
            let app = Arc::clone(self);
            let customer = snapshot.checkout.purpose.customer().cloned();
            let choice = self.choosing.run((id, currency.code), || async move {
                let outcome = match customer {
                    None => app.ensure_invoice(id, currency, network).await,
                    Some(customer) => app.ensure_purse(id, &customer, currency).await,
                };
                // What others have written shows in this answer.
                app.store.look_anew(id);
                let asked_in_vain = outcome.as_ref().is_err_and(is_the_gateways);
                if outcome.is_ok() || asked_in_vain {
                    app.bounds.chosen(id, currency.code, !asked_in_vain);
                }
                outcome.map(|()| Chosen::Shown)
            });
            match choice.await {
                Some(Ok(Chosen::Shown)) => return Ok(()),
                Some(Ok(Chosen::Settled)) => {}
                Some(Err(refusal)) => return Err(refusal),
                None => return Err(Refusal::internal("making an invoice panicked")),
            }
        }
    }

    async fn ensure_invoice(
        self: &Arc<Self>,
        id: CheckoutId,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<(), Refusal> {
        let snapshot = self.stored(id).await?;
        self.refresh(&snapshot, Looker::Counted).await?;
        for _ in 0..LOOKS {
            // From before what is decided on is read, so that no change is missed.
            let mut changes = self.store.changes().listen();
            match self.try_invoice(id, currency, network).await? {
                Turn::Shown => return Ok(()),
                Turn::Anew => {}
                Turn::Others => wait_for_others(id, &mut changes).await,
            }
        }
        Err(Refusal::new(
            RefusalCode::GatewayUnavailable,
            "the invoice is being made, which takes too long; try again in a moment",
        ))
    }

    /// One go at [`App::ensure_invoice`].
    async fn try_invoice(
        self: &Arc<Self>,
        id: CheckoutId,
        currency: &'static Currency,
        network: Option<Network>,
    ) -> Result<Turn, Refusal> {
        // What is decided here is decided on what is stored at this moment.
        let snapshot = self.stored(id).await?;
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
                if !shown_now {
                    let cause = Cause {
                        source: Source::Page,
                        at: now,
                    };
                    self.store.choose_invoice(id, latest.key, cause).await?;
                }
                return Ok(Turn::Shown);
            }
        }
        if !snapshot.is_open(now) {
            let why = if snapshot.closed_at.is_some() {
                "the merchant has closed it"
            } else if snapshot.checkout.is_past_expiry(now) {
                "it has expired"
            } else {
                "a payment has been made or it was closed"
            };
            return Err(Refusal::new(
                RefusalCode::CheckoutClosed,
                format!("this checkout takes no new invoice: {why}"),
            ));
        }
        self.check_open_invoices(&snapshot)?;
        self.make_invoice(&snapshot, currency, network).await
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
        )
        .by(Limit::CheckoutInvoices))
    }
}

/// Whether a refusal is the gateway's doing, so that asking it again at once is in vain.
fn is_the_gateways(refusal: &Refusal) -> bool {
    matches!(
        refusal.code,
        RefusalCode::GatewayUnavailable | RefusalCode::GatewayFailed | RefusalCode::GatewayUnsound
    )
}
