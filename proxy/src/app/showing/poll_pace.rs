//! When a page that is shown a checkout should ask again.

use checkout::wire::InvoiceView;
use checkout::{Phase, Timestamp};

use crate::config::Paces;

/// The shortest time a page is told to wait.
const SHORTEST_MILLIS: i64 = 500;
/// How long after a deadline a page should ask, so that the gateway has passed it too.
const AFTER_DEADLINE_MILLIS: i64 = 250;

/// The pace of a phase, and the deadline that may come before.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct PollPace {
    millis: i64,
    next: Option<Timestamp>,
}

impl PollPace {
    /// Of a checkout that closes at `closes`, until its next deadline after `now`.
    pub(in crate::app) fn of(
        state: Phase,
        invoice: Option<&InvoiceView>,
        closes: Timestamp,
        now: Timestamp,
        paces: &Paces,
    ) -> Self {
        let waits = matches!(state, Phase::Choosing | Phase::Awaiting);
        let deadlines = [
            invoice.and_then(|invoice| invoice.reprice_at),
            invoice.map(|invoice| invoice.expires_at),
            Some(closes),
        ];
        let next = deadlines
            .into_iter()
            .flatten()
            .filter(|deadline| waits && *deadline > now)
            .min();
        Self {
            millis: i64::try_from(paces.of(state).as_millis()).unwrap_or(i64::MAX),
            next,
        }
    }

    /// After how many milliseconds a page should ask again that is answered now.
    pub(in crate::app) fn at(&self, now: Timestamp) -> u32 {
        let left = self.next.map(|next| next.millis_since(now));
        let wait = left
            .filter(|left| *left > 0)
            .map_or(self.millis, |left| {
                self.millis.min(left + AFTER_DEADLINE_MILLIS)
            })
            .max(SHORTEST_MILLIS);
        u32::try_from(wait).unwrap_or(u32::MAX)
    }
}
