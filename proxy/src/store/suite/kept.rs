//! Kept snapshots: as good as read, whoever writes meanwhile and whatever becomes of the write.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use uuid::Uuid;

use super::Empty;
use super::samples::{caused, confirmed, currency, customer, listed};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::Purse;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::PaidTo;
use crate::store::changes::Changed;
use crate::store::error::StoreError;
use crate::store::handle::Store;

/// How many changes are made of one checkout.
const CHANGES: usize = 60;
/// How often is looked for a change that comes by itself.
const MOST_LOOKS: usize = 100_000;

/// A change that is another one each time.
fn alarm() -> Alarm {
    Alarm {
        invoice: Uuid::new_v4(),
        kind: "kind".to_owned(),
        detail: "detail".to_owned(),
        at: NOW,
    }
}

async fn kept_alarms(store: &Store, id: CheckoutId) -> usize {
    let kept = store.kept_snapshot(id).await.unwrap();
    kept.map_or(0, |snapshot| snapshot.alarms.len())
}

async fn stored_alarms(store: &Store, id: CheckoutId) -> usize {
    let stored = store.snapshot(id).await.unwrap();
    stored.map_or(0, |snapshot| snapshot.alarms.len())
}

async fn with_a_checkout(database: &Empty) -> (Store, CheckoutId) {
    let store = Store::on(database.shared());
    let checkout = sample::payment();
    let id = checkout.id;
    store.add_checkout(checkout).await.unwrap();
    (store, id)
}

pub(in crate::store) async fn what_is_kept_is_never_older_than_a_write_that_was_answered(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (store, id) = with_a_checkout(&database).await;
    let written = Arc::new(AtomicUsize::new(0));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (store, written) = (store.clone(), Arc::clone(&written));
            tokio::spawn(async move {
                let mut last = 0;
                while last < CHANGES {
                    let answered = written.load(Ordering::SeqCst);
                    let seen = kept_alarms(&store, id).await;
                    assert!(seen >= answered, "{seen} seen, {answered} written");
                    assert!(seen >= last, "{seen} seen after {last}");
                    last = seen;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for number in 1..=CHANGES {
        store.raise(id, alarm(), Source::Watcher).await.unwrap();
        written.store(number, Ordering::SeqCst);
    }
    for reader in readers {
        reader.await.unwrap();
    }
}

pub(in crate::store) async fn a_write_that_nobody_waits_for_is_seen_once_it_is_stored(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (store, id) = with_a_checkout(&database).await;
    for number in 1..=CHANGES {
        {
            let mut write = pin!(store.raise(id, alarm(), Source::Watcher));
            // Begun, and dropped, most often before it is stored.
            poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx).is_ready())).await;
        }
        for look in 0.. {
            assert!(look < MOST_LOOKS, "change {number} is not stored");
            // This one is kept, if it may be.
            kept_alarms(&store, id).await;
            let stored = stored_alarms(&store, id).await;
            assert!(kept_alarms(&store, id).await >= stored);
            if stored == number {
                break;
            }
        }
    }
}

pub(in crate::store) async fn a_write_of_unknown_outcome_counts_as_one_and_is_told(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (store, id) = with_a_checkout(&database).await;
    assert_eq!(kept_alarms(&store, id).await, 0);
    let mut changes = store.changes().listen();
    let (shared, changed) = (database.shared(), Changed::Checkout(id));
    let outcome: Result<bool, StoreError> = store
        .write(changed, |_| false, async move {
            shared.raise(id, alarm(), Source::Watcher).await?;
            Err(StoreError::Refused("the connection broke".to_owned()))
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(kept_alarms(&store, id).await, 1);
    assert_eq!(changes.try_recv().unwrap(), changed);
}

pub(in crate::store) async fn what_somebody_else_has_written_is_seen_once_it_is_told(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (store, id) = with_a_checkout(&database).await;
    assert_eq!(kept_alarms(&store, id).await, 0);
    let raised = database.raise(id, alarm(), Source::Watcher);
    assert!(raised.await.unwrap());
    store.tell(Changed::Checkout(id));
    assert_eq!(kept_alarms(&store, id).await, 1);
}

pub(in crate::store) async fn a_customers_money_is_seen_on_each_of_their_checkouts(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let store = Store::on(database.shared());
    let (name, code) = (customer("user-7"), currency("USDT"));
    let made = store.start_customer(name.clone(), NOW);
    made.await.unwrap();
    let made = store.finish_customer(name.clone(), "at-the-gateway".to_owned());
    made.await.unwrap();
    let checkouts = [(); 2].map(|()| sample::deposit());
    for checkout in &checkouts {
        store.add_checkout(checkout.clone()).await.unwrap();
        let chosen = store.choose_purse(checkout.id, code, caused(NOW));
        chosen.await.unwrap();
    }
    let kept = async |id| store.kept_snapshot(id).await.unwrap().unwrap();
    for checkout in &checkouts {
        assert!(kept(checkout.id).await.purse.is_none());
    }
    let purse = Purse {
        customer: name.clone(),
        gateway_id: "at-the-gateway".to_owned(),
        currency: code,
        address: super::samples::address(7),
        confirmed_at: NOW,
    };
    store.keep_purse(purse, Source::Watcher).await.unwrap();
    for checkout in &checkouts {
        assert!(kept(checkout.id).await.purse.is_some());
    }
    let paid_to = PaidTo::Customer(key::customer(&name));
    let reading = listed(paid_to, &[confirmed("d1", "5", NOW)]);
    store.take_in_deposits(reading).await.unwrap();
    for checkout in &checkouts {
        assert_eq!(kept(checkout.id).await.deposits.len(), 1);
    }
}

pub(in crate::store) async fn what_is_deleted_is_not_kept(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let store = Store::on(database.shared());
    let checkout = Checkout {
        product: Some("demo-order".to_owned()),
        ..sample::payment()
    };
    let id = checkout.id;
    store.add_checkout(checkout).await.unwrap();
    assert!(store.kept_snapshot(id).await.unwrap().is_some());
    assert_eq!(store.make_room(ShopId::default(), NOW, 0).await.unwrap(), 1);
    assert!(store.kept_snapshot(id).await.unwrap().is_none());
}
