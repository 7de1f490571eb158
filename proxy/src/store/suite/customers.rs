//! Customers: who they are to the gateway, which addresses they have, and whose turn it is.

use checkout::{Address, Timestamp};

use super::Empty;
use super::samples::{DAY, caused, currency, customer};
use crate::checkouts::customer::Purse;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::gateway::source::Source;
use crate::store::database::{CONFIRMED_SECONDS, Database};
use crate::store::error::StoreError;
use crate::store::outcome::KeptPurse;

pub(super) const ADDRESSES: [&str; 3] = [
    "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs",
    "TSMdUNh9CyFdptkfnkMVHMLwuoHsurCvJG",
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
];

/// An address as the gateway names it at `at`, of a customer it calls `gateway-…`.
fn purse(name: &str, code: &str, address: &str, at: Timestamp) -> Purse {
    let currency = currency(code);
    Purse {
        customer: customer(name),
        gateway_id: format!("gateway-{name}"),
        currency,
        address: Address::parse(currency.network, address).unwrap(),
        confirmed_at: at,
    }
}

/// A customer whom the gateway calls `gateway-…`.
async fn known(database: &dyn Database, name: &str) {
    database.start_customer(customer(name), NOW).await.unwrap();
    let made = format!("gateway-{name}");
    let finished = database.finish_customer(customer(name), made.clone());
    assert_eq!(finished.await.unwrap(), Some(made));
}

/// A customer with an address that was shown at `at`.
pub(super) async fn shown(database: &dyn Database, name: &str, address: &str, at: Timestamp) {
    let gateway_id = database.gateway_customer(customer(name)).await.unwrap();
    if gateway_id.is_none() {
        known(database, name).await;
    }
    let purse = purse(name, "TRX", address, at);
    let kept = database.keep_purse(purse, Source::Page).await;
    assert_ne!(kept.unwrap(), KeptPurse::Taken);
}

async fn put_off(database: &dyn Database, name: &str, due_at: Timestamp) {
    let put_off = database.put_off_customer(customer(name), due_at);
    put_off.await.unwrap();
}

async fn due(database: &dyn Database, now: Timestamp, most: u32) -> Vec<String> {
    let customers = database
        .due_customers(ShopId::default(), now, most)
        .await
        .unwrap();
    let names = customers.iter().map(|due| {
        assert_eq!(due.gateway_id, format!("gateway-{}", due.customer.as_str()));
        due.customer.as_str().to_owned()
    });
    names.collect()
}

pub(in crate::store) async fn calls_without_an_outcome_are_counted(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let start = async |name| database.start_customer(customer(name), NOW).await.unwrap();
    assert_eq!(start("a").await, 1);
    assert_eq!(start("a").await, 2);
    assert_eq!(start("b").await, 1);
    database.settle_customer(customer("a")).await.unwrap();
    assert_eq!(start("a").await, 2);
    let made = "gateway-a".to_owned();
    let finished = database.finish_customer(customer("a"), made).await;
    assert!(finished.unwrap().is_some());
    assert_eq!(start("a").await, 2);
    for _ in 0..4 {
        database.settle_customer(customer("b")).await.unwrap();
    }
    assert_eq!(start("b").await, 1, "never less than none");
    // A call that was never noted has no outcome to note.
    database.settle_customer(customer("c")).await.unwrap();
    assert_eq!(start("c").await, 1);
}

pub(in crate::store) async fn the_first_customer_kept_stays_and_is_nobody_elses(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let gateway_id = async |name| database.gateway_customer(customer(name)).await.unwrap();
    assert_eq!(gateway_id("a").await, None);
    for name in ["a", "b"] {
        database.start_customer(customer(name), NOW).await.unwrap();
        assert_eq!(gateway_id(name).await, None, "nothing was answered");
    }
    let finish = async |name, made: &str| {
        let finished = database.finish_customer(customer(name), made.to_owned());
        finished.await.unwrap()
    };
    assert_eq!(finish("a", "1").await.as_deref(), Some("1"));
    assert_eq!(finish("a", "2").await.as_deref(), Some("1"));
    assert_eq!(finish("b", "1").await, None);
    assert_eq!(gateway_id("a").await.as_deref(), Some("1"));
    assert_eq!(gateway_id("b").await, None);
    assert_eq!(finish("b", "2").await.as_deref(), Some("2"));
    let of_gateway = async |id: &str| {
        let found = database
            .customer_of_gateway(ShopId::default(), id.to_owned())
            .await
            .unwrap();
        found.map(|found| found.as_str().to_owned())
    };
    assert_eq!(of_gateway("1").await.as_deref(), Some("a"));
    assert_eq!(of_gateway("2").await.as_deref(), Some("b"));
    assert_eq!(of_gateway("3").await, None);
}

