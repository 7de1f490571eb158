//! Gateway readings shared by everyone who asks: at most one per invoice and pace, however many pages poll.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use checkout::Timestamp;
use uuid::Uuid;

use crate::clock::Clock;
use crate::lock::lock;

/// The first pause after a reading that failed, unless the pace is shorter; and the longest. A pace may be half an hour while webhooks tell,
/// which says how often to look for what is not expected, and nothing about a reading that was wanted and did not come.
const FIRST_PAUSE: Duration = Duration::from_millis(2500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How soon, at first, one is read again that still says after a deadline what it said before it: the gateway's clock may be late.
const AFTER_DEADLINE_MILLIS: i64 = 2000;
/// How long a reading is remembered that nobody asks about.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// When each invoice was last read, and with what luck.
///
/// Kept in memory only: it says when to ask again, never what is true.
#[derive(Default)]
pub(crate) struct Freshness(Mutex<HashMap<Uuid, Attempt>>);

#[derive(Clone, Copy)]
struct Attempt {
    /// On the monotonic clock: paces are counted with it.
    at: Duration,
    /// On the civil clock: repricing and expiry are compared with it.
    civil: Timestamp,
    /// Failures in a row.
    failures: u32,
}

impl Freshness {
    /// Whether the invoice must be read again: the last attempt is older than `pace`, or a `deadline` (its repricing, its expiry)
    /// has passed since. After failures the pause doubles, deadlines or not.
    pub(crate) fn is_due(
        &self,
        invoice: Uuid,
        pace: Duration,
        deadlines: &[Timestamp],
        clock: &dyn Clock,
    ) -> bool {
        let Some(last) = lock(&self.0).get(&invoice).copied() else {
            return true;
        };
        let age = clock.monotonic().saturating_sub(last.at);
        if last.failures > 0 {
            let first = pace.min(FIRST_PAUSE);
            let pause = first.saturating_mul(1 << last.failures.min(10).saturating_sub(1));
            return age >= pause.min(LONGEST_PAUSE);
        }
        let now = clock.now();
        age >= pace
            || deadlines
                .iter()
                .any(|deadline| last.civil < *deadline && *deadline <= now)
    }

    /// Whether an invoice must be read again whose price was over at `since`, and still is after a reading that came later: after as long
    /// again as that one was late, so that a gateway that works no new price out is asked ever less often.
    pub(crate) fn is_price_due(&self, invoice: Uuid, since: Timestamp, clock: &dyn Clock) -> bool {
        let last = lock(&self.0).get(&invoice).copied();
        last.is_some_and(|last| {
            let late = last.civil.millis_since(since);
            let pause = late.max(AFTER_DEADLINE_MILLIS);
            last.failures == 0 && clock.now().millis_since(last.civil) >= pause
        })
    }

    /// When an invoice was last read, with whatever luck, on the monotonic clock.
    pub(crate) fn last_read(&self, invoice: Uuid) -> Option<Duration> {
        lock(&self.0).get(&invoice).map(|last| last.at)
    }

    /// Notes a reading that began at `began` and succeeded: what it says may be from before a deadline that has passed since.
    pub(crate) fn succeeded(&self, invoice: Uuid, began: Timestamp, clock: &dyn Clock) {
        let attempt = Attempt {
            at: clock.monotonic(),
            civil: began,
            failures: 0,
        };
        lock(&self.0).insert(invoice, attempt);
    }

    /// Notes a reading of another proxy that began at `read_at` and succeeded, unless a later one is known.
    pub(crate) fn learned(&self, invoice: Uuid, read_at: Timestamp, clock: &dyn Clock) {
        let ago = clock.now().millis_since(read_at).max(0);
        let attempt = Attempt {
            at: clock
                .monotonic()
                .saturating_sub(Duration::from_millis(ago.unsigned_abs())),
            civil: read_at,
            failures: 0,
        };
        let mut attempts = lock(&self.0);
        let known = attempts.get(&invoice);
        if known.is_none_or(|known| known.failures > 0 || known.civil < read_at) {
            attempts.insert(invoice, attempt);
        }
    }

    /// Notes a reading that failed.
    pub(crate) fn failed(&self, invoice: Uuid, clock: &dyn Clock) {
        let mut attempts = lock(&self.0);
        let failures = attempts
            .get(&invoice)
            .map_or(0, |last| last.failures)
            .saturating_add(1);
        attempts.insert(
            invoice,
            Attempt {
                at: clock.monotonic(),
                civil: clock.now(),
                failures,
            },
        );
    }

    /// Forgets invoices nobody has asked about for an hour, so that the memory stays bounded.
    pub(crate) fn forget_old(&self, clock: &dyn Clock) {
        let now = clock.monotonic();
        lock(&self.0).retain(|_, attempt| now.saturating_sub(attempt.at) < REMEMBERED);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use checkout::Timestamp;
    use uuid::Uuid;

    use super::Freshness;
    use crate::clock::Clock;

    /// Both clocks in milliseconds, moved by hand.
    #[derive(Default)]
    struct Hands {
        civil: AtomicU64,
        monotonic: AtomicU64,
    }

    impl Hands {
        fn advance(&self, millis: u64) {
            self.civil.fetch_add(millis, Ordering::SeqCst);
            self.monotonic.fetch_add(millis, Ordering::SeqCst);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.civil.load(Ordering::SeqCst).cast_signed())
        }

        fn monotonic(&self) -> Duration {
            Duration::from_millis(self.monotonic.load(Ordering::SeqCst))
        }
    }

    const PACE: Duration = Duration::from_millis(2500);

    #[test]
    fn due_once_per_pace() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        assert!(readings.is_due(id, PACE, &[], &hands), "never read");
        readings.succeeded(id, hands.now(), &hands);
        hands.advance(2499);
        assert!(!readings.is_due(id, PACE, &[], &hands));
        hands.advance(1);
        assert!(readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn a_deadline_forces_one_reading_and_no_more() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let reprice = Timestamp::from_millis(1000);
        readings.succeeded(id, hands.now(), &hands);
        hands.advance(999);
        assert!(!readings.is_due(id, PACE, &[reprice], &hands));
        hands.advance(1);
        assert!(readings.is_due(id, PACE, &[reprice], &hands));
        readings.succeeded(id, hands.now(), &hands);
        assert!(
            !readings.is_due(id, PACE, &[reprice], &hands),
            "read at the deadline itself"
        );
    }

    #[test]
    fn failures_double_the_pause_up_to_a_minute() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        for pause in [2500, 5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000] {
            readings.failed(id, &hands);
            hands.advance(pause - 1);
            assert!(
                !readings.is_due(id, PACE, &[hands.now()], &hands),
                "{pause}"
            );
            hands.advance(1);
            assert!(readings.is_due(id, PACE, &[], &hands), "{pause}");
        }
        readings.succeeded(id, hands.now(), &hands);
        assert!(!readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn a_long_pace_does_not_put_off_what_failed() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let pace = Duration::from_secs(1800);
        for pause in [2500, 5000, 10_000, 20_000, 40_000, 60_000, 60_000] {
            readings.failed(id, &hands);
            hands.advance(pause - 1);
            assert!(!readings.is_due(id, pace, &[], &hands), "{pause}");
            hands.advance(1);
            assert!(readings.is_due(id, pace, &[], &hands), "{pause}");
        }
    }

    #[test]
    fn a_price_that_a_reading_has_not_moved_is_asked_for_ever_later() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let over = Timestamp::from_millis(1000);
        hands.advance(1250);
        assert!(!readings.is_price_due(id, over, &hands), "never read");
        for pause in [2000, 2250, 4500, 9000, 18_000] {
            readings.succeeded(id, hands.now(), &hands);
            hands.advance(pause - 1);
            assert!(!readings.is_price_due(id, over, &hands), "{pause}");
            hands.advance(1);
            assert!(readings.is_price_due(id, over, &hands), "{pause}");
        }
        readings.failed(id, &hands);
        hands.advance(1_000_000);
        assert!(
            !readings.is_price_due(id, over, &hands),
            "as after a failure"
        );
    }

    #[test]
    fn each_invoice_has_its_own_readings() {
        let (readings, hands) = (Freshness::default(), Hands::default());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        readings.succeeded(one, hands.now(), &hands);
        readings.failed(other, &hands);
        readings.failed(other, &hands);
        hands.advance(2500);
        assert!(readings.is_due(one, PACE, &[], &hands));
        assert!(!readings.is_due(other, PACE, &[], &hands));
    }

    #[test]
    fn any_of_several_deadlines_forces_a_reading() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let (near, far) = (Timestamp::from_millis(10), Timestamp::from_millis(9999));
        readings.succeeded(id, hands.now(), &hands);
        hands.advance(10);
        assert!(readings.is_due(id, PACE, &[far, near], &hands));
        assert!(!readings.is_due(id, PACE, &[far], &hands));
        assert!(!readings.is_due(id, PACE, &[Timestamp::from_millis(0)], &hands));
    }

    #[test]
    fn a_clock_set_back_does_not_stop_readings() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        hands.advance(1_000_000);
        readings.succeeded(id, hands.now(), &hands);
        hands.civil.store(0, Ordering::SeqCst);
        hands.monotonic.fetch_add(2500, Ordering::SeqCst);
        assert!(readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn forgets_what_nobody_asks_about() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        readings.succeeded(id, hands.now(), &hands);
        hands.advance(60 * 60 * 1000 - 1);
        readings.forget_old(&hands);
        assert_eq!(readings.0.lock().unwrap().len(), 1);
        hands.advance(1);
        readings.forget_old(&hands);
        assert!(readings.0.lock().unwrap().is_empty());
    }
}
