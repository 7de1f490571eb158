//! Everything the screen depends on but the seconds: what is known, what the time has made of it, what the buyer is doing.

use crate::failure::Failure;
use crate::known_checkout::KnownCheckout;
use crate::moment::{Moment, Time};
use crate::screen::{Outcome, Screen};
use crate::words::Phrase;
use checkout::Timestamp;
use std::rc::Rc;

/// The proxy has not answered lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The browser says that there is no network.
    pub is_offline: bool,
}

/// A copy button that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// What it copies.
    pub what: Copies,
    /// Whether that worked.
    pub worked: bool,
    /// Counts the presses, so that each is shown for its own time.
    pub press: u32,
}

/// What can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// What is still to be sent, digits alone.
    Amount,
    /// The address, without spaces.
    Address,
}

/// A payment of an earlier visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// When this tab saw that it was paid.
    pub paid_at: Option<Timestamp>,
}

/// Everything the screen depends on but the seconds.
#[derive(Debug, Default)]
pub struct UiState {
    /// What is known of the checkout.
    pub known: KnownCheckout,
    /// What the time makes of it; changes a few times in the life of a payment.
    pub moment: Moment,
    /// The code of the currency whose invoice is being made.
    pub chosen: Option<String>,
    /// Why the last choice of a currency did not work.
    pub refusal: Option<Failure>,
    /// Set while the proxy does not answer.
    pub silence: Option<Silence>,
    /// The last thing said about what the buyer did: copied, or not.
    pub message: Option<Rc<Phrase>>,
    /// The copy button that was pressed last, for as long as it shows that.
    pub copied: Option<Copied>,
    /// What the buyer typed to find a currency.
    pub query: String,
    /// Whether the element names a product, of which a new checkout can be made.
    pub has_product: bool,
    /// The checkout's id as far as it is known before the first answer: from the page, or from what the tab remembers.
    pub reference: String,
    /// Set when the tab remembered a checkout that was complete already at its first answer.
    pub earlier: Option<Earlier>,
}

impl UiState {
    /// What `time` makes of all this.
    #[must_use]
    pub fn moment_at(&self, time: Time) -> Moment {
        let known = &self.known;
        let screen = match known.screen(time.latest) {
            Screen::Outcome(Outcome::Completed) if self.earlier.is_some() => {
                Screen::Outcome(Outcome::PaidBefore)
            }
            Screen::Choosing if known.currencies().len() == 1 => Screen::Ready,
            screen => screen,
        };
        Moment {
            screen,
            can_choose: known.can_choose(time.latest),
            can_return: known.has_payment_to_return_to(time.latest),
            is_repricing: known.is_repricing(time.latest),
            is_trusted: time.is_trusted,
        }
    }

    /// The screen for what is known at this time.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.moment.screen
    }

    /// The checkout's id: the number to name to the shop. Empty while there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        match self.known.id() {
            "" => &self.reference,
            id => id,
        }
    }

    /// The text that `what` puts on the clipboard.
    #[must_use]
    pub fn text_of(&self, what: Copies) -> String {
        match what {
            Copies::Amount => self
                .known
                .invoice()
                .map_or_else(String::new, |invoice| invoice.due.digits()),
            Copies::Address => self.known.address().to_owned(),
        }
    }
}
