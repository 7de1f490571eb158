//! How often an invoice is read: at a rate that falls with the time since it last moved, and much less often while webhooks tell what happens
//! to it.

use std::time::Duration;

use checkout::{Phase, Timestamp};

use super::invoice::Invoice;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const HOUR_SECONDS: i64 = 60 * 60;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// The shortest time between two readings of what waits for its first money, while webhooks tell.
const SHORTEST: u64 = MINUTE;
/// The same of what has money that is still on its way.
const SHORTEST_MOVING: u64 = 15;
/// The longest in the first hour after it moved, and after that.
const LONGEST_IN_FIRST_HOUR: u64 = 7 * MINUTE + 30;
const LONGEST: u64 = 30 * MINUTE;
/// Between two readings of what is over, while webhooks tell.
const OVER: u64 = HOUR;
/// Between two readings of a top-up whose checkout ended [`TOPUP_OLD_SECONDS`] ago, while webhooks tell.
const OLD_TOPUP: u64 = 6 * HOUR;
const TOPUP_OLD_SECONDS: i64 = 7 * DAY_SECONDS;
/// How soon after its expiry one is read that nobody has read since.
const AFTER_EXPIRY_SECONDS: i64 = 15;
/// How soon after it has moved one has its turn at first: the shortest pace that can be set. Who has read it a moment ago only says then when
/// its next turn is.
pub(crate) const FIRST_SECONDS: i64 = 5;
/// No time between two readings is longer than this, whatever the configuration says.
pub(crate) const LONGEST_SECONDS: i64 = DAY_SECONDS;

/// How what happens is learnt of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learning {
    /// The gateway's webhooks arrive, and reading only finds what they have missed.
    ByWebhooks,
    /// Nothing is told, so it is read, as often as this at the most.
    ByReading(Duration),
}

impl Invoice {
    /// How much time lies between two readings of it at `now`.
    pub(crate) fn gap(&self, now: Timestamp, learning: Learning) -> Duration {
        match learning {
            Learning::ByWebhooks => Duration::from_secs(self.seconds_between(now)),
            Learning::ByReading(pace) => pace
                .saturating_mul(self.patience(now))
                .min(Duration::from_secs(LONGEST_SECONDS.unsigned_abs())),
        }
    }

    /// When it is read next that was read at `now`: after a gap, but soon after its end. [`Timestamp::MAX`] when it is watched no more by
    /// then.
    pub(crate) fn next_visit(&self, now: Timestamp, learning: Learning) -> Timestamp {
        let millis = i64::try_from(self.gap(now, learning).as_millis()).unwrap_or(i64::MAX);
        let regular = now.plus_millis(millis);
        let after_expiry = self.expires_at.plus_seconds(AFTER_EXPIRY_SECONDS);
        let visit = if now < after_expiry && self.amount.is_some() {
            regular.min(after_expiry)
        } else {
            regular
        };
        if visit < self.watched_until() {
            visit
        } else {
            Timestamp::MAX
        }
    }

    fn seconds_between(&self, now: Timestamp) -> u64 {
        if self.amount.is_none() {
            return if self.is_old_topup(now) {
                OLD_TOPUP
            } else {
                LONGEST
            };
        }
        if self.phase_at(now).is_over() {
            return OVER;
        }
        let age = now.millis_since(self.moved_at).max(0) / 1000;
        if age >= HOUR_SECONDS {
            return LONGEST;
        }
        let shortest = if self.has_money() {
            SHORTEST_MOVING
        } else {
            SHORTEST
        };
        age.unsigned_abs().clamp(shortest, LONGEST_IN_FIRST_HOUR)
    }

    /// How many times the shortest gap lies between two readings, while nothing is told. What is over is read less often, and an hour later
    /// less often again; so is what waits for money for long; a top-up is open for a year, and there is one for every customer.
    fn patience(&self, now: Timestamp) -> u32 {
        if self.amount.is_none() {
            return if self.is_old_topup(now) { 120 } else { 20 };
        }
        let age_of = |moment: Timestamp| now.millis_since(moment) / 1000;
        let phase = self.phase_at(now);
        if phase.is_over() {
            let over_since = self.paid_at.unwrap_or(self.latest_expiry);
            return if age_of(over_since) < HOUR_SECONDS {
                2
            } else {
                20
            };
        }
        match age_of(self.moved_at) {
            ..HOUR_SECONDS => 1,
            age if age < 6 * HOUR_SECONDS || phase != Phase::Awaiting => 4,
            _ => 20,
        }
    }

