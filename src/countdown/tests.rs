//! The countdown against sleeping computers, set clocks and slow answers.

use super::{DRIFT_MS, Reading, ServerClock, clock_face, seconds_left};
use checkout::Timestamp;
use proptest::prelude::*;

const NOW: i64 = 1_795_000_000_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn reading(monotonic: i64, wall: i64) -> Reading {
    Reading { monotonic, wall }
}

#[test]
fn half_of_the_wait_is_added() {
    let clock = ServerClock::anchored(at(NOW), 1_000, reading(1_400, 77));
    assert_eq!(clock.now(reading(1_400, 77)), at(NOW + 200));
    assert_eq!(clock.now(reading(2_400, 1_077)), at(NOW + 1_200));
}

#[test]
fn a_monotonic_clock_that_goes_back_does_not_turn_time_back() {
    let clock = ServerClock::anchored(at(NOW), 1_000, reading(1_000, 0));
    assert_eq!(clock.now(reading(500, 0)), at(NOW));
}

#[test]
fn sleep_is_noticed_and_hides_by_the_later_clock() {
    let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, NOW));
    // Three hours asleep, of which the monotonic clock saw five seconds.
    let woken = reading(5_000, NOW + 10_800_000);
    assert!(clock.has_drifted(woken));
    clock.suspect();
    assert!(!clock.is_trusted());
    assert_eq!(clock.latest(woken), at(NOW + 10_800_000));
}

#[test]
fn a_suspected_clock_is_never_earlier_than_the_monotonic_one() {
    let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, NOW));
    clock.suspect();
    // Somebody set the wall clock back by a day.
    assert_eq!(
        clock.latest(reading(60_000, NOW - 86_400_000)),
        at(NOW + 60_000)
    );
}

#[test]
fn a_new_answer_restores_trust() {
    let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, NOW));
    clock.suspect();
    clock = ServerClock::anchored(at(NOW + 5), 10, reading(10, NOW));
    assert!(clock.is_trusted());
    assert_eq!(clock.latest(reading(10, NOW)), at(NOW + 5));
}

#[test]
fn what_was_not_asked_for_moves_time_forward_only() {
    let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, NOW));
    let later = reading(10_000, NOW + 10_000);
    clock.hear(at(NOW + 2_000), later);
    assert_eq!(clock.now(later), at(NOW + 10_000), "it was on its way");
    clock.hear(at(NOW + 900_000), later);
    assert_eq!(clock.now(later), at(NOW + 900_000), "the proxy knows");
    let second = reading(11_000, NOW + 11_000);
    assert_eq!(clock.now(second), at(NOW + 901_000));
    assert!(!clock.has_drifted(second));
}

#[test]
fn what_was_not_asked_for_hides_no_sleep() {
    let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, NOW));
    // It lay in the network while the computer slept for three hours.
    let woken = reading(5_000, NOW + 10_800_000);
    clock.hear(at(NOW + 60_000), woken);
    assert!(clock.has_drifted(woken));
    clock.suspect();
    assert!(clock.latest(woken) >= at(NOW + 10_800_000));
    let suspected = clock;
    clock.hear(at(NOW + 20_000_000), woken);
    assert_eq!(clock, suspected, "only an answer restores trust");
}

#[test]
fn the_last_second_is_shown_until_it_is_over() {
    assert_eq!(seconds_left(at(10_000), at(0)), 10);
    assert_eq!(seconds_left(at(10_000), at(1)), 10);
    assert_eq!(seconds_left(at(10_000), at(9_999)), 1);
    assert_eq!(seconds_left(at(10_000), at(10_000)), 0);
    assert_eq!(seconds_left(at(10_000), at(99_999)), 0);
}

#[test]
fn clock_faces() {
    for (seconds, face) in [
        (0, "0:00"),
        (9, "0:09"),
        (60, "1:00"),
        (899, "14:59"),
        (3_599, "59:59"),
        (3_600, "1:00:00"),
        (10_747, "2:59:07"),
        (172_800, "48:00:00"),
    ] {
        assert_eq!(clock_face(seconds), face);
    }
}

proptest! {
    /// Whatever is done to the wall clock, a count that may be shown is the true one.
    #[test]
    fn the_wall_clock_never_moves_the_count(
        first_wall in any::<i64>(),
        steps in proptest::collection::vec((0i64..100_000_000, any::<i64>()), 1..40),
        wait in 0i64..30_000,
    ) {
        let clock = ServerClock::anchored(at(NOW), 0, reading(wait, first_wall));
        let mut monotonic = wait;
        for (step, wall) in steps {
            monotonic += step;
            let seen = reading(monotonic, wall);
            let truth = NOW + wait / 2 + (monotonic - wait);
            prop_assert_eq!(clock.now(seen), at(truth));
            prop_assert_eq!(clock.latest(seen), at(truth));
            let deadline = at(NOW + 900_000);
            prop_assert_eq!(
                i64::from(seconds_left(deadline, clock.now(seen))),
                ((NOW + 900_000 - truth).max(0) + 999) / 1_000
            );
        }
    }

    /// Suspected, the time that decides about the address is never earlier than either clock says.
    #[test]
    fn a_suspected_clock_errs_towards_hiding(elapsed in 0i64..1_000_000_000, wall in -1_000_000_000i64..1_000_000_000) {
        let mut clock = ServerClock::anchored(at(NOW), 0, reading(0, 0));
        clock.suspect();
        let latest = clock.latest(reading(elapsed, wall));
        prop_assert!(latest >= at(NOW + elapsed));
        prop_assert!(latest >= at(NOW + wall));
    }

    /// A sleep of any length beyond the tolerance is noticed; none of the ordinary jitter is.
    #[test]
    fn drift_is_noticed_exactly_beyond_the_tolerance(elapsed in 0i64..1_000_000_000, gap in -1_000_000_000i64..1_000_000_000) {
        let clock = ServerClock::anchored(at(NOW), 0, reading(0, 0));
        prop_assert_eq!(clock.has_drifted(reading(elapsed, elapsed + gap)), gap.abs() > DRIFT_MS);
    }
}
