//! Ids that follow from what is told, and what becomes of an event by an attempt.

use std::collections::HashSet;

use checkout::Timestamp;
use checkout::wire::{AttemptOutcome, AttemptView, EventKind, EventState};
use uuid::Uuid;

use super::{Ended, Event, EventId, MOST_ATTEMPTS, NEVER, Next};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::NOW;

pub(crate) fn attempt(outcome: AttemptOutcome, at: Timestamp) -> AttemptView {
    AttemptView {
        at,
        outcome,
        status: Some(500),
        reason: None,
    }
}

fn pending(tries: u32) -> Event {
    Event {
        seq: 1,
        id: EventId::of(&ShopId::default(), "something"),
        shop: ShopId::default(),
        checkout: CheckoutId::random(),
        kind: EventKind::Paid,
        at: NOW,
        body: "{}".to_owned(),
        state: EventState::Pending,
        tries,
        attempts: vec![],
        due_at: NOW,
    }
}

fn ended(tries: u32, next: Next) -> Ended {
    Ended {
        id: EventId::of(&ShopId::default(), "something"),
        by: Uuid::nil(),
        tries,
        attempt: attempt(AttemptOutcome::Refused, NOW),
        next,
        gone: None,
    }
}

#[test]
fn the_same_fact_of_a_shop_has_one_id_and_others_have_others() {
    let (one, other) = (ShopId::default(), ShopId::parse("garden").unwrap());
    let ids: HashSet<_> = [(&one, "a"), (&one, "b"), (&other, "a"), (&one, "a")]
        .map(|(shop, cause)| EventId::of(shop, cause))
        .into_iter()
        .collect();
    assert_eq!(ids.len(), 3);
    for id in ids {
        assert_eq!(EventId::parse(id.as_str()), Some(id.clone()));
        // What Standard Webhooks signs is joined by dots.
        assert!(!id.as_str().contains('.') && id.as_str().len() <= 64);
        for wrong in [
            id.as_str().to_uppercase(),
            id.as_str().replace("evt_", ""),
            format!("{id} "),
            format!("{id}0"),
            id.as_str().replace("evt_", "evt_{"),
        ] {
            assert_eq!(EventId::parse(&wrong), None, "{wrong}");
        }
    }
    // Receivers have stored it, so it never changes.
    let id = EventId::of(&one, "0d6c3f0e-0000-4000-8000-000000000000/checkout.paid");
    assert_eq!(id.as_str(), "evt_4e0a29b3a56c5b2ca75e4b5b563bab8a");
}

#[test]
fn an_attempt_moves_an_event_on() {
    let later = NOW.plus_seconds(5);
    let after = pending(0).after(&ended(0, Next::Again(later)), true);
    assert_eq!(
        (after.state, after.tries, after.due_at),
        (EventState::Pending, 1, later)
    );
    let after = after.after(&ended(1, Next::Dead(None)), true);
    assert_eq!(
        (after.state, after.tries, after.due_at),
        (EventState::Dead, 2, NEVER)
    );
    assert_eq!(after.attempts.len(), 2);
    let after = pending(0).after(&ended(0, Next::Delivered), true);
    assert_eq!(
        (after.state, after.tries, after.due_at),
        (EventState::Delivered, 1, NEVER)
    );
}

#[test]
fn an_attempt_of_a_round_that_is_over_decides_nothing_but_that_it_was_taken() {
    let later = NOW.plus_seconds(5);
    // A replay has begun a new round, or somebody else has the lease by now.
    for (tries, is_leased) in [(3, true), (0, false)] {
        for next in [Next::Again(later), Next::Dead(None)] {
            let after = pending(0).after(&ended(tries, next), is_leased);
            assert_eq!(
                (after.state, after.tries, after.due_at),
                (EventState::Pending, 0, NOW)
            );
            assert_eq!(after.attempts.len(), 1, "it is seen all the same");
        }
        let after = pending(0).after(&ended(tries, Next::Delivered), is_leased);
        assert_eq!(after.state, EventState::Delivered);
    }
}

#[test]
fn the_latest_attempts_are_kept() {
    let mut event = pending(0);
    for number in 0..100 {
        let mut ended = ended(event.tries, Next::Again(NOW));
        ended.attempt.at = NOW.plus_seconds(number);
        event = event.after(&ended, true);
    }
    assert_eq!(event.attempts.len(), MOST_ATTEMPTS);
    assert_eq!(event.attempts.last().unwrap().at, NOW.plus_seconds(99));
}
