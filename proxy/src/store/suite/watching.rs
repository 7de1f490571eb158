//! Which invoices are read, and in which order.

use checkout::{Phase, Timestamp};
use uuid::Uuid;

use super::Empty;
use super::samples::{DAY, address, asked, finish, read};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::input::network_mark::NetworkMark;
use crate::limits::turns::Waiting;
use crate::store::database::{Database, LOOK_SECONDS};
use crate::store::outcome::{Finished, WatchOrder};

/// An invoice of a checkout of its own, kept.
async fn kept(
    database: &dyn Database,
    checkout: Checkout,
    number: u128,
    change: impl FnOnce(&mut Invoice),
) -> Invoice {
    let (_, mut invoice) = asked(database, checkout, number).await;
    invoice.address = address(number);
    change(&mut invoice);
    assert_eq!(finish(database, &invoice, NOW).await, Finished::Kept);
    invoice
}

fn of_page(network: Option<i64>) -> Checkout {
    Checkout {
        product: Some("demo-order".to_owned()),
        network: network.map(NetworkMark),
        ..sample::payment_closing_in(DAY)
    }
}

pub(in crate::store) async fn invoices_are_found_by_their_keys_and_by_the_gateways_id(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let first = kept(&*database, sample::payment(), 1, |_| {}).await;
    let second = kept(&*database, sample::payment(), 2, |_| {}).await;
    let keys = vec![second.key, Uuid::nil(), first.key];
    let found = database.invoices(keys).await.unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", [&second, &first]));
    let found = database
        .invoice_of_gateway(ShopId::default(), "1".to_owned())
        .await
        .unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", Some(&first)));
    let nobodys = database
        .invoice_of_gateway(ShopId::default(), "3".to_owned())
        .await
        .unwrap();
    assert!(nobodys.is_none());
}

pub(in crate::store) async fn an_invoice_is_read_until_the_rules_say_so(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut invoices = Vec::new();
    for (number, phase) in (1..).zip(Phase::ALL) {
        let in_phase = |invoice: &mut Invoice| invoice.phase = phase;
        invoices.push(kept(&*database, sample::payment(), number, in_phase).await);
    }
    for phase in [Phase::Awaiting, Phase::Archived] {
        let number = 100 + invoices.len() as u128;
        let takes_any = |invoice: &mut Invoice| {
            invoice.phase = phase;
            invoice.amount = None;
        };
        invoices.push(kept(&*database, sample::topup(), number, takes_any).await);
    }
    let watched = async |now: Timestamp| {
        let mut keys = database
            .watch_order(ShopId::default(), now)
            .await
            .unwrap()
            .expected;
        keys.sort();
        keys
    };
    for invoice in &invoices {
        let end = invoice.watched_until();
        if end < Timestamp::MAX {
            assert!(!watched(end).await.contains(&invoice.key));
        }
        let last = watched(end.plus_millis(-1)).await;
        assert!(last.contains(&invoice.key), "{:?}", invoice.phase);
    }
    // By what a reading has made of it: a payment that is over is read for a shorter time.
    let paid = &invoices[0];
    assert_eq!(paid.phase, Phase::Choosing);
    let reading = read(paid, "COMPLETED", "10");
    let change = database.take_in(reading).await.unwrap().unwrap();
    let end = change.invoice.watched_until();
    assert!(end < paid.watched_until());
    assert!(!watched(end).await.contains(&paid.key));
    assert!(watched(end.plus_millis(-1)).await.contains(&paid.key));
}

pub(in crate::store) async fn pages_wait_for_their_turn_until_money_was_seen(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let merchants = kept(&*database, sample::payment(), 1, |_| {}).await;
    let pages = kept(&*database, of_page(Some(-7)), 2, |_| {}).await;
    let unknown = kept(&*database, of_page(None), 3, |_| {}).await;
    let waiting = |invoice: &Invoice, network: Option<i64>| Waiting {
        key: invoice.key,
        network: network.map(NetworkMark),
        was_looked_at: false,
    };
    let order = database.watch_order(ShopId::default(), NOW).await.unwrap();
    assert_eq!(
        order,
        WatchOrder {
            expected: vec![merchants.key],
            waiting: vec![waiting(&unknown, None), waiting(&pages, Some(-7))],
        }
    );
    let seen = database.take_in(read(&pages, "MEM_POOL_FOUND", "0")).await;
    assert!(seen.unwrap().unwrap().invoice.saw_money());
    let order = database.watch_order(ShopId::default(), NOW).await.unwrap();
    assert_eq!(
        order,
        WatchOrder {
            expected: vec![pages.key, merchants.key],
            waiting: vec![waiting(&unknown, None)],
        }
    );
}

pub(in crate::store) async fn the_invoice_looked_at_last_comes_first(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut invoices = Vec::new();
    for number in 1..=3 {
        invoices.push(kept(&*database, of_page(None), number, |_| {}).await);
    }
    let order = async || {
        let order = database.watch_order(ShopId::default(), NOW).await.unwrap();
        let place = |key| invoices.iter().position(|one| one.key == key).unwrap();
        let waiting = order.waiting.iter();
        waiting
            .map(|one| (place(one.key), one.was_looked_at))
            .collect::<Vec<_>>()
    };
    let look = async |place: usize, now: Timestamp| {
        let checkout = invoices[place].checkout_id;
        database.looked_at(checkout, now).await.unwrap();
    };
    assert_eq!(order().await, [(2, false), (1, false), (0, false)]);
    look(1, NOW).await;
    assert_eq!(order().await, [(1, true), (2, false), (0, false)]);
    look(0, NOW.plus_seconds(1)).await;
    assert_eq!(order().await, [(0, true), (1, true), (2, false)]);
    // A look so soon after the one before is not noted.
    look(1, NOW.plus_seconds(LOOK_SECONDS)).await;
    assert_eq!(order().await, [(0, true), (1, true), (2, false)]);
    look(1, NOW.plus_seconds(LOOK_SECONDS).plus_millis(1)).await;
    assert_eq!(order().await, [(1, true), (0, true), (2, false)]);
    // Nobody has shown a checkout that is not stored.
    database.looked_at(sample::payment().id, NOW).await.unwrap();
}
