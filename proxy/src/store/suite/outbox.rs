//! Events: kept with the change they tell of, sent in order, by one, until they are settled.

use checkout::Timestamp;
use checkout::wire::{AttemptOutcome, AttemptView, EventKind, EventState};
use futures_util::future::join_all;
use uuid::Uuid;

use super::Empty;
use super::samples::{
    DAY, address, asked, asked_again, caused, confirmed, customer, finish, listed, read, to,
};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::Purse;
use crate::checkouts::event::{Ended, Event, EventFilter, EventId, NEVER, Next};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::events::dead;
use crate::reading::events::tests::teller;
use crate::store::database::Database;
use crate::store::leases::Lease;
use crate::store::outcome::Finished;

/// How long a lease lasts here.
const LEASE: i64 = 30;

fn shop() -> ShopId {
    ShopId::default()
}

fn lease(by: u128, from: Timestamp) -> Lease {
    Lease {
        by: Uuid::from_u128(by),
        from,
        until: from.plus_seconds(LEASE),
    }
}

/// All events of the shop, in their order.
async fn all(database: &dyn Database) -> Vec<Event> {
    let found = database.events(shop(), EventFilter::default(), None, 1000);
    let mut found = found.await.unwrap();
    found.reverse();
    found
}

async fn kinds(database: &dyn Database) -> Vec<EventKind> {
    let all = all(database).await;
    all.iter().map(|event| event.kind).collect()
}

async fn claim(database: &dyn Database, by: u128, at: Timestamp) -> Vec<Event> {
    let claimed = database.claim_events(shop(), "mark".to_owned(), lease(by, at), 10);
    claimed.await.unwrap()
}

async fn end(
    database: &dyn Database,
    event: &Event,
    by: u128,
    next: Next,
    at: Timestamp,
) -> Option<Event> {
    let outcome = if next == Next::Delivered {
        AttemptOutcome::Taken
    } else {
        AttemptOutcome::Refused
    };
    let attempt = AttemptView {
        at,
        outcome,
        status: Some(200),
        reason: None,
    };
    let ended = Ended {
        id: event.id.clone(),
        by: Uuid::from_u128(by),
        tries: event.tries,
        attempt,
        next,
        gone: None,
    };
    database.end_attempt(ended, at).await.unwrap()
}

/// A payment whose invoice is stored.
async fn awaiting(database: &dyn Database, checkout: Checkout, id: u128) -> (Checkout, Invoice) {
    let (checkout, mut invoice) = asked(database, checkout, id).await;
    invoice.address = address(id);
    assert_eq!(finish(database, &invoice, NOW).await, Finished::Kept);
    (checkout, invoice)
}

/// A payment that was detected and then credited: three events.
async fn told_thrice(database: &dyn Database, id: u128) -> CheckoutId {
    let (checkout, invoice) = awaiting(database, sample::payment(), id).await;
    for (status, sum) in [("MEM_POOL_FOUND", "0"), ("COMPLETED", "10")] {
        let change = database.take_in(read(&invoice, status, sum)).await;
        assert!(change.unwrap().is_some());
    }
    checkout.id
}

pub(in crate::store) async fn an_event_is_kept_with_its_change_and_says_how_it_was_then(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let id = told_thrice(&*database, 1).await;
    let events = all(&*database).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [EventKind::Detected, EventKind::Paid, EventKind::Completed]
    );
    for (event, state) in events.iter().zip(["detected", "completed", "completed"]) {
        assert_eq!((event.checkout, &event.shop, event.at), (id, &shop(), NOW));
        assert_eq!(
            (event.state, event.tries, &event.attempts),
            (EventState::Pending, 0, &vec![])
        );
        let body = format!(
            r#"{{"type":"{}","timestamp":"{NOW}","data":{{"checkout":{{"id":"{id}","state":"{state}","deposits":0}}}}}}"#,
            event.kind
        );
        assert_eq!(event.body, body);
    }
    let due: Vec<_> = events.iter().map(|event| event.due_at).collect();
    assert_eq!(due, [NOW, NEVER, NEVER], "the others wait for the first");
}

