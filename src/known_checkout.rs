//! What is known of one checkout, and what follows from the next answer about it.

use crate::believed::{Judge, Known, believe, offered};
use crate::element_state::{News, State};
use crate::failure::Failure;
use crate::fallen::Fallen;
use crate::paid_in::PaidIn;
use crate::pay_to::PayTo;
use crate::repricing::Repricing;
use crate::screen::{Outcome, Screen};
use checkout::wire::{CheckoutView, CurrencyView, InvoiceView, ReceivingView};
use checkout::{Amount, Currency, Phase, Timestamp};

/// What an answer answers.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The checkout, if the question named one.
    pub id: Option<&'a str>,
    /// The currency, if the question was the buyer's choice of one.
    pub chosen: Option<&'a str>,
    /// Whether nobody asked just now, but the proxy's stream brought it.
    pub is_pushed: bool,
    /// Who judges the merchant's signature, where the page asks for one.
    pub judge: Option<Judge<'a>>,
}

/// What is known of one checkout.
#[derive(Clone, Debug, Default)]
pub struct KnownCheckout {
    checkout: Option<CheckoutView>,
    /// What was known before a new start: answers about the same checkout are held against it still.
    before: Option<CheckoutView>,
    failure: Option<Failure>,
    /// Why nothing may be paid although it was asked for: an answer that is not believed, or a screen that was changed.
    stop: Option<Failure>,
    /// Where money goes, while the last answer asks for some.
    pay_to: Option<PayTo>,
    /// The last place that was shown, which an answer may not replace by another one.
    shown: Option<PayTo>,
    repricing: Option<Repricing>,
    fallen: Fallen,
    is_choosing_again: bool,
}

impl KnownCheckout {
    /// Takes in the answer to what was asked. With the answer to a choice the choosing is over.
    ///
    /// # Errors
    /// [`Failure::NotBelieved`]. What was known is kept and not shown any more, until an answer is believed again. What the stream brought and
    /// is not believed changes nothing: the proxy's answer to the next question decides.
    pub fn learn(&mut self, asked: Asked<'_>, answer: CheckoutView) -> Result<News, Failure> {
        let known = Known {
            id: asked.id,
            chosen: asked.chosen,
            before: self.checkout.as_ref().or(self.before.as_ref()),
            shown: self.shown.as_ref(),
            judge: asked.judge,
        };
        // A question that names no checkout makes a new one.
        let known = if asked.id.is_some() {
            known
        } else {
            Known {
                judge: asked.judge,
                ..Known::default()
            }
        };
        match believe(&answer, &known) {
            Ok(pay_to) => {
                if let Some(pay_to) = &pay_to {
                    self.shown = Some(pay_to.clone());
                }
                let is_choosing_again = self.is_choosing_again && asked.chosen.is_none();
                Ok(self.take_in(answer, pay_to, is_choosing_again))
            }
            Err(doubt) => {
                let failure = Failure::not_believed(&doubt);
                if !asked.is_pushed {
                    self.stop = Some(failure.clone());
                }
                Err(failure)
            }
        }
    }

    /// Stops the payment because the screen does not show what it should. Only a new start leads back to paying.
    pub fn stop(&mut self, failure: Failure) {
        self.stop = Some(failure);
    }

    fn take_in(
        &mut self,
        mut answer: CheckoutView,
        pay_to: Option<PayTo>,
        is_choosing_again: bool,
    ) -> News {
        let previous = self.state();
        let was_paid = self.phase().is_some_and(Phase::is_paid);
        let is_first = self.checkout.is_none();
        self.repricing = self.repricing_to(&answer, pay_to.as_ref());
        self.fallen = self.fallen.after(self.checkout.as_ref(), &answer);
        // Money that arrived is shown even to a buyer who is looking for another currency.
        self.is_choosing_again =
            is_choosing_again && answer.state.may_choose() && answer.now < answer.expires_at;
        answer.currencies = offered(answer.currencies);
        self.checkout = Some(answer);
        self.pay_to = pay_to;
        self.failure = None;
        self.stop = self.stop.take().filter(Failure::is_of_the_screen);
        let state = self.state();
        News {
            previous,
            state,
            is_first,
            became_paid: !was_paid && self.phase().is_some_and(Phase::is_paid),
            became_expired: state != previous && state == State::Phase(Phase::Expired),
        }
    }

    /// Takes in that there is no answer. What was shown before stays; only a page that knows nothing yet becomes failed.
    pub fn fail(&mut self, failure: Failure) {
        if self.checkout.is_none() {
            self.failure = Some(failure);
        }
    }

    /// Starts from the beginning: nothing shown, nothing failed. What was believed of this checkout is not forgotten, or a new start
    /// would be the way to put another address in its place.
    pub fn restart(&mut self) {
        *self = Self {
            before: self.checkout.take().or(self.before.take()),
            shown: self.shown.take(),
            ..Self::default()
        };
    }

