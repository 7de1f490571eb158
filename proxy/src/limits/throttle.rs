//! So many of something in a span of time, by key.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::span::Span;
use crate::clock::Clock;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Duration>>;

/// Counts by key and says when there have been too many. Kept in memory only: after a restart the counting begins anew.
pub(crate) struct Throttle<K: Hash + Eq + Clone> {
    limiter: Option<Limiter<K>>,
}

/// The proxy's clock as the limiter takes it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// At most `most` in a span, spread evenly, but a part of them at once. 0 is no limit.
    pub(crate) fn new(most: u32, span: Span, clock: &Arc<dyn Clock>) -> Self {
        let limiter = NonZeroU32::new(most).and_then(|most| {
            let at_once = NonZeroU32::new(span.at_once(most.get()))?;
            let quota = Quota::with_period(span.length() / most.get())?.allow_burst(at_once);
            let clock = Ticks(Arc::clone(clock));
            Some(RateLimiter::hashmap_with_clock(quota, clock))
        });
        Self { limiter }
    }

    /// Counts one more; or, when that is too many, says after how long it would not be.
    pub(crate) fn take(&self, key: &K) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(key).map_err(|not_until| {
            let now = governor::clock::Clock::now(limiter.clock());
            not_until.wait_time_from(now)
        })
    }

    /// Forgets keys that have everything to spend again, so that the memory stays bounded.
    pub(crate) fn forget_full(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use checkout::Timestamp;

    use super::{Span, Throttle};
    use crate::clock::Clock;

    #[derive(Default)]
    struct Hands(AtomicU64);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::SeqCst))
        }
    }

    #[test]
    fn a_tenth_at_once_then_one_by_one_and_each_key_for_itself() {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        let throttle = Throttle::new(360, Span::HOUR, &clock);
        for _ in 0..36 {
            throttle.take(&"one").unwrap();
        }
        assert_eq!(throttle.take(&"one"), Err(Duration::from_secs(10)));
        throttle.take(&"other").unwrap();
        hands.0.fetch_add(9, Ordering::SeqCst);
        assert_eq!(throttle.take(&"one"), Err(Duration::from_secs(1)));
        hands.0.fetch_add(1, Ordering::SeqCst);
        throttle.take(&"one").unwrap();
        assert!(throttle.take(&"one").is_err());
    }

    #[test]
    fn a_day_gives_a_quarter_at_once_and_a_minute_everything() {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        for (span, most, at_once, next) in [(Span::DAY, 2400, 600, 36), (Span::MINUTE, 60, 60, 1)] {
            let throttle = Throttle::new(most, span, &clock);
            let taken = (0..most).filter(|_| throttle.take(&()).is_ok());
            assert_eq!(taken.count(), at_once);
            assert_eq!(throttle.take(&()), Err(Duration::from_secs(next)));
        }
    }

    #[test]
    fn nought_is_no_limit_and_what_is_full_is_forgotten() {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        let none = Throttle::new(0, Span::HOUR, &clock);
        assert!((0..10_000).all(|_| none.take(&"x").is_ok()));
        let throttle = Throttle::new(3600, Span::HOUR, &clock);
        for key in 0..100 {
            throttle.take(&key).unwrap();
        }
        hands.0.fetch_add(3600, Ordering::SeqCst);
        throttle.forget_full();
        assert_eq!(throttle.limiter.as_ref().unwrap().len(), 0);
    }
}
