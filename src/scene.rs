//! Everything the screen depends on, in one value: what is known, what time it is, what the buyer is doing.

use crate::countdown::{clock_face, seconds_left};
use crate::failure::Failure;
use crate::screen::Screen;
use crate::session::Session;
use checkout::Timestamp;

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
    /// Whether the element names a product, of which a new checkout can be made.
    pub has_product: bool,
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
            has_product,
        }
    }

    /// The screen for what is known at this time.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.session.screen(self.time.latest)
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

    /// Whether a currency may be chosen now.
    #[must_use]
    pub fn can_choose(&self) -> bool {
        self.session.can_choose(self.time.latest)
    }
}
