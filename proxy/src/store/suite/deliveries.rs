//! What was told by webhooks, and with which keys.

use checkout::Timestamp;
use uuid::Uuid;

use super::Empty;
use super::samples::DAY;
use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName, Named};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::subscription::Subscription;
use crate::checkouts::tests::NOW;
use crate::store::database::Database;

pub(super) fn shop(name: &str) -> ShopId {
    ShopId::parse(name).unwrap()
}

pub(super) fn told(event: &str, outcome: DeliveryOutcome, due_at: Timestamp) -> Delivery {
    Delivery {
        name: name("default", event, "one"),
        kind: "INVOICE_PAID".to_owned(),
        subject: Named::Invoice("75867d4d".to_owned()),
        happened_at: Some(NOW.plus_seconds(-2)),
        received_at: NOW,
        outcome,
        due_at,
    }
}

fn name(of: &str, event: &str, fingerprint: &str) -> EventName {
    EventName {
        shop: shop(of),
        event: event.to_owned(),
        fingerprint: fingerprint.to_owned(),
    }
}

pub(super) fn subscription(of: &str, id: u128, secret: &str) -> Subscription {
    Subscription {
        shop: shop(of),
        id: Uuid::from_u128(id),
        url: "https://pay.shop.example/webhooks/calypso".to_owned(),
        public_key: format!("key-{secret}"),
        secret: secret.into(),
        kept_at: NOW.plus_seconds(i64::try_from(id).unwrap()),
    }
}

async fn due(database: &dyn Database, now: Timestamp, most: u32) -> Vec<Delivery> {
    due_of("default", database, now, most).await
}

async fn due_of(of: &str, database: &dyn Database, now: Timestamp, most: u32) -> Vec<Delivery> {
    database.due_deliveries(shop(of), now, most).await.unwrap()
}

pub(in crate::store) async fn an_event_is_kept_once_for_each_shop(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let before = async |name| database.told_before(name).await.unwrap();
    let open = told("7", DeliveryOutcome::Open, NOW);
    assert_eq!(before(open.name.clone()).await, None);
    database.keep_delivery(open.clone()).await.unwrap();
    assert_eq!(before(open.name.clone()).await, Some(DeliveryOutcome::Open));
    assert_eq!(before(name("other", "7", "one")).await, None);
    assert_eq!(before(name("default", "7", "two")).await, None);
    assert_eq!(due(&*database, NOW, 9).await, std::slice::from_ref(&open));
    // What is settled stays so, however often it comes.
    let taken = told("7", DeliveryOutcome::TakenIn, NOW);
    database.keep_delivery(taken.clone()).await.unwrap();
    database.keep_delivery(open.clone()).await.unwrap();
    assert_eq!(
        before(open.name.clone()).await,
        Some(DeliveryOutcome::TakenIn)
    );
    // As other bytes it is another one, and takes the place of none that is open.
    let mut other = open.clone();
    other.name = name("default", "7", "two");
    other.subject = Named::Invoice("another".to_owned());
    database.keep_delivery(other.clone()).await.unwrap();
    let mut third = taken.clone();
    third.name = name("default", "7", "three");
    database.keep_delivery(third).await.unwrap();
    assert_eq!(
        before(open.name.clone()).await,
        Some(DeliveryOutcome::TakenIn)
    );
    assert_eq!(due(&*database, NOW, 9).await, [other]);
    let mut elsewhere = taken;
    elsewhere.name = name("other", "7", "one");
    database.keep_delivery(elsewhere).await.unwrap();
    assert_eq!(database.books().await.unwrap().deliveries, 4);
    assert_eq!(database.books().await.unwrap().deliveries_open, 1);
}

pub(in crate::store) async fn open_deliveries_have_their_turn_until_they_are_settled(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let kept = [
        told("1", DeliveryOutcome::Open, NOW.plus_seconds(20)),
        told("2", DeliveryOutcome::Open, NOW.plus_seconds(10)),
        told("3", DeliveryOutcome::NotOurs, NOW),
    ];
    for delivery in &kept {
        database.keep_delivery(delivery.clone()).await.unwrap();
    }
    // Each shop has its own, so that no gateway keeps another shop's waiting.
    let mut elsewhere = told("9", DeliveryOutcome::Open, NOW);
    elsewhere.name = name("other", "9", "one");
    database.keep_delivery(elsewhere.clone()).await.unwrap();
    assert_eq!(due_of("other", &*database, NOW, 9).await, [elsewhere]);
    let [first, second, _] = kept;
    let names = async |at: i64, most| {
        let due = due(&*database, NOW.plus_seconds(at), most).await;
        due.into_iter()
            .map(|due| due.name.event)
            .collect::<Vec<_>>()
    };
    assert!(names(9, 9).await.is_empty());
    assert_eq!(names(10, 9).await, ["2"]);
    assert_eq!(names(20, 9).await, ["2", "1"]);
    assert_eq!(names(20, 1).await, ["2"]);
    let later = NOW.plus_seconds(30);
    database
        .put_off_delivery(second.name.clone(), later)
        .await
        .unwrap();
    assert_eq!(names(30, 9).await, ["1", "2"]);
    // One that came as other bytes since is another one.
    let old = name("default", "1", "before");
    let settle = async |name: &EventName| {
        let outcome = DeliveryOutcome::TakenIn;
        database
            .settle_delivery(name.clone(), outcome)
            .await
            .unwrap();
    };
    settle(&old).await;
    database.put_off_delivery(old, later).await.unwrap();
    assert_eq!(names(20, 9).await, ["1"]);
    settle(&first.name).await;
    settle(&second.name).await;
    assert!(names(1000, 9).await.is_empty());
    let before = database.told_before(first.name).await.unwrap();
    assert_eq!(before, Some(DeliveryOutcome::TakenIn));
}

