//! Two shops in one database: what may be the same in both, and that none is read or changed by the other's name.

use checkout::{Address, Phase, Timestamp};

use super::Empty;
use super::samples::{address, asked, confirmed, currency, finish, listed};
use crate::checkouts::checkout::{Checkout, Order};
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::key;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::search::{Reach, Search};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::visits::FIRST_SECONDS;
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::store::database::Database;
use crate::store::outcome::{Finished, KeptPurse};

const ADDRESSES: [&str; 2] = [
    "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs",
    "TSMdUNh9CyFdptkfnkMVHMLwuoHsurCvJG",
];

/// The shop that there was before shops had names, and another one.
fn shops() -> [ShopId; 2] {
    [ShopId::default(), ShopId::parse("garden").unwrap()]
}

/// A payment of a shop, with the merchant's own id `o-1`.
fn payment(shop: &ShopId) -> Checkout {
    sample::made(Order {
        shop: shop.clone(),
        external_id: Some("o-1".to_owned()),
        ..sample::order(sample::price())
    })
}

fn customer(shop: &ShopId) -> CustomerId {
    CustomerId::parse(shop.clone(), "user-7".to_owned()).unwrap()
}

/// The customer `user-7` of a shop, whom its gateway calls `7`.
async fn known(database: &dyn Database, shop: &ShopId) {
    let started = database.start_customer(customer(shop), NOW).await;
    assert_eq!(
        started.unwrap(),
        1,
        "calls of the other shop are not counted"
    );
    let finished = database.finish_customer(customer(shop), "7".to_owned());
    assert_eq!(finished.await.unwrap().as_deref(), Some("7"));
}

async fn shown(database: &dyn Database, shop: &ShopId, address: &str) -> KeptPurse {
    let currency = currency("TRX");
    let purse = Purse {
        customer: customer(shop),
        gateway_id: "7".to_owned(),
        currency,
        address: Address::parse(currency.network, address).unwrap(),
        confirmed_at: NOW,
    };
    database.keep_purse(purse, Source::Page).await.unwrap()
}

pub(in crate::store) async fn shops_that_have_rows_are_named(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    assert_eq!(database.shops().await.unwrap(), []);
    let [first, second] = shops();
    database.add_checkout(payment(&second)).await.unwrap();
    let named = database.shops().await.unwrap();
    assert_eq!(named, std::slice::from_ref(&second));
    database.add_checkout(payment(&second)).await.unwrap();
    known(&*database, &first).await;
    assert_eq!(database.shops().await.unwrap(), [first, second]);
}

/// Searches that find what was just made.
fn searches() -> [Search; 4] {
    let of_order = Search {
        external_id: Some("o-1".to_owned()),
        ..Search::default()
    };
    let choosing = Search {
        states: vec![Phase::Choosing],
        ..Search::default()
    };
    let both = Search {
        states: vec![Phase::Choosing, Phase::Paid],
        from: Some(NOW),
        ..of_order.clone()
    };
    [Search::default(), of_order, choosing, both]
}

async fn found_by(database: &dyn Database, shop: &ShopId, search: Search) -> Vec<CheckoutId> {
    let reach = Reach { most: 9, looked: 9 };
    let found = database.checkouts(shop.clone(), search, NOW, None, reach);
    let found = found.await.unwrap();
    assert_eq!(found.more, None);
    let ids = found.snapshots.iter().map(|listed| listed.checkout.id);
    ids.collect()
}

pub(in crate::store) async fn a_checkout_is_read_back_with_its_shop_and_listed_by_it_alone(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for shop in shops() {
        let checkout = payment(&shop);
        database.add_checkout(checkout.clone()).await.unwrap();
        let read = database.snapshot(checkout.id).await.unwrap().unwrap();
        assert_eq!(read.checkout.shop, shop);
        for search in searches() {
            assert_eq!(
                found_by(&*database, &shop, search).await,
                [checkout.id],
                "{shop}"
            );
        }
    }
    let nobodys = ShopId::parse("nobody").unwrap();
    for search in searches() {
        assert_eq!(found_by(&*database, &nobodys, search).await, []);
    }
}

pub(in crate::store) async fn equal_idempotency_keys_of_two_shops_do_not_meet(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let key = |shop: &ShopId, body: u8| IdempotencyKey {
        shop: shop.clone(),
        scope: "merchant".to_owned(),
        key: "k".to_owned(),
        fingerprint: [body; 32],
    };
    for (shop, body) in shops().iter().zip([1, 2]) {
        assert_eq!(database.answered(key(shop, body)).await.unwrap(), None);
        let checkout = payment(shop);
        let id = checkout.id;
        let made = database.add_checkout_once(checkout, key(shop, body));
        assert_eq!(made.await.unwrap(), Answered::Same(id));
        let again = database.answered(key(shop, body)).await.unwrap();
        assert_eq!(again, Some(Answered::Same(id)));
    }
    let [first, _] = shops();
    let other = database.answered(key(&first, 2)).await.unwrap();
    assert_eq!(other, Some(Answered::Other));
}

