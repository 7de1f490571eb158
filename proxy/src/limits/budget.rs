//! How many readings a gateway account may be asked for: so many in a minute, and none for a while when the gateway says that it has had
//! enough.

use std::sync::Mutex;
use std::time::Duration;

use crate::lock::lock;

/// The span the number is counted over; as many may come at once.
const SPAN: Duration = Duration::from_secs(60);
/// Which part of them is kept for somebody who looks and for webhooks when the watcher asks.
const KEPT: u32 = 4;
/// How long none are made after the gateway has had too many and did not say for how long.
const PAUSE: Duration = Duration::from_secs(30);
/// The longest pause the gateway can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Who wants to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Somebody looks, or a webhook has come.
    Now,
    /// It is time to look after what nobody looks at.
    Sometime,
}

impl Urgency {
    /// How many readings are left to others when such a one is taken.
    pub(super) fn kept(self, per_minute: u32) -> u32 {
        match self {
            Self::Now => 0,
            Self::Sometime => per_minute / KEPT,
        }
    }
}

/// The readings of one account. Those that may be made together fill up evenly with time.
#[derive(Debug)]
pub(crate) struct Budget {
    per_minute: u32,
    state: Mutex<State>,
}

/// Counted in parts of a reading: there are as many in one as nanoseconds in [`SPAN`], so that nothing is rounded.
#[derive(Debug, Clone, Copy)]
struct State {
    left: u128,
    at: Duration,
    paused_until: Duration,
}

impl Budget {
    /// So many in a minute. `now` is on the monotonic clock, here and below.
    pub(crate) fn per_minute(per_minute: u32, now: Duration) -> Self {
        let state = State {
            left: u128::from(per_minute) * SPAN.as_nanos(),
            at: now,
            paused_until: Duration::ZERO,
        };
        Self {
            per_minute,
            state: Mutex::new(state),
        }
    }

    /// Whether there is a reading to take.
    pub(crate) fn has(&self, urgency: Urgency, now: Duration) -> bool {
        self.left(urgency, now, 0)
    }

    /// Takes one reading; `false` when there is none left for such, or the gateway has had enough.
    pub(crate) fn take(&self, urgency: Urgency, now: Duration) -> bool {
        self.left(urgency, now, 1)
    }

    fn left(&self, urgency: Urgency, now: Duration, taken: u128) -> bool {
        let mut state = lock(&self.state);
        self.fill(&mut state, now);
        let needed = (u128::from(urgency.kept(self.per_minute)) + 1) * SPAN.as_nanos();
        if now < state.paused_until || state.left < needed {
            return false;
        }
        state.left -= taken * SPAN.as_nanos();
        true
    }

    /// How many in a minute.
    pub(crate) fn most(&self) -> u32 {
        self.per_minute
    }

    /// The gateway has had too many calls. Answers with how long nothing is asked.
    pub(crate) fn pause(&self, wait: Option<Duration>, now: Duration) -> Duration {
        let wait = wait.unwrap_or(PAUSE).min(LONGEST_PAUSE);
        let mut state = lock(&self.state);
        state.paused_until = state.paused_until.max(now.saturating_add(wait));
        wait
    }

    fn fill(&self, state: &mut State, now: Duration) {
        let passed = now.saturating_sub(state.at).as_nanos();
        let most = u128::from(self.per_minute) * SPAN.as_nanos();
        let more = passed.saturating_mul(self.per_minute.into());
        state.left = state.left.saturating_add(more).min(most);
        state.at = state.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Budget, Urgency};

    fn taken(budget: &Budget, urgency: Urgency, now: Duration) -> usize {
        let mut count = 0;
        while budget.take(urgency, now) {
            count += 1;
        }
        count
    }

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn so_many_in_a_minute_and_a_quarter_is_kept_for_those_who_look() {
        let budget = Budget::per_minute(120, millis(0));
        assert_eq!(taken(&budget, Urgency::Sometime, millis(0)), 90);
        assert_eq!(taken(&budget, Urgency::Now, millis(0)), 30);
        assert_eq!(taken(&budget, Urgency::Now, millis(499)), 0);
        assert_eq!(taken(&budget, Urgency::Now, millis(500)), 1, "two a second");
        assert_eq!(taken(&budget, Urgency::Sometime, millis(15_000)), 0);
        assert_eq!(taken(&budget, Urgency::Sometime, millis(16_000)), 1);
        assert_eq!(taken(&budget, Urgency::Now, millis(10_000_000)), 120);
        // A clock that was set back gives nothing and takes nothing.
        assert_eq!(taken(&budget, Urgency::Now, millis(0)), 0);
        assert_eq!(taken(&budget, Urgency::Now, millis(10_000_500)), 1);
    }

    #[test]
    fn nothing_is_read_while_the_gateway_has_had_enough() {
        let budget = Budget::per_minute(60, millis(0));
        budget.pause(Some(millis(7_000)), millis(0));
        budget.pause(Some(millis(1_000)), millis(0));
        assert!(
            !budget.take(Urgency::Now, millis(6_999)),
            "the longest one counts"
        );
        assert!(budget.take(Urgency::Now, millis(7_000)));
        budget.pause(None, millis(8_000));
        assert!(!budget.take(Urgency::Now, millis(37_999)));
        assert!(budget.take(Urgency::Now, millis(38_000)));
        budget.pause(Some(Duration::MAX), millis(40_000));
        assert!(
            budget.take(Urgency::Now, millis(640_000)),
            "at most ten minutes"
        );
    }
}
