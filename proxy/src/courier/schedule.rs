//! When a delivery is tried again: the schedule of Standard Webhooks, with jitter that is handed in. Nothing here reads a clock.

use std::time::Duration;

/// How long one attempt may take in all.
pub const TIMEOUT: Duration = Duration::from_secs(15);

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The pause before each attempt, in seconds: ten attempts within about three days.
const PAUSES: [u64; 10] = [
    0,
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];

/// How many attempts an event has.
pub const ATTEMPTS: u32 = 10;

/// The longest `Retry-After` that is heeded.
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * HOUR);

/// How long to wait after `attempts` attempts before the next; `None` when there is none: the event is dead.
///
/// `jitter` is any number; it makes the pause up to a fifth longer, so that what failed together is not tried again together. A receiver's
/// `retry_after` can only make the pause longer, and not beyond a day, unless the schedule is longer anyhow.
#[must_use]
pub fn after(attempts: u32, retry_after: Option<Duration>, jitter: u64) -> Option<Duration> {
    let place = usize::try_from(attempts).ok()?;
    let pause = PAUSES.get(place)? * 1000;
    let spread = pause / 5;
    let pause = pause + jitter % (spread + 1);
    let asked = retry_after.unwrap_or_default().min(LONGEST_WAIT);
    Some(Duration::from_millis(pause).max(asked))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{ATTEMPTS, LONGEST_WAIT, PAUSES, after};

    #[test]
    fn the_schedule_is_the_one_of_the_specification() {
        let text = [
            "0s", "5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h",
        ];
        for (attempts, text) in (0..).zip(text) {
            let (number, unit) = text.split_at(text.len() - 1);
            let unit = match unit {
                "s" => 1,
                "m" => 60,
                _ => 3600,
            };
            let expected = Duration::from_secs(number.parse::<u64>().unwrap() * unit);
            assert_eq!(after(attempts, None, 0), Some(expected), "{attempts}");
        }
        assert_eq!(after(ATTEMPTS, None, 0), None);
        assert_eq!(after(u32::MAX, Some(Duration::MAX), u64::MAX), None);
        assert_eq!(PAUSES.len(), usize::try_from(ATTEMPTS).unwrap());
    }

    proptest! {
        #[test]
        fn a_pause_is_never_shorter_than_the_schedule_nor_without_end(
            attempts in 0..ATTEMPTS,
            wait in any::<Option<Duration>>(),
            jitter in any::<u64>(),
        ) {
            let base = Duration::from_secs(PAUSES[usize::try_from(attempts).unwrap()]);
            let pause = after(attempts, wait, jitter).unwrap();
            let asked = wait.unwrap_or_default().min(LONGEST_WAIT);
            prop_assert!(pause >= base.max(asked));
            prop_assert!(pause <= (base + base / 5).max(LONGEST_WAIT));
            prop_assert_eq!(after(attempts, Some(Duration::ZERO), jitter), after(attempts, None, jitter));
        }

        #[test]
        fn waiting_longer_is_asked_for_in_order(
            attempts in 0..ATTEMPTS, one in 0_u64..200_000, more in 0_u64..200_000, jitter in any::<u64>(),
        ) {
            let [shorter, longer] = [one, one + more].map(|s| after(attempts, Some(Duration::from_secs(s)), jitter));
            prop_assert!(shorter <= longer);
        }

        #[test]
        fn after_the_last_attempt_nothing_brings_an_event_back(
            attempts in ATTEMPTS.., wait in any::<Option<Duration>>(), jitter in any::<u64>(),
        ) {
            prop_assert_eq!(after(attempts, wait, jitter), None);
        }
    }
}