pub(in crate::store) async fn two_gateways_may_call_their_invoices_the_same(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for (shop, number) in shops().iter().zip([1, 2]) {
        let (_, mut invoice) = asked(&*database, payment(shop), number).await;
        let started = database.started_attempts(shop.clone(), 9).await.unwrap();
        let started: Vec<_> = started.iter().map(|attempt| attempt.key).collect();
        assert_eq!(started, [invoice.key]);
        invoice.gateway_id = "7".to_owned();
        invoice.address = address(number);
        assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
        let found = database.invoice_of_gateway(shop.clone(), "7".to_owned());
        let found = found.await.unwrap().unwrap();
        assert_eq!((found.key, &found.shop), (invoice.key, shop));
        let soon = NOW.plus_seconds(FIRST_SECONDS);
        let order = database.watch_order(shop.clone(), soon).await.unwrap();
        let keys: Vec<_> = order.expected.iter().map(|due| due.key).collect();
        assert_eq!(keys, [invoice.key]);
        // Within the shop it is still one invoice's.
        let (_, mut second) = asked(&*database, payment(shop), number + 10).await;
        second.gateway_id = "7".to_owned();
        second.address = address(number + 10);
        assert_eq!(finish(&*database, &second, NOW).await, Finished::SharedId);
        database.refuse_attempt(second.key).await.unwrap();
    }
    let nobodys = ShopId::parse("nobody").unwrap();
    let nobodys = database.invoice_of_gateway(nobodys, "7".to_owned());
    assert!(nobodys.await.unwrap().is_none());
}

pub(in crate::store) async fn one_address_has_one_receiver_whatever_shops_they_are_of(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let [first, second] = shops();
    let (_, mut invoice) = asked(&*database, payment(&first), 1).await;
    invoice.phase = Phase::Awaiting;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let (_, mut others) = asked(&*database, payment(&second), 2).await;
    others.address = invoice.address.clone();
    let finished = finish(&*database, &others, NOW).await;
    assert_eq!(finished, Finished::SharedAddress);
    for shop in [&first, &second] {
        known(&*database, shop).await;
    }
    let kept = async |shop, address| shown(&*database, shop, address).await;
    assert_ne!(kept(&first, ADDRESSES[0]).await, KeptPurse::Taken);
    assert_eq!(kept(&second, ADDRESSES[0]).await, KeptPurse::Taken);
    assert_ne!(kept(&second, ADDRESSES[1]).await, KeptPurse::Taken);
}

pub(in crate::store) async fn equal_customers_of_two_shops_are_two(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let [first, second] = shops();
    for (shop, address) in [(&first, ADDRESSES[0]), (&second, ADDRESSES[1])] {
        let unknown = database.gateway_customer(customer(shop)).await.unwrap();
        assert_eq!(unknown, None);
        known(&*database, shop).await;
        assert_ne!(shown(&*database, shop, address).await, KeptPurse::Taken);
    }
    let due = async |shop: &ShopId, now: Timestamp| {
        let due = database.due_customers(shop.clone(), now, 9).await.unwrap();
        let due = due.into_iter().map(|watched| watched.customer);
        due.collect::<Vec<_>>()
    };
    for shop in [&first, &second] {
        assert_eq!(due(shop, NOW).await, [customer(shop)]);
        let named = database.customer_of_gateway(shop.clone(), "7".to_owned());
        assert_eq!(named.await.unwrap(), Some(customer(shop)));
    }
    let later = NOW.plus_seconds(60);
    let put_off = database.put_off_customer(customer(&second), later);
    put_off.await.unwrap();
    assert_eq!(due(&first, NOW).await, [customer(&first)]);
    assert_eq!(due(&second, NOW).await, []);
    assert_eq!(due(&second, later).await, [customer(&second)]);
    // What is shown and what was paid is each one's own.
    for (shop, expected) in [(&first, ADDRESSES[0]), (&second, ADDRESSES[1])] {
        let checkout = sample::made(Order {
            shop: shop.clone(),
            ..sample::order(Purpose::Deposit(customer(shop)))
        });
        let id = checkout.id;
        database.add_checkout(checkout).await.unwrap();
        let cause = super::samples::caused(NOW);
        let chosen = database.choose_purse(id, currency("TRX"), cause).await;
        assert!(chosen.unwrap());
        let paid_to = PaidTo::Customer(key::customer(&customer(shop)));
        let list = DepositReading {
            shop: shop.clone(),
            ..listed(paid_to, &[confirmed("1", "5", NOW)])
        };
        let changes = database.take_in_deposits(list).await.unwrap();
        assert_eq!(changes.put.len(), 1, "the other's is another deposit");
        let read = database.snapshot(id).await.unwrap().unwrap();
        let purse = read.purse.unwrap();
        assert_eq!(purse.address.as_str(), expected);
        assert_eq!((purse.customer.shop(), read.deposits.len()), (shop, 1));
    }
}
