//! So many of something in a span of time, divided among those who ask: whoever takes more than an equal part is refused first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::span::Span;
use crate::clock::Clock;
use crate::lock::lock;

/// What is taken is counted in millionths, so that it is worked off smoothly.
const ONE: u64 = 1_000_000;
/// How often those are looked for who have worked off what they took.
const TIDY: Duration = Duration::from_secs(1);

/// Pools by name, each with the same number in a span.
///
/// A part of the number may be taken at once, by anybody. When that is used up, somebody still gets one who has taken less than an equal
/// part of it, as long as a whole span's number is not used up: in any span, a pool gives at most twice its number. What is taken is worked
/// off evenly over the span, the pool's by the number, and everybody's own by an equal part of it.
///
/// Kept in memory only: after a restart the counting begins anew.
pub(crate) struct Shares<P, K> {
    rate: Rate,
    clock: Arc<dyn Clock>,
    pools: Mutex<HashMap<P, Pool<K>>>,
}

/// How many in which span.
#[derive(Clone, Copy)]
struct Rate {
    most: u32,
    span: Span,
}

struct Pool<K> {
    all: Taken,
    each: HashMap<K, Taken>,
    tidied: Duration,
}

/// What was taken and is not worked off yet.
#[derive(Default, Clone, Copy)]
struct Taken {
    millionths: u64,
    at: Duration,
}

impl Taken {
    /// What is left of it `now`, when the number is divided among `parts`.
    fn left(self, rate: Rate, parts: u64, now: Duration) -> u64 {
        let passed = now.saturating_sub(self.at).as_micros();
        // A millionth of one takes as many microseconds as one takes seconds.
        let worked_off = passed.saturating_mul(u128::from(rate.most))
            / (u128::from(rate.span.seconds()) * u128::from(parts));
        self.millionths
            .saturating_sub(u64::try_from(worked_off).unwrap_or(u64::MAX))
    }
}

impl<P: Hash + Eq + Clone, K: Hash + Eq + Clone> Shares<P, K> {
    /// Pools of `most` in a span. 0 is no limit.
    pub(crate) fn new(most: u32, span: Span, clock: &Arc<dyn Clock>) -> Self {
        Self {
            rate: Rate { most, span },
            clock: Arc::clone(clock),
            pools: Mutex::default(),
        }
    }

    /// Gives `who` one of a pool; or says after how long it would.
    pub(crate) fn take(&self, pool: &P, who: &K) -> Result<(), Duration> {
        if self.rate.most == 0 {
            return Ok(());
        }
        let now = self.clock.monotonic();
        let mut pools = lock(&self.pools);
        let pool = pools.entry(pool.clone()).or_insert_with(|| Pool {
            all: Taken::default(),
            each: HashMap::new(),
            tidied: now,
        });
        pool.tidy(self.rate, now);
        pool.take(self.rate, who, now)
    }

    /// Forgets pools of which nothing is taken.
    pub(crate) fn forget_full(&self) {
        let now = self.clock.monotonic();
        lock(&self.pools).retain(|_, pool| {
            pool.tidied = Duration::ZERO;
            pool.tidy(self.rate, now);
            !pool.each.is_empty()
        });
    }
}

impl<K: Hash + Eq + Clone> Pool<K> {
    fn take(&mut self, rate: Rate, who: &K, now: Duration) -> Result<(), Duration> {
        let known = self.each.get(who).copied();
        let parts = self.each.len() as u64 + u64::from(known.is_none());
        let all = self.all.left(rate, 1, now) + ONE;
        let own = known.map_or(0, |taken| taken.left(rate, parts, now)) + ONE;

        let number = u64::from(rate.most) * ONE;
        let at_once = (number / rate.span.parts()).max(ONE);
        let part_at_once = (at_once / parts).max(ONE);
        let wait = |excess: u64, parts: u64| {
            let micros = excess
                .saturating_mul(rate.span.seconds())
                .saturating_mul(parts);
            Duration::from_micros(micros.div_ceil(u64::from(rate.most)))
        };
        let until_all = wait(all.saturating_sub(at_once), 1);
        let until_part =
            wait(own.saturating_sub(part_at_once), parts).max(wait(all.saturating_sub(number), 1));
        match until_all.min(until_part) {
            Duration::ZERO => {
                let taken = |millionths| Taken {
                    millionths,
                    at: now,
                };
                self.all = taken(all);
                self.each.insert(who.clone(), taken(own));
                Ok(())
            }
            wait => Err(wait),
        }
    }