pub(in crate::store) async fn an_address_is_confirmed_once_an_hour(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let nobodys = database.keep_purse(purse("a", "TRX", ADDRESSES[0], NOW), Source::Page);
    assert!(matches!(nobodys.await, Err(StoreError::Refused(_))));
    known(&*database, "a").await;
    let checkout = sample::made(sample::order(crate::checkouts::purpose::Purpose::Deposit(
        customer("a"),
    )));
    database.add_checkout(checkout.clone()).await.unwrap();
    let chosen = database.choose_purse(checkout.id, currency("TRX"), caused(NOW));
    chosen.await.unwrap();
    let keep = async |address: &str, at: Timestamp| {
        let kept = database.keep_purse(purse("a", "TRX", address, at), Source::Page);
        assert_ne!(kept.await.unwrap(), KeptPurse::Taken);
        let read = database.snapshot(checkout.id).await.unwrap().unwrap();
        let purse = read.purse.unwrap();
        let shown_at = database
            .due_customers(ShopId::default(), NOW, 9)
            .await
            .unwrap()[0]
            .shown_at;
        assert_eq!(purse.confirmed_at, shown_at);
        assert_eq!(purse.gateway_id, "gateway-a");
        (purse.address.as_str().to_owned(), shown_at)
    };
    let first = (ADDRESSES[0].to_owned(), NOW);
    assert_eq!(keep(ADDRESSES[0], NOW).await, first);
    let hour = NOW.plus_seconds(CONFIRMED_SECONDS);
    assert_eq!(keep(ADDRESSES[0], hour.plus_millis(-1)).await, first);
    assert_eq!(
        keep(ADDRESSES[0], hour).await,
        (ADDRESSES[0].to_owned(), hour)
    );
    // Another address is kept at once.
    let soon = hour.plus_millis(1);
    assert_eq!(
        keep(ADDRESSES[1], soon).await,
        (ADDRESSES[1].to_owned(), soon)
    );
}

pub(in crate::store) async fn the_address_shown_is_that_of_the_currency_picked_last(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = sample::deposit();
    let name = checkout.purpose.customer().unwrap().as_str().to_owned();
    database.add_checkout(checkout.clone()).await.unwrap();
    let shows = async || {
        let read = database.snapshot(checkout.id).await.unwrap().unwrap();
        read.purse.map(|purse| purse.currency.code)
    };
    let choose = async |code| {
        let chosen = database.choose_purse(checkout.id, currency(code), caused(NOW));
        chosen.await.unwrap();
    };
    assert_eq!(shows().await, None);
    choose("TRX").await;
    assert_eq!(shows().await, None, "nobody has named an address");
    shown(&*database, &name, ADDRESSES[0], NOW).await;
    let usdt = purse(&name, "USDT_TRX", ADDRESSES[0], NOW);
    let kept = database.keep_purse(usdt, Source::Page).await;
    assert_ne!(kept.unwrap(), KeptPurse::Taken);
    assert_eq!(shows().await, Some("TRX"));
    for code in ["USDT_TRX", "USDT_TRX", "TRX"] {
        choose(code).await;
        assert_eq!(shows().await, Some(code));
    }
    choose("BTC").await;
    assert_eq!(shows().await, None);
    let gone = database.choose_purse(sample::deposit().id, currency("TRX"), caused(NOW));
    assert!(matches!(gone.await, Err(StoreError::Refused(_))));
}

pub(in crate::store) async fn the_longest_overdue_comes_first_and_nobody_is_left_out(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    // Made, and never shown an address.
    known(&*database, "unseen").await;
    for (name, address) in ["a", "b", "c"].into_iter().zip(ADDRESSES) {
        shown(&*database, name, address, NOW).await;
    }
    for (name, seconds) in [("a", 300), ("b", 100), ("c", 200)] {
        put_off(&*database, name, NOW.plus_seconds(seconds)).await;
    }
    let due = async |second, most| due(&*database, NOW.plus_seconds(second), most).await;
    assert_eq!(due(0, 9).await, [""; 0]);
    assert_eq!(due(100, 9).await, ["b"]);
    assert_eq!(due(300, 9).await, ["b", "c", "a"]);
    assert_eq!(due(300, 2).await, ["b", "c"]);
    let first = database
        .due_customers(ShopId::default(), NOW.plus_seconds(100), 1)
        .await;
    assert_eq!(first.unwrap()[0].shown_at, NOW);
}

pub(in crate::store) async fn a_customers_turn_is_taken_by_one_until_a_moment(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    shown(&*database, "a", ADDRESSES[0], NOW).await;
    put_off(&*database, "a", NOW).await;
    let until = NOW.plus_seconds(120);
    let claim = async |name, now| {
        let taken = database.claim_turn(customer(name), now, until);
        taken.await.unwrap()
    };
    assert!(!claim("b", NOW).await, "unknown");
    assert!(!claim("a", NOW.plus_seconds(-1)).await, "not due");
    assert!(claim("a", NOW).await && !claim("a", NOW).await);
    assert_eq!(due(&*database, NOW, 9).await, [""; 0]);
    assert_eq!(due(&*database, until, 9).await, ["a"]);
    // By a clock that was wrong then.
    put_off(&*database, "a", NOW.plus_seconds(2 * DAY)).await;
    assert!(claim("a", NOW).await);
}

pub(in crate::store) async fn a_clock_that_was_years_ahead_puts_nobody_off_for_years(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    shown(&*database, "a", ADDRESSES[0], NOW).await;
    let day = NOW.plus_seconds(DAY);
    put_off(&*database, "a", day).await;
    let now = due(&*database, NOW, 9).await;
    assert_eq!(now, [""; 0], "a day is the longest pace");
    put_off(&*database, "a", day.plus_millis(1)).await;
    assert_eq!(due(&*database, NOW, 9).await, ["a"]);
}

pub(in crate::store) async fn an_address_that_is_shown_again_is_read_soon(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    shown(&*database, "a", ADDRESSES[0], NOW).await;
    put_off(&*database, "a", NOW.plus_seconds(DAY)).await;
    let later = NOW.plus_seconds(2 * 60 * 60);
    shown(&*database, "a", ADDRESSES[0], later).await;
    let due = async |second| due(&*database, later.plus_seconds(second), 9).await;
    assert_eq!(due(119).await, [""; 0]);
    assert_eq!(due(120).await, ["a"]);
    // What is due sooner stays so.
    put_off(&*database, "a", later.plus_seconds(30)).await;
    shown(&*database, "a", ADDRESSES[1], later).await;
    assert_eq!(due(30).await, ["a"]);
}
