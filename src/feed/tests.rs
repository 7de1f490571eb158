//! When a stream may be opened, relied on, and when it may not.

use super::{End, Feed, LASTING_MS, LONG_REST_MS, MOST_PIECES, SILENCE_MS};
use proptest::prelude::*;

const MIDDLE: u16 = u16::MAX / 2;

/// A feed whose stream was opened at that time and has told something.
fn live(now: i64) -> Feed {
    let mut feed = Feed::default();
    feed.open(now);
    assert!(feed.hear(now));
    feed.tell();
    feed
}

/// How long a feed rests after a failure at `now`.
fn rest(feed: &mut Feed, now: i64) -> i64 {
    feed.end(End::Failed, now, MIDDLE);
    assert!(!feed.is_open());
    (0..100_000)
        .find(|wait| feed.may_open(now + wait))
        .expect("never for ever")
}

#[test]
fn it_is_relied_on_only_once_it_has_told_something() {
    let mut feed = Feed::default();
    assert!(feed.may_open(0) && !feed.is_live());
    feed.open(0);
    assert!(feed.is_open() && !feed.may_open(0) && !feed.is_live());
    assert!(feed.hear(1));
    assert!(!feed.is_live(), "a beat tells nothing");
    feed.tell();
    assert!(feed.is_live());
}

#[test]
fn silence_is_death_and_a_beat_is_life() {
    let mut feed = live(0);
    assert!(!feed.is_dead(SILENCE_MS));
    assert!(feed.is_dead(SILENCE_MS + 1));
    assert!(feed.hear(SILENCE_MS));
    assert!(!feed.is_dead(SILENCE_MS * 2));
    assert!(!Feed::default().is_dead(i64::MAX), "no stream, no silence");
}

#[test]
fn a_stream_that_never_says_anything_is_dead_too() {
    let mut feed = Feed::default();
    feed.open(5);
    assert!(feed.is_dead(5 + SILENCE_MS + 1));
}

#[test]
fn each_failure_in_a_row_rests_longer_up_to_a_bound() {
    let (mut feed, mut now) = (Feed::default(), 0);
    let rests: Vec<i64> = (0..12)
        .map(|_| {
            feed.open(now);
            let rest = rest(&mut feed, now);
            now += rest;
            rest
        })
        .collect();
    assert!(rests.is_sorted(), "{rests:?}");
    assert!((750..=1_250).contains(&rests[0]), "{rests:?}");
    assert!(rests[11] <= 37_500, "{rests:?}");
}

#[test]
fn a_stream_that_lasted_makes_good_for_those_before() {
    let mut feed = Feed::default();
    for now in 0..8 {
        feed.open(now);
        feed.end(End::Failed, now, MIDDLE);
    }
    feed.open(0);
    assert!(rest(&mut feed, LASTING_MS + 1) <= 1_250);
}

#[test]
fn one_that_fails_after_its_first_word_does_not() {
    let mut feed = live(0);
    let first = rest(&mut feed, 1);
    feed.open(10_000);
    assert!(feed.hear(10_000));
    feed.tell();
    assert!(rest(&mut feed, 10_001) > first);
}

#[test]
fn a_refused_one_is_not_asked_for_again_for_long_or_until_the_page_comes_back() {
    let mut feed = live(0);
    feed.end(End::Refused, 0, MIDDLE);
    assert!(!feed.may_open(LONG_REST_MS - 1));
    assert!(feed.may_open(LONG_REST_MS));
    feed.close();
    assert!(feed.may_open(0));
}

#[test]
fn a_flood_is_stopped_and_a_second_without_one_is_not() {
    let mut feed = live(0);
    for _ in 1..MOST_PIECES {
        assert!(feed.hear(0));
    }
    assert!(!feed.hear(0), "one more than may come");
    assert!(!feed.is_dead(1_000));
    assert!(feed.hear(1_000), "counted anew each second");
}

#[test]
fn what_comes_after_the_end_is_not_heard() {
    let mut feed = live(0);
    feed.end(End::Failed, 0, MIDDLE);
    assert!(!feed.hear(1));
    feed.tell();
    assert!(!feed.is_live());
    let resting = feed;
    feed.end(End::Failed, 0, MIDDLE);
    assert_eq!(feed, resting, "one end is one failure");
}

proptest! {
    /// Whatever happens in whatever order: never two streams, never more than four in the first ten seconds of nothing but failures.
    #[test]
    fn there_is_never_a_storm(acts in proptest::collection::vec((0u8..5, 0i64..400, any::<u16>()), 1..200)) {
        let (mut feed, mut now, mut opened) = (Feed::default(), 0, Vec::new());
        for (act, passes, jitter) in acts {
            now += passes;
            match act {
                0 | 1 if feed.may_open(now) => {
                    prop_assert!(!feed.is_open());
                    feed.open(now);
                    opened.push(now);
                }
                2 => feed.end(End::Failed, now, jitter),
                3 => { let _ = feed.hear(now); }
                4 => feed.tell(),
                _ => {}
            }
            prop_assert!(!(feed.may_open(now) && feed.is_open()));
            prop_assert!(!feed.is_live() || feed.is_open());
        }
        let early = opened.iter().filter(|at| **at < 10_000 && now < LASTING_MS).count();
        prop_assert!(early <= 5, "{:?}", opened);
    }
}