pub(in crate::store) async fn of_equal_readings_at_once_one_tells(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let (_, invoice) = awaiting(&*database, sample::payment(), 1).await;
    for status in ["MEM_POOL_FOUND", "PAID"] {
        let readings = (0..8).map(|_| {
            let (database, reading) = (database.shared(), read(&invoice, status, "10"));
            tokio::spawn(async move { database.take_in(reading).await })
        });
        for one in join_all(readings).await {
            one.unwrap().unwrap();
        }
    }
    assert_eq!(
        kinds(&*database).await,
        [EventKind::Detected, EventKind::Paid]
    );
    let list = listed(to(&invoice), &[confirmed("a", "10", invoice.expires_at)]);
    let lists = (0..8).map(|_| {
        let (database, list) = (database.shared(), list.clone());
        tokio::spawn(async move { database.take_in_deposits(list).await })
    });
    for one in join_all(lists).await {
        one.unwrap().unwrap();
    }
    let late = kinds(&*database).await;
    assert_eq!(late[2..], [EventKind::LatePayment]);
}

pub(in crate::store) async fn events_of_one_checkout_are_sent_one_behind_the_other(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (one, other) = (
        told_thrice(&*database, 1).await,
        told_thrice(&*database, 2).await,
    );
    for expected in [EventKind::Detected, EventKind::Paid, EventKind::Completed] {
        let claimed = claim(&*database, 1, NOW).await;
        let mut of: Vec<_> = claimed.iter().map(|event| event.checkout).collect();
        of.sort_by_key(ToString::to_string);
        let mut both = [one, other];
        both.sort_by_key(ToString::to_string);
        assert_eq!(of, both, "one of each checkout");
        assert!(claimed.iter().all(|event| event.kind == expected));
        assert_eq!(
            claim(&*database, 1, NOW).await,
            [],
            "those are on their way"
        );
        for event in &claimed {
            let after = end(&*database, event, 1, Next::Delivered, NOW)
                .await
                .unwrap();
            assert_eq!(
                (after.state, after.attempts.len()),
                (EventState::Delivered, 1)
            );
            let again = end(&*database, event, 1, Next::Delivered, NOW).await;
            assert_eq!(again, None, "it is settled");
        }
    }
    assert_eq!(claim(&*database, 1, NOW.plus_seconds(DAY)).await, []);
}

pub(in crate::store) async fn one_that_is_put_off_keeps_the_later_ones_of_its_checkout_waiting(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    let first = claim(&*database, 1, NOW).await.remove(0);
    let later = NOW.plus_seconds(300);
    let after = end(&*database, &first, 1, Next::Again(later), NOW)
        .await
        .unwrap();
    assert_eq!((after.tries, after.due_at), (1, later));
    assert_eq!(claim(&*database, 1, later.plus_seconds(-1)).await, []);
    let again = claim(&*database, 2, later).await;
    assert_eq!(
        again.iter().map(|event| event.seq).collect::<Vec<_>>(),
        [first.seq]
    );
    assert_eq!(again[0].body, first.body);
    let told = dead::of(&again[0], later, true).unwrap();
    let gone = end(
        &*database,
        &again[0],
        2,
        Next::Dead(Some(Box::new(told.clone()))),
        later,
    )
    .await;
    assert_eq!(gone.unwrap().state, EventState::Dead);
    let next = claim(&*database, 1, later).await;
    assert_eq!(next[0].kind, EventKind::Paid, "the rest goes on");
    let last = all(&*database).await.pop().unwrap();
    assert_eq!(
        (last.kind, &last.body),
        (EventKind::WebhookDead, &told.body)
    );
    assert!(last.body.contains(first.id.as_str()));
    assert_eq!(dead::of(&last, later, true), None, "there is an end");
}