    fn is_old_topup(&self, now: Timestamp) -> bool {
        now >= self.latest_expiry.plus_seconds(TOPUP_OLD_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use checkout::{Phase, Timestamp};

    use super::{DAY_SECONDS, HOUR_SECONDS, LONGEST_SECONDS, Learning};
    use crate::checkouts::invoice::Invoice;
    use crate::checkouts::tests::{NOW, invoice, payment_closing_in};

    const PACE: Duration = Duration::from_secs(30);

    fn waiting() -> Invoice {
        let mut invoice = invoice(&payment_closing_in(2 * DAY_SECONDS), 1, Phase::Awaiting);
        invoice.expires_at = NOW.plus_seconds(DAY_SECONDS);
        invoice.latest_expiry = invoice.expires_at;
        invoice.moved_at = NOW;
        invoice
    }

    /// The ages at which it is read, from the first visit on.
    fn visits(invoice: &Invoice, learning: Learning, until: i64) -> Vec<i64> {
        let mut ages = Vec::new();
        let mut now = NOW.plus_seconds(60);
        while now.millis_since(NOW) / 1000 < until {
            ages.push(now.millis_since(NOW) / 1000);
            now = invoice.next_visit(now, learning);
        }
        ages
    }

    #[test]
    fn while_webhooks_tell_it_is_read_ten_times_in_its_first_hour_and_twice_in_each_after() {
        let ages = visits(&waiting(), Learning::ByWebhooks, 5 * HOUR_SECONDS);
        let hours = (0..5).map(|hour| {
            let of_hour = |age: &&i64| **age / HOUR_SECONDS == hour;
            ages.iter().filter(of_hour).count()
        });
        assert_eq!(hours.collect::<Vec<_>>(), [10, 2, 2, 2, 2]);
        assert_eq!(ages[..6], [60, 120, 240, 480, 930, 1380]);
    }

    #[test]
    fn without_webhooks_it_is_read_at_the_pace_and_ever_less_often() {
        let waiting = waiting();
        let gap = |age| waiting.gap(NOW.plus_seconds(age), Learning::ByReading(PACE));
        assert_eq!(gap(0), PACE);
        assert_eq!(gap(HOUR_SECONDS - 1), PACE);
        assert_eq!(gap(HOUR_SECONDS), PACE * 4);
        assert_eq!(gap(6 * HOUR_SECONDS), PACE * 20);
        let slow = Learning::ByReading(Duration::MAX);
        let longest = Duration::from_secs(LONGEST_SECONDS.unsigned_abs());
        assert_eq!(waiting.gap(NOW, slow), longest);
    }

    #[test]
    fn it_is_read_soon_after_its_end_and_no_more_when_it_is_not_watched() {
        let mut invoice = waiting();
        let end = invoice.expires_at;
        for learning in [Learning::ByWebhooks, Learning::ByReading(PACE)] {
            let before = end.plus_seconds(-1);
            assert_eq!(invoice.next_visit(before, learning), end.plus_seconds(15));
            let after = end.plus_seconds(20);
            assert!(invoice.next_visit(after, learning) >= after.plus_seconds(60));
        }
        invoice.phase = Phase::Expired;
        let last = invoice.watched_until().plus_seconds(-1);
        assert_eq!(
            invoice.next_visit(last, Learning::ByWebhooks),
            Timestamp::MAX
        );
    }

    #[test]
    fn what_moves_is_read_sooner_and_what_is_over_later() {
        let mut moving = waiting();
        moving.phase = Phase::Detected;
        let gap = |invoice: &Invoice, age| {
            let gap = invoice.gap(NOW.plus_seconds(age), Learning::ByWebhooks);
            gap.as_secs()
        };
        assert_eq!((gap(&moving, 0), gap(&moving, 100)), (15, 100));
        assert_eq!(
            (gap(&moving, -50), gap(&waiting(), -50)),
            (15, 60),
            "a clock set back"
        );
        moving.phase = Phase::Completed;
        assert_eq!(gap(&moving, 0), 3600);
        let mut topup = waiting();
        topup.amount = None;
        assert_eq!(gap(&topup, 0), 1800);
        assert_eq!(gap(&topup, 8 * DAY_SECONDS), 6 * 3600);
    }

    #[test]
    fn what_is_over_waits_twice_as_long_and_an_hour_later_twenty_times() {
        let learning = Learning::ByReading(PACE);
        let mut paid = waiting();
        paid.phase = Phase::Completed;
        paid.paid_at = Some(NOW);
        let gap = |invoice: &Invoice, age| invoice.gap(NOW.plus_seconds(age), learning);
        assert_eq!(gap(&paid, 0), PACE * 2);
        assert_eq!(gap(&paid, HOUR_SECONDS), PACE * 20);
        let mut topup = waiting();
        topup.amount = None;
        assert_eq!(gap(&topup, 0), PACE * 20);
        assert_eq!(gap(&topup, 8 * DAY_SECONDS), PACE * 120);
    }
}