pub(in crate::store) async fn an_open_delivery_is_taken_by_one_until_a_moment(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for (event, outcome) in [
        ("1", DeliveryOutcome::Open),
        ("2", DeliveryOutcome::TakenIn),
    ] {
        let kept = database.keep_delivery(told(event, outcome, NOW));
        kept.await.unwrap();
    }
    let until = NOW.plus_seconds(120);
    let claim = async |event, now| {
        let name = name("default", event, "one");
        database.claim_delivery(name, now, until).await.unwrap()
    };
    assert!(!claim("1", NOW.plus_seconds(-1)).await, "not due");
    assert!(!claim("2", NOW).await, "settled");
    assert!(!claim("3", NOW).await, "unknown");
    assert!(claim("1", NOW).await && !claim("1", NOW).await);
    assert!(due(&*database, until.plus_seconds(-1), 9).await.is_empty());
    assert_eq!(due(&*database, until, 9).await.len(), 1);
    assert!(claim("1", until).await);
    // By a clock that was wrong then.
    let wrong = NOW.plus_seconds(2 * DAY);
    let name = name("default", "1", "one");
    database.put_off_delivery(name, wrong).await.unwrap();
    assert_eq!(due(&*database, NOW, 9).await.len(), 1);
    assert!(claim("1", NOW).await);
}

pub(in crate::store) async fn settled_deliveries_are_forgotten_when_they_are_old(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for (event, age) in [("1", 2), ("2", 1), ("3", 2)] {
        let mut delivery = told(event, DeliveryOutcome::Ignored, NOW);
        delivery.received_at = NOW.plus_seconds(-age * DAY);
        if event == "3" {
            delivery.outcome = DeliveryOutcome::Open;
        }
        database.keep_delivery(delivery).await.unwrap();
    }
    let forget = database.forget_deliveries(NOW.plus_seconds(-DAY));
    assert_eq!(forget.await.unwrap(), 1);
    let before = async |event| {
        let name = name("default", event, "one");
        database.told_before(name).await.unwrap()
    };
    assert_eq!(before("1").await, None);
    assert_eq!(before("2").await, Some(DeliveryOutcome::Ignored));
    assert_eq!(before("3").await, Some(DeliveryOutcome::Open));
}

pub(in crate::store) async fn several_subscriptions_are_kept_until_they_are_forgotten(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for (of, id, secret) in [
        ("default", 2, "b"),
        ("default", 1, "a"),
        ("other", 1, "c"),
        ("default", 2, "d"),
    ] {
        let kept = database.keep_subscription(subscription(of, id, secret));
        kept.await.unwrap();
    }
    let keys = async || {
        use secrecy::ExposeSecret;
        let all = database.subscriptions().await.unwrap().into_iter();
        let mut keys: Vec<_> = all
            .map(|one| {
                assert_eq!(
                    one.public_key,
                    format!("key-{}", one.secret.expose_secret())
                );
                (one.shop.to_string(), one.id.as_u128(), one.public_key)
            })
            .collect();
        keys.sort();
        keys
    };
    let row = |of: &str, id, key: &str| (of.to_owned(), id, key.to_owned());
    assert_eq!(
        keys().await,
        [
            row("default", 1, "key-a"),
            row("default", 2, "key-d"),
            row("other", 1, "key-c")
        ]
    );
    assert_eq!(database.books().await.unwrap().subscriptions, 3);
    let forget = async |of: &str, id| {
        let forget = database.forget_subscription(shop(of), Uuid::from_u128(id));
        forget.await.unwrap()
    };
    assert!(forget("default", 1).await);
    assert!(!forget("default", 1).await);
    assert!(!forget("other", 2).await);
    assert_eq!(
        keys().await,
        [row("default", 2, "key-d"), row("other", 1, "key-c")]
    );
}

pub(in crate::store) async fn it_is_known_when_and_about_what_a_shop_was_told(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let last = async |of: &str| database.last_delivery(shop(of)).await.unwrap();
    assert_eq!(last("default").await, None);
    for (event, age) in [("1", 20), ("2", 10), ("3", 30)] {
        let mut delivery = told(event, DeliveryOutcome::TakenIn, NOW);
        delivery.received_at = NOW.plus_seconds(-age);
        delivery.subject = Named::Invoice(event.to_owned());
        database.keep_delivery(delivery).await.unwrap();
    }
    assert_eq!(last("default").await, Some(NOW.plus_seconds(-10)));
    for (event, outcome) in [
        ("4", DeliveryOutcome::NotOurs),
        ("5", DeliveryOutcome::Unreadable),
    ] {
        let kept = database.keep_delivery(told(event, outcome, NOW));
        kept.await.unwrap();
    }
    let found = last("default").await;
    assert_eq!(found, Some(NOW.plus_seconds(-10)), "of ours");
    assert_eq!(last("other").await, None);
    let was = async |of: &str, names: [&str; 2], age: i64| {
        let names = names.map(str::to_owned);
        let since = NOW.plus_seconds(-age);
        database.was_told(shop(of), names, since).await.unwrap()
    };
    assert!(was("default", ["1", "x"], 20).await);
    assert!(was("default", ["x", "1"], 20).await);
    assert!(!was("default", ["1", "x"], 19).await);
    assert!(!was("default", ["x", "y"], 100).await);
    assert!(!was("other", ["1", "x"], 20).await);
}