    /// Forgets those who have worked off what they took: only the others divide the number.
    fn tidy(&mut self, rate: Rate, now: Duration) {
        if now.saturating_sub(self.tidied) < TIDY {
            return;
        }
        self.tidied = now;
        let parts = self.each.len() as u64;
        self.each.retain(|_, taken| {
            *taken = Taken {
                millionths: taken.left(rate, parts, now),
                at: now,
            };
            taken.millionths > 0
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use checkout::Timestamp;

    use super::{Shares, Span};
    use crate::clock::Clock;

    #[derive(Default)]
    struct Hands(AtomicU64);

    impl Hands {
        fn advance(&self, seconds: u64) {
            self.0.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::SeqCst))
        }
    }

    fn shares(most: u32) -> (Shares<(), u32>, Arc<Hands>) {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        (Shares::new(most, Span::HOUR, &clock), hands)
    }

    /// How many `who` gets of `asked`.
    fn given(shares: &Shares<(), u32>, who: u32, asked: u32) -> u32 {
        let given = (0..asked).filter(|_| shares.take(&(), &who).is_ok());
        u32::try_from(given.count()).unwrap()
    }

    #[test]
    fn one_alone_has_all_of_it_and_those_who_come_after_have_their_parts() {
        let (shares, hands) = shares(720);
        assert_eq!(given(&shares, 1, 1000), 72, "a tenth at once");
        assert_eq!(given(&shares, 2, 1000), 36, "half of it");
        assert_eq!(given(&shares, 3, 1000), 24, "a third of it");
        assert_eq!(given(&shares, 1, 1000), 0);
        assert!(shares.take(&(), &1).unwrap_err() >= Duration::from_secs(1));
        // Five seconds are worth one of them; three who have taken too much wait until it is theirs.
        hands.advance(5);
        assert_eq!(given(&shares, 1, 10), 0);
        assert_eq!(given(&shares, 4, 1), 1, "a fourth has taken nothing yet");
    }

    #[test]
    fn a_crowd_that_takes_all_it_can_leaves_each_other_one_as_much_as_one_of_its_own_has() {
        let (shares, hands) = shares(3600);
        let mut honest = 0;
        let mut crowd = 0;
        for _ in 0..3600 {
            hands.advance(1);
            for who in 1..=100 {
                crowd += given(&shares, who, 5);
            }
            if hands.monotonic().as_secs().is_multiple_of(120) {
                honest += given(&shares, 0, 1);
            }
        }
        assert_eq!(honest, 30, "each time");
        assert!((3600..7200).contains(&crowd), "{crowd}");
    }

    #[test]
    fn a_pool_gives_at_most_twice_its_number_in_an_hour_however_many_ask() {
        let (shares, hands) = shares(360);
        let mut given = 0;
        for second in 0..3600 {
            hands.advance(1);
            for who in 0..20 {
                given += u32::from(shares.take(&(), &(second * 20 + who)).is_ok());
            }
        }
        assert!((360..=720).contains(&given), "{given}");
    }

    #[test]
    fn what_was_promised_after_a_wait_is_given_then() {
        let (shares, hands) = shares(3600);
        for who in 0..4 {
            given(&shares, who, 1000);
        }
        let wait = shares.take(&(), &0).unwrap_err();
        hands.advance(wait.as_secs() + 1);
        assert!(shares.take(&(), &0).is_ok());
    }

    #[test]
    fn pools_are_apart_nought_is_no_limit_and_what_is_worked_off_is_forgotten() {
        let hands = Arc::new(Hands::default());
        let clock: Arc<dyn Clock> = Arc::clone(&hands) as _;
        let shares = Shares::new(10, Span::HOUR, &clock);
        shares.take(&"coffee", &1).unwrap();
        assert!(shares.take(&"coffee", &1).is_err());
        shares.take(&"tea", &1).unwrap();
        hands.advance(3600);
        shares.forget_full();
        assert!(shares.pools.lock().unwrap().is_empty());
        let none = Shares::new(0, Span::HOUR, &clock);
        assert!((0..10_000).all(|_| none.take(&(), &1).is_ok()));
    }
}
