//! How often is asked.

use std::time::Duration;

use checkout::{Pace, Phase};

use super::values::Values;

/// How often a buyer's page is told to ask, by phase; and how often the proxy looks by itself.
///
/// The gateway is read at most once per pace (less half a second) and invoice, however many pages ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paces {
    /// While the buyer has not chosen a currency.
    pub choosing: Duration,
    /// While a payment is awaited, also the rest of an underpaid one.
    pub awaiting: Duration,
    /// While a payment is on its way: detected, reviewed, paid but not yet credited.
    pub moving: Duration,
    /// When nothing more is expected, or only the merchant can move it on.
    pub settled: Duration,
    /// How often the proxy reads open invoices nobody looks at.
    pub watch: Duration,
    /// How long exchange rates for estimates are used.
    pub rates: Duration,
    /// How often is looked whether files of keys have changed.
    pub keys: Duration,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            choosing: Duration::from_millis(5_000),
            awaiting: Duration::from_millis(3_000),
            moving: Duration::from_millis(2_000),
            settled: Duration::from_millis(30_000),
            watch: Duration::from_secs(30),
            rates: Duration::from_secs(60),
            keys: Duration::from_secs(10),
        }
    }
}

impl Paces {
    /// After how long a page that shows this phase should ask again.
    pub(crate) fn of(&self, phase: Phase) -> Duration {
        match phase.pace() {
            Pace::Choosing => self.choosing,
            Pace::Awaiting => self.awaiting,
            Pace::Moving => self.moving,
            Pace::Settled => self.settled,
        }
    }
}

pub(super) fn paces(values: &mut Values) -> Paces {
    let usual = Paces::default();
    let poll = 1_000..=600_000;
    Paces {
        choosing: values.duration("pace.choosing_ms", usual.choosing, poll.clone()),
        awaiting: values.duration("pace.awaiting_ms", usual.awaiting, poll.clone()),
        moving: values.duration("pace.moving_ms", usual.moving, poll.clone()),
        settled: values.duration("pace.settled_ms", usual.settled, poll),
        watch: values.duration("pace.watch_ms", usual.watch, 5_000..=3_600_000),
        rates: values.duration("pace.rates_ms", usual.rates, 5_000..=600_000),
        keys: values.duration("pace.keys_ms", usual.keys, 100..=600_000),
    }
}
