//! Everything the screen depends on, in one value: what is known, what time it is, what the buyer is doing.

use crate::countdown::{clock_face, seconds_left};
use crate::failure::Failure;
use crate::screen::Screen;
use crate::session::Session;
use crate::text::Text;
use checkout::{Phase, Timestamp};

/// The proxy's time as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The latest time it can be at the proxy.
    pub latest: Timestamp,
    /// Whether a countdown may be shown.
    pub is_trusted: bool,
}

/// The proxy has not answered lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The browser says that there is no network.
    pub is_offline: bool,
    /// Whole seconds since the last answer.
    pub seconds: u32,
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

/// Everything the screen depends on.
#[derive(Clone, Debug)]
pub struct Scene {
    /// What is known of the checkout.
    pub session: Session,
    /// The proxy's time; moves every second.
    pub time: Time,
    /// The code of the currency whose invoice is being made.
    pub chosen: Option<String>,
    /// Why the last choice of a currency did not work.
    pub refusal: Option<Failure>,
    /// Set while the proxy does not answer.
    pub silence: Option<Silence>,
    /// The last thing said about what the buyer did: copied, or not.
    pub message: String,
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

/// A payment of an earlier visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// When this tab saw that it was paid.
    pub paid_at: Option<Timestamp>,
}

impl Scene {
    /// The scene before the first answer.
    #[must_use]
    pub fn new(has_product: bool) -> Self {
        Self {
            session: Session::default(),
            time: Time {
                latest: Timestamp::MIN,
                is_trusted: false,
            },
            chosen: None,
            refusal: None,
            silence: None,
            message: String::new(),
            copied: None,
            query: String::new(),
            has_product,
            reference: String::new(),
            earlier: None,
        }
    }

    /// The screen for what is known at this time.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.session.screen(self.time.latest)
    }

    /// The sentence that says where the payment stands. Where it is another one, the screen is another one.
    #[must_use]
    pub fn status(&self) -> Text {
        match self.screen() {
            Screen::Told(Phase::Completed) if self.earlier.is_some() => Text::StatusEarlier,
            Screen::Choosing if self.session.currencies().len() == 1 => Text::StatusReady,
            screen => screen.status(),
        }
    }

    /// What [`status`](Self::status) says.
    #[must_use]
    pub fn status_text(&self) -> String {
        self.status().say().to_owned()
    }

    /// The checkout's id: the number to name to the shop. Empty while there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        match self.session.id() {
            "" => &self.reference,
            id => id,
        }
    }

    /// Whether the amount is being recalculated.
    #[must_use]
    pub fn is_repricing(&self) -> bool {
        self.session.is_repricing(self.time.latest)
    }

    /// The time left until `deadline` as a clock shows it; `None` while the count is not trusted.
    #[must_use]
    pub fn clock_until(&self, deadline: Timestamp) -> Option<String> {
        self.time
            .is_trusted
            .then(|| clock_face(self.seconds_until(deadline)))
    }

    /// Whole seconds left until `deadline`.
    #[must_use]
    pub fn seconds_until(&self, deadline: Timestamp) -> u32 {
        seconds_left(deadline, self.time.latest)
    }

    /// The text that `what` puts on the clipboard.
    #[must_use]
    pub fn text_of(&self, what: Copies) -> String {
        match what {
            Copies::Amount => self
                .session
                .invoice()
                .map_or_else(String::new, |invoice| invoice.due.to_string()),
            Copies::Address => self.session.address().to_owned(),
        }
    }

    /// Whether a currency may be chosen now.
    #[must_use]
    pub fn can_choose(&self) -> bool {
        self.session.can_choose(self.time.latest)
    }
}
