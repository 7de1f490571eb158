//! What is left of a gateway account's readings, as the proxies that share a database keep it: together they make no more than one alone may.

use checkout::Timestamp;

use super::budget::Urgency;

/// The span the number is counted over, as in [`budget`](super::budget); and the parts that a reading is counted in, so that a millisecond
/// fills up a whole number of them.
const SPAN_MILLIS: i64 = 60 * 1000;
/// The longest pause that is believed. One that ends later was written by a clock that is wrong.
const LONGEST_PAUSE_MILLIS: i64 = 10 * 60 * 1000;

/// How many readings an account may be asked for, and for whom one is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) per_minute: u32,
    pub(crate) urgency: Urgency,
}

/// The readings that are left of an account, on the civil clock: monotonic ones of different computers have nothing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SharedBudget {
    /// In 60 000ths of a reading.
    pub(crate) remaining: i64,
    pub(crate) at: Timestamp,
    pub(crate) paused_until: Timestamp,
}

impl Allowance {
    fn most(self) -> i64 {
        i64::from(self.per_minute) * SPAN_MILLIS
    }
}

impl SharedBudget {
    /// That of an account nobody has read of yet.
    pub(crate) fn full(allowance: Allowance, now: Timestamp) -> Self {
        Self {
            remaining: allowance.most(),
            at: now,
            paused_until: Timestamp::from_millis(0),
        }
    }

    /// What is left when one is taken; `None` when there is none for such, or the gateway has had enough.
    ///
    /// A clock that is behind fills nothing up, and one that is behind by more than a minute is believed: the other was wrong.
    pub(crate) fn take(self, allowance: Allowance, now: Timestamp) -> Option<Self> {
        let paused = self.paused_until.millis_since(now);
        if (1..=LONGEST_PAUSE_MILLIS).contains(&paused) {
            return None;
        }
        let passed = now.millis_since(self.at);
        let at = if passed < -SPAN_MILLIS {
            now
        } else {
            self.at.max(now)
        };
        let more = passed.clamp(0, SPAN_MILLIS) * i64::from(allowance.per_minute);
        let remaining = self.remaining.saturating_add(more).min(allowance.most());
        let kept = i64::from(allowance.urgency.kept(allowance.per_minute));
        let left = remaining - SPAN_MILLIS;
        (left >= kept * SPAN_MILLIS).then_some(Self {
            remaining: left,
            at,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;

    use super::{Allowance, SharedBudget, Urgency};

    const NOW: i64 = 1_700_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(NOW + millis)
    }

    fn for_whom(urgency: Urgency) -> Allowance {
        Allowance {
            per_minute: 120,
            urgency,
        }
    }

    fn full() -> SharedBudget {
        SharedBudget::full(for_whom(Urgency::Now), at(0))
    }

    /// How many can be taken at one moment.
    fn taken(budget: &mut SharedBudget, urgency: Urgency, millis: i64) -> usize {
        let mut count = 0;
        while let Some(left) = budget.take(for_whom(urgency), at(millis)) {
            *budget = left;
            count += 1;
        }
        count
    }

    #[test]
    fn so_many_in_a_minute_and_a_quarter_is_kept_for_those_who_look() {
        let mut budget = full();
        assert_eq!(taken(&mut budget, Urgency::Sometime, 0), 90);
        assert_eq!(taken(&mut budget, Urgency::Now, 0), 30);
        assert_eq!(taken(&mut budget, Urgency::Now, 499), 0);
        assert_eq!(taken(&mut budget, Urgency::Now, 500), 1, "two a second");
        assert_eq!(taken(&mut budget, Urgency::Sometime, 15_000), 0);
        assert_eq!(taken(&mut budget, Urgency::Sometime, 16_000), 1);
        assert_eq!(taken(&mut budget, Urgency::Now, 10_000_000), 120);
    }

    #[test]
    fn clocks_that_differ_give_nothing_and_one_that_was_wrong_keeps_nobody_waiting() {
        let mut budget = full();
        assert_eq!(taken(&mut budget, Urgency::Now, 30_000), 120);
        // Half a minute behind.
        assert_eq!(taken(&mut budget, Urgency::Now, 0), 0);
        assert_eq!(taken(&mut budget, Urgency::Now, 30_500), 1);
        // A day ahead, once.
        let day = 24 * 60 * 60 * 1000;
        assert_eq!(taken(&mut budget, Urgency::Now, day), 120);
        let first = budget.take(for_whom(Urgency::Now), at(31_000));
        assert_eq!(first, None, "nothing is made up for");
        budget.remaining = 60_000;
        assert_eq!(taken(&mut budget, Urgency::Now, 31_000), 1);
        assert_eq!(taken(&mut budget, Urgency::Now, 91_000), 120);
    }

    #[test]
    fn nothing_is_read_while_the_gateway_has_had_enough() {
        let mut budget = full();
        budget.paused_until = at(7_000);
        assert_eq!(taken(&mut budget, Urgency::Now, 6_999), 0);
        assert_eq!(taken(&mut budget, Urgency::Now, 7_000), 120);
        budget = full();
        budget.paused_until = at(10 * 60 * 1000 + 1);
        assert_eq!(taken(&mut budget, Urgency::Now, 0), 120, "a wrong clock");
    }
}
