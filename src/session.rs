//! What is known of one checkout, and what follows from the next answer about it.

use crate::failure::Failure;
use crate::fallen::Fallen;
use crate::repricing::Repricing;
use crate::screen::Screen;
use checkout::wire::{CheckoutView, CurrencyView, InvoiceView, ReceivingView};
use checkout::{Amount, Currency, Phase, Timestamp};

/// The value of the element's `state`: a phase, or one of the two states only the widget knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    Loading,
    /// Nothing is known, and the proxy could not be asked.
    Failed,
    /// What the proxy's last answer says.
    Phase(Phase),
}

impl State {
    /// The word in `data-state` and in the events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Failed => "failed",
            Self::Phase(phase) => phase.as_str(),
        }
    }
}

/// What an answer changed; decides which events are fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// The state before.
    pub previous: State,
    /// The state now.
    pub state: State,
    /// Whether this is the first answer.
    pub is_first: bool,
    /// Whether the checkout is paid now and was not before.
    pub became_paid: bool,
    /// Whether the checkout is expired now and was not before.
    pub became_expired: bool,
}

/// Where money goes: the same three things of an invoice and of an address that takes any amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayTo<'a> {
    /// The gateway's code of the currency.
    pub currency: &'a str,
    /// The address.
    pub address: &'a str,
    /// What the QR code and the wallet link say.
    pub uri: &'a str,
}

/// What is known of one checkout.
#[derive(Clone, Debug, Default)]
pub struct Session {
    checkout: Option<CheckoutView>,
    failure: Option<Failure>,
    repricing: Option<Repricing>,
    fallen: Fallen,
    is_picking: bool,
}

impl Session {
    /// Takes in the answer to the buyer's choice of a currency: the choice is over.
    pub fn learn_choice(&mut self, answer: CheckoutView) -> News {
        self.take_in(answer, false)
    }

    /// Takes in an answer.
    pub fn learn(&mut self, answer: CheckoutView) -> News {
        self.take_in(answer, self.is_picking)
    }

    fn take_in(&mut self, answer: CheckoutView, is_picking: bool) -> News {
        let previous = self.state();
        let was_paid = self.phase().is_some_and(Phase::is_paid);
        let is_first = self.checkout.is_none();
        self.repricing = self.repricing_to(&answer);
        self.fallen = self.fallen.after(self.checkout.as_ref(), &answer);
        // Money that arrived is shown even to a buyer who is looking for another currency.
        self.is_picking =
            is_picking && is_open_to_choice(answer.state) && answer.now < answer.expires_at;
        self.checkout = Some(answer);
        self.failure = None;
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

    /// Starts from the beginning: nothing known, nothing failed.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// The state as the outside sees it: the phase, and `choosing` too while the buyer looks for another currency.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.checkout, &self.failure) {
            (Some(_), _) if self.is_picking => State::Phase(Phase::Choosing),
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

    /// Where money goes; empty texts where nothing is to be sent.
    #[must_use]
    pub fn pay_to(&self) -> PayTo<'_> {
        match (self.invoice(), self.receiving()) {
            (Some(invoice), _) => PayTo {
                currency: &invoice.currency,
                address: invoice.address.as_deref().unwrap_or_default(),
                uri: invoice.uri.as_deref().unwrap_or_default(),
            },
            (None, Some(receiving)) => PayTo {
                currency: &receiving.currency,
                address: receiving.address.as_deref().unwrap_or_default(),
                uri: receiving.uri.as_deref().unwrap_or_default(),
            },
            (None, None) => PayTo::default(),
        }
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
        self.pay_to().uri
    }

    /// Until when the amount holds, if a repricing comes before the end.
    #[must_use]
    pub fn price_deadline(&self) -> Option<Timestamp> {
        let invoice = self.invoice()?;
        invoice
            .reprice_at
            .filter(|reprice_at| *reprice_at < invoice.expires_at)
    }

    /// The offered currency money is sent in.
    #[must_use]
    pub fn invoice_currency(&self) -> Option<&CurrencyView> {
        let code = self.pay_to().currency;
        self.currencies()
            .iter()
            .find(|currency| currency.code == code)
    }

    /// The invoice's asset and network in the buyer's words: `USDT`, `Tron (TRC-20)`. A currency that is no longer
    /// offered is named from the table; one that is in neither by its code alone.
    #[must_use]
    pub fn payment_words(&self) -> (String, String) {
        if let Some(offered) = self.invoice_currency() {
            return (offered.symbol.clone(), offered.network.clone());
        }
        let code = self.pay_to().currency;
        Currency::find(code).map_or_else(
            || (code.to_owned(), code.to_owned()),
            |currency| {
                (
                    currency.symbol.to_owned(),
                    currency.network_label.to_owned(),
                )
            },
        )
    }

    /// The transaction in its network's explorer, once there is one.
    #[must_use]
    pub fn transaction_url(&self) -> Option<String> {
        let invoice = self.invoice()?;
        transaction_url(&invoice.currency, invoice.transaction.as_ref())
    }

    /// Why the first question failed.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
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

    /// Opens or leaves the choice of another currency. The invoice stays, and stays watched.
    pub fn pick_another(&mut self, is_picking: bool) {
        self.is_picking = is_picking && self.phase().is_some_and(is_open_to_choice);
    }

    /// Whether a payment is under way to which a buyer who looks for another currency can come back.
    #[must_use]
    pub fn has_payment_to_return_to(&self, latest: Timestamp) -> bool {
        self.phase() == Some(Phase::Awaiting) && self.ends().is_some_and(|end| latest < end)
    }

    /// Whether a currency may be chosen when it is `latest` at the proxy: the checkout lives, and no money has come.
    #[must_use]
    pub fn can_choose(&self, latest: Timestamp) -> bool {
        self.checkout.as_ref().is_some_and(|checkout| {
            is_open_to_choice(checkout.state) && latest < checkout.expires_at
        })
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
        let Some(checkout) = &self.checkout else {
            return if self.failure.is_some() {
                Screen::Failed
            } else {
                Screen::Loading
            };
        };
        if self.is_picking && self.can_choose(latest) {
            return Screen::Choosing;
        }
        // An expired invoice may come without its address.
        let is_live =
            self.ends().is_some_and(|end| latest < end) && !self.pay_to().address.is_empty();
        match checkout.state {
            Phase::Choosing if latest < checkout.expires_at => Screen::Choosing,
            Phase::Awaiting if is_live && checkout.invoice.is_none() => Screen::Receiving,
            Phase::Awaiting if is_live => Screen::Paying,
            Phase::Underpaid if is_live => Screen::Underpaid,
            Phase::Choosing | Phase::Awaiting => Screen::TimeIsUp,
            // Its address is gone before its time: the proxy's word about it is waited for.
            Phase::Underpaid if self.ends().is_none_or(|end| latest < end) => Screen::TimeIsUp,
            // Told(Underpaid) too: the time for the rest is over, and the shop has what came.
            phase => Screen::Told(phase),
        }
    }

    fn repricing_to(&self, answer: &CheckoutView) -> Option<Repricing> {
        let (before, after) = (self.invoice()?, answer.invoice.as_ref()?);
        let is_same_payment = self.phase() == Some(Phase::Awaiting)
            && answer.state == Phase::Awaiting
            && before.currency == after.currency
            && before.address == after.address;
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

fn is_open_to_choice(phase: Phase) -> bool {
    matches!(phase, Phase::Choosing | Phase::Awaiting | Phase::Expired)
}

#[cfg(test)]
pub(crate) mod tests;