    /// The state as the outside sees it: the phase, and `choosing` too while the buyer looks for another currency.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.checkout, &self.failure) {
            _ if self.is_stopped() => State::Failed,
            (Some(_), _) if self.is_choosing_again => State::Phase(Phase::Choosing),
            (Some(checkout), _) => State::Phase(checkout.state),
            (None, Some(_)) => State::Failed,
            (None, None) => State::Loading,
        }
    }

    /// The last answer's phase.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.checkout.as_ref().map(|checkout| checkout.state)
    }

    /// The last answer.
    #[must_use]
    pub fn checkout(&self) -> Option<&CheckoutView> {
        self.checkout.as_ref()
    }

    /// The last answer's invoice.
    #[must_use]
    pub fn invoice(&self) -> Option<&InvoiceView> {
        self.checkout.as_ref()?.invoice.as_ref()
    }

    /// The last answer's address that takes any amount, with what has arrived there.
    #[must_use]
    pub fn receiving(&self) -> Option<&ReceivingView> {
        self.checkout.as_ref()?.receiving.as_ref()
    }

    /// Where money goes, while the last answer asks for some.
    #[must_use]
    pub fn pay_to(&self) -> Option<&PayTo> {
        self.pay_to.as_ref()
    }

    /// The address to pay to; empty where nothing is to be sent.
    #[must_use]
    pub fn address(&self) -> &str {
        self.pay_to().map_or("", |to| &to.address)
    }

    /// The code of the currency money is or was sent in.
    fn currency_code(&self) -> &str {
        match (self.invoice(), self.receiving()) {
            (Some(invoice), _) => &invoice.currency,
            (None, Some(to)) => &to.currency,
            (None, None) => "",
        }
    }

    /// Whether a stop stands before what would be paid. What became of money that was sent is told in spite of a changed screen,
    /// and in spite of no other stop: an answer that is not believed leaves nothing to tell.
    fn is_stopped(&self) -> bool {
        let asks = self.phase().is_none_or(Phase::may_pay);
        self.stop
            .as_ref()
            .is_some_and(|stop| asks || !stop.is_of_the_screen())
    }

    /// When what is shown to pay ends: the invoice, or, for an address that takes any amount, the checkout.
    fn ends(&self) -> Option<Timestamp> {
        let checkout = self.checkout.as_ref()?;
        match &checkout.invoice {
            Some(invoice) => Some(invoice.expires_at),
            None => checkout.receiving.as_ref().map(|_| checkout.expires_at),
        }
    }

    /// The checkout's id; empty before the first answer.
    #[must_use]
    pub fn id(&self) -> &str {
        self.checkout.as_ref().map_or("", |checkout| &checkout.id)
    }

    /// What the checkout can be paid in.
    #[must_use]
    pub fn currencies(&self) -> &[CurrencyView] {
        self.checkout
            .as_ref()
            .map_or(&[], |checkout| &checkout.currencies)
    }

    /// What the QR code and the wallet link say; empty without an invoice.
    #[must_use]
    pub fn payment_uri(&self) -> &str {
        self.pay_to().map_or("", |to| &to.uri)
    }

    /// Until when the amount holds, if a repricing comes before the end.
    #[must_use]
    pub fn price_deadline(&self) -> Option<Timestamp> {
        let invoice = self.invoice()?;
        invoice
            .reprice_at
            .filter(|reprice_at| *reprice_at < invoice.expires_at)
    }

    /// What money is or was sent in; empty words before a choice.
    #[must_use]
    pub fn paid_in(&self) -> PaidIn {
        PaidIn::of(self.currency_code())
    }

    /// The transaction in its network's explorer, once there is one.
    #[must_use]
    pub fn transaction_url(&self) -> Option<String> {
        let invoice = self.invoice()?;
        transaction_url(&invoice.currency, invoice.transaction.as_ref())
    }

    /// Why nothing is shown: the payment was stopped, or the first question failed.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.stop.as_ref().or(self.failure.as_ref())
    }

    /// What the last repricing changed, while it concerns the amount on the screen.
    #[must_use]
    pub fn repricing(&self) -> Option<Repricing> {
        self.repricing
    }

    /// Whether money that was seen is gone again, and none has been seen since.
    #[must_use]
    pub fn has_lost_a_payment(&self) -> bool {
        self.fallen.is_told()
    }

    /// Whether an address was given for money to be sent to; past its end it is no longer known.
    #[must_use]
    pub fn has_asked(&self) -> bool {
        self.invoice().is_some() || self.receiving().is_some()
    }

    /// How much has arrived, if anything has: on the invoice, or at the address that takes any amount.
    #[must_use]
    pub fn received(&self) -> Option<Amount> {
        let received = match (self.invoice(), self.receiving()) {
            (Some(invoice), _) => invoice.received,
            (None, Some(receiving)) => receiving.received,
            (None, None) => return None,
        };
        (!received.is_zero()).then_some(received)
    }

    /// Opens the choice of another currency, where there is one. The invoice stays, and stays watched.
    pub fn open_choice(&mut self) {
        self.is_choosing_again = self.phase().is_some_and(Phase::may_choose);
    }

    /// Goes back to the payment that is under way.
    pub fn close_choice(&mut self) {
        self.is_choosing_again = false;
    }

    /// Whether a payment is under way to which a buyer who looks for another currency can come back.
    #[must_use]
    pub fn has_payment_to_return_to(&self, latest: Timestamp) -> bool {
        self.phase() == Some(Phase::Awaiting) && self.ends().is_some_and(|end| latest < end)
    }

    /// Whether a currency may be chosen when it is `latest` at the proxy: the checkout lives, and no money has come.
    #[must_use]
    pub fn can_choose(&self, latest: Timestamp) -> bool {
        self.checkout
            .as_ref()
            .is_some_and(|checkout| checkout.state.may_choose() && latest < checkout.expires_at)
    }

    /// Whether the amount is being recalculated: it was priced until a moment that has passed.
    #[must_use]
    pub fn is_repricing(&self, latest: Timestamp) -> bool {
        self.phase() == Some(Phase::Awaiting)
            && self
                .invoice()
                .and_then(|invoice| invoice.reprice_at)
                .is_some_and(|deadline| deadline <= latest)
    }

    /// The next moment at which the proxy must be asked whatever its pace: the repricing or the expiry.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let checkout = self.checkout.as_ref()?;
        match (checkout.state, &checkout.invoice) {
            (Phase::Choosing, _) => Some(checkout.expires_at),
            (Phase::Awaiting, Some(invoice)) => {
                Some(invoice.reprice_at.map_or(invoice.expires_at, |reprice_at| {
                    reprice_at.min(invoice.expires_at)
                }))
            }
            (Phase::Awaiting, None) => self.ends(),
            (Phase::Underpaid, Some(invoice)) => Some(invoice.expires_at),
            _ => None,
        }
    }

    /// What the buyer sees when it is `latest` at the proxy. Past an invoice's expiry this is never a screen with an address.
    #[must_use]
    pub fn screen(&self, latest: Timestamp) -> Screen {
        if self.is_stopped() {
            return Screen::Stopped;
        }
        let Some(checkout) = &self.checkout else {
            return if self.failure.is_some() {
                Screen::Failed
            } else {
                Screen::Loading
            };
        };
        if self.is_choosing_again && self.can_choose(latest) {
            return Screen::Choosing;
        }
        let is_live = self.pay_to().is_some_and(|to| latest < to.ends);
        match checkout.state {
            Phase::Choosing if latest < checkout.expires_at => Screen::Choosing,
            Phase::Awaiting if is_live && checkout.invoice.is_none() => Screen::Receiving,
            Phase::Awaiting if is_live => Screen::Paying,
            Phase::Underpaid if is_live => Screen::Underpaid,
            Phase::Choosing | Phase::Awaiting => Screen::TimeIsUp,
            // Its address is gone before its time: the proxy's word about it is waited for.
            Phase::Underpaid if self.ends().is_none_or(|end| latest < end) => Screen::TimeIsUp,
            // The time for the rest is over, and the shop has what came.
            Phase::Underpaid => Screen::Outcome(Outcome::PartlyPaid),
            Phase::Detected => Screen::Outcome(Outcome::Detected),
            Phase::Paid => Screen::Outcome(Outcome::Paid),
            Phase::Completed => Screen::Outcome(Outcome::Completed),
            Phase::Reviewing => Screen::Outcome(Outcome::Reviewing),
            Phase::Declined => Screen::Outcome(Outcome::Declined),
            Phase::Overpaid => Screen::Outcome(Outcome::Overpaid),
            Phase::Intervention => Screen::Outcome(Outcome::Intervention),
            Phase::Expired => Screen::Outcome(Outcome::Expired),
            Phase::Archived => Screen::Outcome(Outcome::Archived),
        }
    }

    fn repricing_to(&self, answer: &CheckoutView, pay_to: Option<&PayTo>) -> Option<Repricing> {
        let (before, after) = (self.invoice()?, answer.invoice.as_ref()?);
        let is_same_payment = self.phase() == Some(Phase::Awaiting)
            && answer.state == Phase::Awaiting
            && before.currency == after.currency
            && self.pay_to().map(|to| &to.address) == pay_to.map(|to| &to.address);
        if !is_same_payment {
            return None;
        }
        // The notice stays until the next change: a buyer may look away for longer than one question.
        Repricing::between(before.amount, after.amount).or(self.repricing)
    }
}

/// A transaction in the explorer of its currency's network, once there is one.
#[must_use]
pub fn transaction_url(currency: &str, hash: Option<&String>) -> Option<String> {
    Some(Currency::find(currency)?.network().transaction_url(hash?))
}

#[cfg(test)]
pub(crate) mod tests;
