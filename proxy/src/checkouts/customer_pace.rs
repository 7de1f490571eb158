//! How often a customer's addresses are read: they are permanent, so they are read for ever, at a pace that falls.

use checkout::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long after an address was shown, or the last deposit was seen, a customer is read how often, in seconds.
const PACES: [(i64, i64); 4] = [
    (HOUR, YOUNGEST_PACE_SECONDS),
    (DAY, 10 * MINUTE),
    (7 * DAY, HOUR),
    (30 * DAY, 6 * HOUR),
];
/// The first of these paces.
pub(crate) const YOUNGEST_PACE_SECONDS: i64 = 2 * MINUTE;
/// The pace after the last of these ages, for ever.
pub(crate) const LONGEST_PACE_SECONDS: i64 = DAY;

/// How often a customer is read whose last showing or deposit is so old.
fn pace_seconds(age_seconds: i64) -> i64 {
    PACES
        .iter()
        .find(|(age, _)| age_seconds < *age)
        .map_or(LONGEST_PACE_SECONDS, |(_, pace)| *pace)
}

/// When a customer has its next turn that was read just now.
pub(crate) fn next_turn(
    shown_at: Timestamp,
    last_deposit: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let last = last_deposit.map_or(shown_at, |at| at.max(shown_at));
    now.plus_seconds(pace_seconds(now.millis_since(last) / 1000))
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;

    use super::{DAY, HOUR, LONGEST_PACE_SECONDS, MINUTE, next_turn, pace_seconds};

    #[test]
    fn the_pace_falls_with_age_and_never_ends() {
        for (age, pace) in [
            (-HOUR, 2 * MINUTE),
            (0, 2 * MINUTE),
            (HOUR - 1, 2 * MINUTE),
            (HOUR, 10 * MINUTE),
            (DAY - 1, 10 * MINUTE),
            (DAY, HOUR),
            (7 * DAY - 1, HOUR),
            (7 * DAY, 6 * HOUR),
            (30 * DAY - 1, 6 * HOUR),
            (30 * DAY, DAY),
            (10_000 * DAY, LONGEST_PACE_SECONDS),
        ] {
            assert_eq!(pace_seconds(age), pace, "{age}");
        }
    }

    #[test]
    fn a_deposit_makes_a_customer_young_again() {
        let now = Timestamp::from_millis(1_795_250_000_000);
        let shown = now.plus_seconds(-40 * DAY);
        let in_seconds = |at: Timestamp| at.millis_since(now) / 1000;
        assert_eq!(in_seconds(next_turn(shown, None, now)), DAY);
        assert_eq!(in_seconds(next_turn(shown, Some(now), now)), 2 * MINUTE);
        let older = shown.plus_seconds(-DAY);
        assert_eq!(in_seconds(next_turn(shown, Some(older), now)), DAY);
        assert_eq!(in_seconds(next_turn(now, Some(older), now)), 2 * MINUTE);
    }
}