pub(in crate::store) async fn an_event_is_one_proxys_until_its_lease_ends(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    let claims = (1..=8).map(|by| {
        let database = database.shared();
        tokio::spawn(async move { (by, claim(&*database, by, NOW).await) })
    });
    let mut winners = Vec::new();
    for one in join_all(claims).await {
        let (by, claimed) = one.unwrap();
        winners.extend(claimed.into_iter().map(|event| (by, event)));
    }
    let [(winner, event)] = &winners[..] else {
        panic!("{winners:?}");
    };
    let until = NOW.plus_seconds(LEASE);
    assert_eq!(claim(&*database, 99, until.plus_seconds(-1)).await, []);
    let taken_over = claim(&*database, 99, until).await;
    assert_eq!(taken_over[0].id, event.id, "whoever had it is gone");
    // The first one was slow, and comes back with what it has heard.
    let slow = end(&*database, event, *winner, Next::Again(until), until)
        .await
        .unwrap();
    assert_eq!(
        (slow.tries, slow.attempts.len()),
        (0, 1),
        "it decides nothing"
    );
    assert_eq!(
        claim(&*database, 5, until).await,
        [],
        "the second one has its lease still"
    );
    // But what was taken is taken.
    let after = end(&*database, event, *winner, Next::Delivered, until)
        .await
        .unwrap();
    assert_eq!(after.state, EventState::Delivered);
    let late = end(&*database, &taken_over[0], 99, Next::Again(until), until).await;
    assert_eq!(late, None);
    // By a clock that was wrong then.
    let next = claim(&*database, 1, NOW.plus_seconds(300 * DAY))
        .await
        .remove(0);
    assert_eq!(next.kind, EventKind::Paid);
    assert_eq!(claim(&*database, 2, until).await[0].id, next.id);
}

pub(in crate::store) async fn an_event_is_sent_again_when_that_is_asked_for(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    let first = claim(&*database, 1, NOW).await.remove(0);
    end(&*database, &first, 1, Next::Dead(None), NOW).await;
    let second = claim(&*database, 1, NOW).await.remove(0);
    end(&*database, &second, 1, Next::Delivered, NOW).await;
    let later = NOW.plus_seconds(DAY);
    let replay = async |of: &str, id: &EventId| {
        let of = ShopId::parse(of).unwrap();
        database.replay_event(of, id.clone(), later).await.unwrap()
    };
    assert_eq!(replay("garden", &first.id).await, None, "another shop's");
    for event in [&first, &second] {
        let asked = replay("default", &event.id).await.unwrap();
        assert_eq!((asked.state, asked.tries), (EventState::Pending, 0));
        assert_eq!((&asked.body, asked.seq), (&event.body, event.seq));
        assert_eq!(asked.attempts.len(), 1, "what was before is seen");
    }
    // The order is kept among those that are asked for, too.
    for expected in [&first, &second] {
        let claimed = claim(&*database, 1, later).await;
        assert_eq!(claimed[0].id, expected.id);
        // Asked for once more while it is on its way: nobody sends it beside that.
        replay("default", &expected.id).await.unwrap();
        assert_eq!(claim(&*database, 2, later).await, []);
        end(&*database, &claimed[0], 1, Next::Delivered, later).await;
    }
    assert_eq!(
        claim(&*database, 1, later).await[0].kind,
        EventKind::Completed
    );
    let unknown = EventId::of(&shop(), "nothing");
    assert_eq!(replay("default", &unknown).await, None);
}

