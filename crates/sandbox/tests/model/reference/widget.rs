//! The state machine of a payment widget (gateway reference §4.3).

use super::coin::Coin;

/// §3.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WidgetState {
    InProgress,
    Completed,
    Archived,
}

#[derive(Clone, Debug)]
pub(crate) struct Widget {
    /// The price in cents; none for one that takes any amount.
    pub(crate) cents: Option<u128>,
    pub(crate) coins: Vec<&'static Coin>,
    pub(crate) expiration: i64,
    pub(crate) state: WidgetState,
    /// Places of its invoices, in the order they were made.
    pub(crate) invoices: Vec<usize>,
}

/// Why a choice is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoChoice {
    Closed,
    NotOffered,
}

impl Widget {
    /// Whether the buyer may choose this currency.
    pub(crate) fn offers(&self, coin: &Coin) -> Result<(), NoChoice> {
        if self.state != WidgetState::InProgress {
            return Err(NoChoice::Closed);
        }
        let offered = self.coins.iter().any(|known| known.code == coin.code);
        offered.then_some(()).ok_or(NoChoice::NotOffered)
    }

    /// One of its invoices was paid: that is what COMPLETED means (§3.4), so also after its expiry (chosen), when money
    /// that was under way is confirmed.
    pub(crate) fn paid(&mut self) {
        self.state = WidgetState::Completed;
    }

    /// Its time is over.
    pub(crate) fn end(&mut self) {
        self.state = WidgetState::Archived;
    }

    pub(crate) fn due(&self) -> Option<i64> {
        (self.state == WidgetState::InProgress).then_some(self.expiration)
    }
}
