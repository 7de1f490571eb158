//! Idempotency keys: one key makes one checkout, for as long as it is remembered.

use super::Empty;
use super::samples::DAY;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::store::database::KEY_SECONDS;
use crate::store::error::StoreError;

fn key(key: &str, body: u8) -> IdempotencyKey {
    IdempotencyKey {
        shop: ShopId::default(),
        scope: "merchant".to_owned(),
        key: key.to_owned(),
        fingerprint: [body; 32],
    }
}

pub(in crate::store) async fn a_key_and_its_checkout_are_kept_together_or_not_at_all(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let first = sample::payment();
    let made = database.add_checkout_once(first.clone(), key("k", 1));
    assert_eq!(made.await.unwrap(), Answered::Same(first.id));
    assert_eq!(
        database.answered(key("k", 1)).await.unwrap(),
        Some(Answered::Same(first.id))
    );
    // A checkout that cannot be kept takes its key with it.
    let refused = database.add_checkout_once(first.clone(), key("other", 1));
    assert!(matches!(refused.await, Err(StoreError::Refused(_))));
    assert_eq!(database.answered(key("other", 1)).await.unwrap(), None);
    // A key that is known keeps the second checkout out.
    for (body, answered) in [(1, Answered::Same(first.id)), (2, Answered::Other)] {
        let second = sample::payment();
        let id = second.id;
        let made = database.add_checkout_once(second, key("k", body));
        assert_eq!(made.await.unwrap(), answered);
        assert!(database.snapshot(id).await.unwrap().is_none());
    }
    let others = IdempotencyKey {
        scope: "page - x".to_owned(),
        ..key("k", 1)
    };
    assert_eq!(database.answered(others).await.unwrap(), None);
}

pub(in crate::store) async fn one_key_makes_one_checkout_however_many_ask_at_once(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let asked: Vec<_> = (0..16)
        .map(|_| {
            let (database, checkout) = (database.shared(), sample::payment());
            let id = checkout.id;
            let made = async move { database.add_checkout_once(checkout, key("k", 1)).await };
            (id, tokio::spawn(made))
        })
        .collect();
    let (mut answers, mut kept) = (Vec::new(), Vec::new());
    for (id, made) in asked {
        answers.push(made.await.unwrap().unwrap());
        if database.snapshot(id).await.unwrap().is_some() {
            kept.push(id);
        }
    }
    assert_eq!(kept.len(), 1);
    let one = Answered::Same(kept[0]);
    assert!(answers.iter().all(|answer| *answer == one), "{answers:?}");
}

pub(in crate::store) async fn a_key_whose_checkout_is_gone_is_as_good_as_new(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let first = Checkout {
        product: Some("demo-order".to_owned()),
        ..sample::payment()
    };
    let made = database.add_checkout_once(first.clone(), key("k", 1));
    made.await.unwrap();
    let later = first.expires_at.plus_seconds(1);
    assert_eq!(database.forget_unpaid(later, later).await.unwrap(), 1);
    assert_eq!(database.answered(key("k", 1)).await.unwrap(), None);
    let second = sample::payment();
    let made = database.add_checkout_once(second.clone(), key("k", 2));
    assert_eq!(made.await.unwrap(), Answered::Same(second.id));
    assert_eq!(
        database.answered(key("k", 2)).await.unwrap(),
        Some(Answered::Same(second.id))
    );
}

pub(in crate::store) async fn keys_are_forgotten_after_two_days(empty: impl AsyncFn() -> Empty) {
    assert_eq!(KEY_SECONDS, 2 * DAY);
    let database = empty().await;
    for (name, age) in [("old", 1), ("older", 2), ("young", 0)] {
        let checkout = Checkout {
            created_at: NOW.plus_millis(-age),
            ..sample::payment()
        };
        let made = database.add_checkout_once(checkout, key(name, 1));
        made.await.unwrap();
    }
    let later = NOW.plus_seconds(KEY_SECONDS);
    assert_eq!(database.forget_old_keys(NOW).await.unwrap(), 0);
    assert_eq!(database.forget_old_keys(later).await.unwrap(), 2);
    assert_eq!(database.forget_old_keys(later).await.unwrap(), 0);
    assert_eq!(database.answered(key("older", 1)).await.unwrap(), None);
    assert!(database.answered(key("young", 1)).await.unwrap().is_some());
}
