//! Gateway readings shared by everyone who asks: at most one per invoice and pace, however many pages poll.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use checkout::Timestamp;
use uuid::Uuid;

use crate::clock::Clock;
use crate::lock::lock;

/// Longest pause after readings that failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
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
            let pause = pace.saturating_mul(1 << last.failures.min(10).saturating_sub(1));
            return age >= pause.min(LONGEST_PAUSE.max(pace));
        }
        let now = clock.now();
        age >= pace
            || deadlines
                .iter()
                .any(|deadline| last.civil < *deadline && *deadline <= now)
    }

    /// When an invoice was last read, with whatever luck, on the monotonic clock.
    pub(crate) fn last_read(&self, invoice: Uuid) -> Option<Duration> {
        lock(&self.0).get(&invoice).map(|last| last.at)
    }

    /// Notes a reading that succeeded.
    pub(crate) fn succeeded(&self, invoice: Uuid, clock: &dyn Clock) {
        let attempt = Attempt {
            at: clock.monotonic(),
            civil: clock.now(),
            failures: 0,
        };
        lock(&self.0).insert(invoice, attempt);
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
        readings.succeeded(id, &hands);
        hands.advance(2499);
        assert!(!readings.is_due(id, PACE, &[], &hands));
        hands.advance(1);
        assert!(readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn a_deadline_forces_one_reading_and_no_more() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let reprice = Timestamp::from_millis(1000);
        readings.succeeded(id, &hands);
        hands.advance(999);
        assert!(!readings.is_due(id, PACE, &[reprice], &hands));
        hands.advance(1);
        assert!(readings.is_due(id, PACE, &[reprice], &hands));
        readings.succeeded(id, &hands);
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
        readings.succeeded(id, &hands);
        assert!(!readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn a_pace_longer_than_the_longest_pause_is_kept_after_failures() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        let pace = Duration::from_secs(600);
        for _ in 0..3 {
            readings.failed(id, &hands);
            hands.advance(599_999);
            assert!(!readings.is_due(id, pace, &[], &hands));
            hands.advance(1);
            assert!(readings.is_due(id, pace, &[], &hands));
        }
    }

    #[test]
    fn each_invoice_has_its_own_readings() {
        let (readings, hands) = (Freshness::default(), Hands::default());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        readings.succeeded(one, &hands);
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
        readings.succeeded(id, &hands);
        hands.advance(10);
        assert!(readings.is_due(id, PACE, &[far, near], &hands));
        assert!(!readings.is_due(id, PACE, &[far], &hands));
        assert!(!readings.is_due(id, PACE, &[Timestamp::from_millis(0)], &hands));
    }

    #[test]
    fn a_clock_set_back_does_not_stop_readings() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        hands.advance(1_000_000);
        readings.succeeded(id, &hands);
        hands.civil.store(0, Ordering::SeqCst);
        hands.monotonic.fetch_add(2500, Ordering::SeqCst);
        assert!(readings.is_due(id, PACE, &[], &hands));
    }

    #[test]
    fn forgets_what_nobody_asks_about() {
        let (readings, hands, id) = (Freshness::default(), Hands::default(), Uuid::from_u128(1));
        readings.succeeded(id, &hands);
        hands.advance(60 * 60 * 1000 - 1);
        readings.forget_old(&hands);
        assert_eq!(readings.0.lock().unwrap().len(), 1);
        hands.advance(1);
        readings.forget_old(&hands);
        assert!(readings.0.lock().unwrap().is_empty());
    }
}
