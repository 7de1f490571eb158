//! When to ask the proxy next: its own pace, a deadline that comes sooner, or a growing wait after failures.

/// The shortest pace that is followed, in milliseconds, whatever the proxy asks for.
pub const SHORTEST_MS: u32 = 500;
/// The longest pace that is followed, in milliseconds.
pub const LONGEST_MS: u32 = 60_000;
/// The wait after many failures in a row, before jitter, in milliseconds.
pub const BACKOFF_LIMIT_MS: u32 = 30_000;
/// How soon to ask again when a deadline has passed and the answer does not yet say so, in milliseconds.
pub const OVERDUE_MS: u32 = 1_000;
/// How long after a deadline to ask, in milliseconds, so that the other side has passed it too.
pub const AFTER_DEADLINE_MS: u32 = 100;
/// How soon to ask while the proxy's stream tells the news, in milliseconds: often enough that a stream which lost one is found out.
pub const SAFETY_MS: u32 = 45_000;
/// How long the stream may take to tell of a deadline before the page asks, in milliseconds: a new price is the gateway's to say.
pub const STREAM_GRACE_MS: i64 = 3_000;
/// How old the last whole answer may be before the next one is asked for without `If-None-Match`, in milliseconds.
///
/// An unchanged checkout is answered with 304 and no body, so without a `now`; this keeps the clock fresh.
pub const WHOLE_ANSWER_MS: i64 = 30_000;

/// Milliseconds to wait before the next question.
///
/// `pace_ms` is the proxy's `pollAfterMs`, `failures` how many questions in a row had no answer, `jitter` a random
/// number, `until_deadline` the time to the next repricing or expiry (zero or less when it has passed unanswered).
#[must_use]
pub fn wait_ms(pace_ms: u32, failures: u32, jitter: u16, until_deadline: Option<i64>) -> u32 {
    let pace = pace_ms.clamp(SHORTEST_MS, LONGEST_MS);
    if failures > 0 {
        return backoff_ms(pace, failures, jitter);
    }
    match until_deadline {
        Some(left) if left <= 0 => pace.min(OVERDUE_MS),
        Some(left) => pace.min(
            u32::try_from(left)
                .unwrap_or(LONGEST_MS)
                .saturating_add(AFTER_DEADLINE_MS),
        ),
        None => pace,
    }
}

/// Doubles with every failure up to [`BACKOFF_LIMIT_MS`], then moves it by at most a quarter either way, so that the
/// pages of a shop do not all come back in the same second.
#[must_use]
pub fn backoff_ms(pace: u32, failures: u32, jitter: u16) -> u32 {
    let limit = BACKOFF_LIMIT_MS.max(pace);
    let wait = pace.saturating_mul(1 << failures.min(10)).min(limit);
    let quarter = wait / 4;
    wait - quarter + (u32::from(jitter) * (quarter / 32)) / 1_024
}

/// What pace and deadline are while the proxy's stream tells the news: the questions are there to find out that it does not.
#[must_use]
pub fn beside_stream(
    is_live: bool,
    pace_ms: u32,
    until_deadline: Option<i64>,
) -> (u32, Option<i64>) {
    if is_live {
        let until_deadline = until_deadline.map(|left| left.saturating_add(STREAM_GRACE_MS));
        (pace_ms.max(SAFETY_MS), until_deadline)
    } else {
        (pace_ms, until_deadline)
    }
}

/// A random share of a wait of at most [`LONGEST_MS`].
#[must_use]
pub fn share_ms(wait: u32, jitter: u16) -> u32 {
    (wait.min(LONGEST_MS) * u32::from(jitter)) >> 16
}

#[cfg(test)]
mod tests {
    use super::{
        AFTER_DEADLINE_MS, BACKOFF_LIMIT_MS, LONGEST_MS, OVERDUE_MS, SAFETY_MS, SHORTEST_MS,
        STREAM_GRACE_MS, beside_stream, share_ms, wait_ms,
    };
    use proptest::prelude::*;

    #[test]
    fn the_proxys_pace_is_followed() {
        assert_eq!(wait_ms(3_000, 0, 77, None), 3_000);
        assert_eq!(wait_ms(0, 0, 0, None), SHORTEST_MS);
        assert_eq!(wait_ms(u32::MAX, 0, 0, None), LONGEST_MS);
    }

    #[test]
    fn a_deadline_is_met_just_after_it_passed() {
        assert_eq!(wait_ms(3_000, 0, 0, Some(1_234)), 1_234 + AFTER_DEADLINE_MS);
        assert_eq!(wait_ms(3_000, 0, 0, Some(900_000)), 3_000);
        assert_eq!(wait_ms(3_000, 0, 0, Some(i64::MAX)), 3_000);
    }

    #[test]
    fn a_deadline_that_passed_unanswered_is_asked_about_every_second() {
        assert_eq!(wait_ms(30_000, 0, 0, Some(0)), OVERDUE_MS);
        assert_eq!(wait_ms(30_000, 0, 0, Some(-5_000)), OVERDUE_MS);
    }

    #[test]
    fn failures_wait_longer_each_time() {
        let middle = u16::MAX / 2;
        let waits: Vec<u32> = (1..=5)
            .map(|failures| wait_ms(3_000, failures, middle, None))
            .collect();
        assert!(waits.is_sorted(), "{waits:?}");
        assert!(waits[0] >= 4_500 && waits[0] <= 7_500, "{waits:?}");
    }

    #[test]
    fn beside_a_stream_there_is_a_question_now_and_then_and_behind_a_deadline() {
        assert_eq!(beside_stream(false, 3_000, Some(5)), (3_000, Some(5)));
        assert_eq!(beside_stream(true, 3_000, None), (SAFETY_MS, None));
        assert_eq!(beside_stream(true, 50_000, None), (50_000, None));
        let (pace, until) = beside_stream(true, 500, Some(10_000));
        assert_eq!((pace, until), (SAFETY_MS, Some(10_000 + STREAM_GRACE_MS)));
        assert_eq!(beside_stream(true, 500, Some(i64::MAX)).1, Some(i64::MAX));
    }

    #[test]
    fn a_share_lies_anywhere_within_the_wait() {
        assert_eq!(share_ms(3_000, 0), 0);
        assert_eq!(share_ms(3_000, u16::MAX / 2), 1_499);
        assert_eq!(share_ms(u32::MAX, u16::MAX), LONGEST_MS - 1);
    }

    proptest! {
        /// Never a storm, never forgotten: every wait lies between its bounds, whatever comes in.
        #[test]
        fn every_wait_is_bounded(pace in any::<u32>(), failures in any::<u32>(), jitter in any::<u16>(), left in any::<Option<i64>>()) {
            let wait = wait_ms(pace, failures, jitter, left);
            prop_assert!(wait >= 1);
            prop_assert!(wait <= LONGEST_MS + LONGEST_MS / 4);
        }

        #[test]
        fn a_backoff_stays_within_a_quarter_of_its_step(pace in 500u32..30_000, failures in 1u32..40, jitter in any::<u16>(), left in any::<Option<i64>>()) {
            let step = u64::from(pace).saturating_mul(1u64 << failures.min(30)).min(u64::from(BACKOFF_LIMIT_MS.max(pace)));
            let wait = u64::from(wait_ms(pace, failures, jitter, left));
            prop_assert!(wait * 4 >= step * 3, "{} of {}", wait, step);
            prop_assert!(wait * 4 <= step * 5, "{} of {}", wait, step);
        }
    }
}
