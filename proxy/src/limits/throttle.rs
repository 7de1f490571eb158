//! So many of something per hour, by key.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;

/// The span a number is counted over.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Which part of an hour's number may come at once.
const AT_ONCE: u32 = 10;

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
    /// At most `most` in an hour, spread evenly, but a tenth of them at once. 0 is no limit.
    pub(crate) fn per_hour(most: u32, clock: &Arc<dyn Clock>) -> Self {
        let limiter = NonZeroU32::new(most).and_then(|most| {
            let at_once = NonZeroU32::new(most.get() / AT_ONCE).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(HOUR / most.get())?.allow_burst(at_once);
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

    use super::Throttle;
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
        let throttle = Throttle::per_hour(360, &clock);
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
    fn nought_is_no_limit_and_what_is_full_is_forgotten() {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        let none = Throttle::per_hour(0, &clock);
        assert!((0..10_000).all(|_| none.take(&"x").is_ok()));
        let throttle = Throttle::per_hour(3600, &clock);
        for key in 0..100 {
            throttle.take(&key).unwrap();
        }
        hands.0.fetch_add(3600, Ordering::SeqCst);
        throttle.forget_full();
        assert_eq!(throttle.limiter.as_ref().unwrap().len(), 0);
    }
}