pub(in crate::store) async fn a_target_that_wants_no_more_is_given_none_until_one_is_replayed(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    let claimed = async |by: u128, mark: &str| {
        let claimed = database.claim_events(shop(), mark.to_owned(), lease(by, NOW), 10);
        let claimed = claimed.await.unwrap();
        claimed.iter().map(|event| event.kind).collect::<Vec<_>>()
    };
    let event = claim(&*database, 1, NOW).await.remove(0);
    let ended = Ended {
        id: event.id.clone(),
        by: Uuid::from_u128(1),
        tries: 0,
        attempt: AttemptView {
            at: NOW,
            outcome: AttemptOutcome::Gone,
            status: Some(410),
            reason: None,
        },
        next: Next::Dead(None),
        gone: Some("mark".to_owned()),
    };
    database.end_attempt(ended, NOW).await.unwrap();
    assert_eq!(claimed(1, "mark").await, []);
    let replayed = database.replay_event(shop(), event.id, NOW);
    assert!(replayed.await.unwrap().is_some());
    assert_eq!(claimed(1, "mark").await, [EventKind::Detected]);
    // Of another URL nothing is known.
    let first = all(&*database).await.remove(0);
    let again = Ended {
        id: first.id.clone(),
        by: Uuid::from_u128(1),
        tries: 0,
        attempt: first.attempts[0].clone(),
        next: Next::Dead(None),
        gone: Some("mark".to_owned()),
    };
    database.end_attempt(again, NOW).await.unwrap();
    assert_eq!(claimed(1, "mark").await, []);
    assert_eq!(claimed(1, "another").await, [EventKind::Paid]);
}

pub(in crate::store) async fn an_event_without_a_target_is_kept_and_not_sent(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mute = ShopId::parse("mute").unwrap();
    let mut checkout = sample::payment_closing_in(60);
    checkout.shop = mute.clone();
    database.add_checkout(checkout).await.unwrap();
    let closed = NOW.plus_seconds(60);
    let looked = database.close_checkouts(mute.clone(), closed, 10, teller());
    assert_eq!(looked.await.unwrap(), 1);
    let found = database.events(mute.clone(), EventFilter::default(), None, 10);
    let found = found.await.unwrap();
    assert_eq!(
        (found[0].kind, found[0].state),
        (EventKind::Expired, EventState::Unsent)
    );
    let late = closed.plus_seconds(DAY);
    let claimed = database.claim_events(mute.clone(), "mark".to_owned(), lease(1, late), 10);
    assert_eq!(claimed.await.unwrap(), []);
    assert_eq!(database.mend_events(late).await.unwrap(), 0);
    let replayed = database.replay_event(mute.clone(), found[0].id.clone(), late);
    replayed.await.unwrap();
    let claimed = database.claim_events(mute, "mark".to_owned(), lease(1, late), 10);
    assert_eq!(claimed.await.unwrap().len(), 1);
}

pub(in crate::store) async fn a_checkout_whose_time_has_come_is_told_once_whoever_looks(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for (seconds, id) in [(60, 1), (120, 2), (60, 3)] {
        awaiting(&*database, sample::payment_closing_in(seconds), id).await;
    }
    let (_, paid) = awaiting(&*database, sample::payment_closing_in(60), 4).await;
    let reading = database.take_in(read(&paid, "PAID", "10")).await;
    assert!(reading.unwrap().is_some());
    let close = async |at: i64, most| {
        let closing = database.close_checkouts(shop(), NOW.plus_seconds(at), most, teller());
        closing.await.unwrap()
    };
    assert_eq!(close(59, 10).await, 0);
    let looks = (0..8).map(|_| {
        let database = database.shared();
        let closing = async move {
            let at = NOW.plus_seconds(60);
            database.close_checkouts(shop(), at, 10, teller()).await
        };
        tokio::spawn(closing)
    });
    let mut looked_at = 0;
    for one in join_all(looks).await {
        looked_at += one.unwrap().unwrap();
    }
    assert!(looked_at >= 3, "{looked_at}");
    let expired = async || {
        let kinds = kinds(&*database).await;
        kinds
            .iter()
            .filter(|kind| **kind == EventKind::Expired)
            .count()
    };
    assert_eq!(expired().await, 2, "one of the three was paid");
    assert_eq!(close(119, 10).await, 0);
    assert_eq!((close(120, 10).await, expired().await), (1, 3));
    // At most so many at a time, the one that closed first before the others.
    for (seconds, id) in [(300, 5), (200, 6)] {
        awaiting(&*database, sample::payment_closing_in(seconds), id).await;
    }
    assert_eq!(
        (
            close(1000, 1).await,
            close(1000, 1).await,
            close(1000, 1).await
        ),
        (1, 1, 0)
    );
    assert_eq!(expired().await, 5);
}

