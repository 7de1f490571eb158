//! The time at the proxy, and what it decides.

use crate::countdown::{clock_face, seconds_left};
use crate::screen::Screen;
use checkout::Timestamp;

/// The proxy's time as far as it is known; moves every second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The latest time it can be at the proxy.
    pub latest: Timestamp,
    /// Whether a countdown may be shown.
    pub is_trusted: bool,
    /// Whole seconds since the proxy's last answer.
    pub unheard_seconds: u32,
}

impl Default for Time {
    fn default() -> Self {
        Self {
            latest: Timestamp::MIN,
            is_trusted: false,
            unheard_seconds: 0,
        }
    }
}

impl Time {
    /// The time left until `deadline` as a clock shows it; `None` while the count is not trusted.
    #[must_use]
    pub fn clock_until(self, deadline: Timestamp) -> Option<String> {
        self.is_trusted
            .then(|| clock_face(self.seconds_until(deadline)))
    }

    /// Whole seconds left until `deadline`.
    #[must_use]
    pub fn seconds_until(self, deadline: Timestamp) -> u32 {
        seconds_left(deadline, self.latest)
    }
}

/// What the time makes of a checkout. It is worked out every second and written only when it is another one, so that what follows it rests
/// in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The screen.
    pub screen: Screen,
    /// Whether a currency may be chosen.
    pub can_choose: bool,
    /// Whether a payment is under way to which a buyer who looks for another currency can come back.
    pub can_return: bool,
    /// Whether the amount is being recalculated.
    pub is_repricing: bool,
    /// Whether a countdown may be shown.
    pub is_trusted: bool,
}

impl Default for Moment {
    fn default() -> Self {
        Self {
            screen: Screen::Loading,
            can_choose: false,
            can_return: false,
            is_repricing: false,
            is_trusted: false,
        }
    }
}