pub(in crate::store) async fn a_customers_deposit_is_told_with_their_latest_checkout(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let theirs = customer("user-7");
    database.start_customer(theirs.clone(), NOW).await.unwrap();
    let made = database.finish_customer(theirs.clone(), "7".to_owned());
    made.await.unwrap();
    let mut later = sample::deposit();
    later.created_at = NOW.plus_seconds(1);
    for checkout in [later.clone(), sample::deposit()] {
        database.add_checkout(checkout).await.unwrap();
    }
    let purse = Purse {
        customer: theirs.clone(),
        gateway_id: "7".to_owned(),
        currency: super::samples::currency("USDT"),
        address: address(1),
        confirmed_at: NOW,
    };
    database.keep_purse(purse, Source::Page).await.unwrap();
    let paid_to = PaidTo::Customer(key::customer(&theirs));
    let list = DepositReading {
        customer: Some(theirs),
        ..listed(
            paid_to,
            &[confirmed("a", "1", NOW), confirmed("b", "2", NOW)],
        )
    };
    for _ in 0..2 {
        database.take_in_deposits(list.clone()).await.unwrap();
    }
    let events = all(&*database).await;
    assert_eq!(events.len(), 2);
    for event in &events {
        assert_eq!(
            (event.kind, event.checkout),
            (EventKind::DepositReceived, later.id)
        );
        assert!(event.body.contains(r#""deposits":2"#), "{}", event.body);
    }
    // Each deposit of a top-up is told, and none of a payment, which moves its checkout.
    let (_, topup) = asked_topup(&*database).await;
    let list = listed(to(&topup), &[confirmed("c", "1", NOW)]);
    database.take_in_deposits(list).await.unwrap();
    let (_, invoice) = awaiting(&*database, sample::payment(), 9).await;
    let list = listed(to(&invoice), &[confirmed("d", "10", NOW)]);
    database.take_in_deposits(list).await.unwrap();
    assert_eq!(kinds(&*database).await, [EventKind::DepositReceived; 3]);
}

async fn asked_topup(database: &dyn Database) -> (Checkout, Invoice) {
    let checkout = sample::topup();
    database.add_checkout(checkout.clone()).await.unwrap();
    let mut invoice = asked_again(database, &checkout, "USDT", 8).await;
    (invoice.amount, invoice.address) = (None, address(8));
    assert_eq!(finish(database, &invoice, NOW).await, Finished::Kept);
    (checkout, invoice)
}

pub(in crate::store) async fn an_invoice_found_late_tells_what_it_has_become(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (_, mut invoice) = asked(&*database, sample::payment(), 1).await;
    invoice.phase = checkout::Phase::Paid;
    for _ in 0..2 {
        let found = database.finish_attempt(invoice.clone(), vec![], caused(NOW), teller());
        assert_eq!(found.await.unwrap(), Finished::Kept);
    }
    assert_eq!(kinds(&*database).await, [EventKind::Paid]);
}

pub(in crate::store) async fn events_are_listed_page_by_page_and_by_what_is_asked_for(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (one, other) = (
        told_thrice(&*database, 1).await,
        told_thrice(&*database, 2).await,
    );
    let seqs = async |filter: EventFilter, before, most| {
        let found = database.events(shop(), filter, before, most).await.unwrap();
        found.iter().map(|event| event.seq).collect::<Vec<_>>()
    };
    let every = seqs(EventFilter::default(), None, 100).await;
    assert_eq!(every.len(), 6);
    assert!(
        every.windows(2).all(|two| two[0] > two[1]),
        "the newest first"
    );
    let (first, rest) = every.split_at(4);
    assert_eq!(seqs(EventFilter::default(), None, 4).await, first);
    assert_eq!(
        seqs(EventFilter::default(), first.last().copied(), 4).await,
        rest
    );
    let of = |checkout| EventFilter {
        checkout: Some(checkout),
        ..EventFilter::default()
    };
    assert_eq!(seqs(of(other), None, 9).await, every[..3]);
    assert_eq!(seqs(of(one), None, 9).await, every[3..]);
    let paid = EventFilter {
        kind: Some(EventKind::Paid),
        state: Some(EventState::Pending),
        checkout: Some(one),
    };
    assert_eq!(seqs(paid.clone(), None, 9).await, [every[4]]);
    let dead = EventFilter {
        state: Some(EventState::Dead),
        ..paid
    };
    assert_eq!(seqs(dead, None, 9).await, [0; 0]);
    let others = database.events(
        ShopId::parse("garden").unwrap(),
        EventFilter::default(),
        None,
        9,
    );
    assert_eq!(others.await.unwrap(), []);
    let event = &all(&*database).await[0];
    let found = database.event(shop(), event.id.clone()).await.unwrap();
    assert_eq!(found.as_ref(), Some(event));
    let others = database.event(ShopId::parse("garden").unwrap(), event.id.clone());
    assert_eq!(others.await.unwrap(), None);
}

pub(in crate::store) async fn old_events_are_forgotten_and_delivered_ones_sooner(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    let first = claim(&*database, 1, NOW).await.remove(0);
    end(&*database, &first, 1, Next::Delivered, NOW).await;
    let forget = async |delivered: i64, any: i64| {
        let (delivered, any) = (NOW.plus_seconds(delivered), NOW.plus_seconds(any));
        database.forget_events(delivered, any).await.unwrap()
    };
    assert_eq!(forget(0, 0).await, 0);
    assert_eq!((forget(1, 0).await, forget(1, 0).await), (1, 0));
    assert_eq!(
        kinds(&*database).await,
        [EventKind::Paid, EventKind::Completed]
    );
    let kept = all(&*database).await.remove(0);
    database
        .replay_event(shop(), kept.id, NOW.plus_seconds(DAY))
        .await
        .unwrap();
    assert_eq!(forget(1, 1).await, 1, "one was asked for since");
    assert_eq!(kinds(&*database).await, [EventKind::Paid]);
}

pub(in crate::store) async fn events_that_no_rule_has_put_off_are_put_right(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    told_thrice(&*database, 1).await;
    assert_eq!(database.mend_events(NOW).await.unwrap(), 0);
    let first = claim(&*database, 1, NOW).await.remove(0);
    let wrong = NOW.plus_seconds(400 * DAY);
    end(&*database, &first, 1, Next::Again(wrong), NOW).await;
    assert_eq!(database.mend_events(NOW).await.unwrap(), 1);
    assert_eq!(claim(&*database, 1, NOW).await[0].id, first.id);
    // What the later ones waited for is gone.
    database.forget_events(NOW, NOW).await.unwrap();
    let soon = NOW.plus_seconds(3 * DAY);
    end(&*database, &first, 1, Next::Again(soon), NOW).await;
    assert_eq!(
        database.mend_events(NOW).await.unwrap(),
        0,
        "within the schedule"
    );
}

pub(in crate::store) async fn the_same_event_is_kept_once(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let (checkout, invoice) = awaiting(&*database, sample::payment_closing_in(60), 1).await;
    let closed = NOW.plus_seconds(60);
    let close = database.close_checkouts(shop(), closed, 10, teller());
    assert_eq!(close.await.unwrap(), 1);
    // It is paid too late, seen on its way, and disappears: the expiry has been told.
    for (status, sum) in [
        ("MEM_POOL_FOUND", "0"),
        ("PENDING_PAYMENT", "0"),
        ("PAID", "10"),
    ] {
        let mut reading = read(&invoice, status, sum);
        reading.at = closed.plus_seconds(1);
        database.take_in(reading).await.unwrap();
    }
    let kinds = kinds(&*database).await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == EventKind::Expired)
            .count(),
        1,
        "{kinds:?}"
    );
    assert_eq!(kinds.last(), Some(&EventKind::Paid));
    let ids: Vec<_> = all(&*database)
        .await
        .into_iter()
        .map(|event| event.id)
        .collect();
    let expired = EventId::of(&shop(), &format!("{}/{}", checkout.id, EventKind::Expired));
    assert!(ids.contains(&expired));
}
