//! Whose turn it is: everyone an address was shown to, the longest overdue first, and nobody left out.

use checkout::{Address, Currency, Timestamp};

use crate::checkouts::customer::{CustomerId, Purse};
use crate::store::database::Customers;
use crate::store::sqlite::Sqlite;
use crate::store::sqlite::tests::open;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);
const DAY: i64 = 24 * 60 * 60;

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name.to_owned()).unwrap()
}

/// A customer with an address that was shown at `at`.
async fn shown(store: &Sqlite, name: &str, address: &str, at: Timestamp) {
    if store.gateway_customer(id(name)).await.unwrap().is_none() {
        store.start_customer(id(name), at).await.unwrap();
        let made = format!("gateway-{name}");
        store.finish_customer(id(name), made).await.unwrap();
    }
    let currency = Currency::find("TRX").unwrap();
    let purse = Purse {
        customer: id(name),
        gateway_id: format!("gateway-{name}"),
        currency,
        address: Address::parse(currency.network, address).unwrap(),
        confirmed_at: at,
    };
    assert!(store.keep_purse(purse).await.unwrap());
}

async fn due(store: &Sqlite, now: Timestamp, most: u32) -> Vec<String> {
    let customers = store.due_customers(now, most).await.unwrap();
    let names = customers.iter().map(|due| {
        assert_eq!(due.gateway_id, format!("gateway-{}", due.customer.as_str()));
        due.customer.as_str().to_owned()
    });
    names.collect()
}

const ADDRESSES: [&str; 3] = [
    "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs",
    "TSMdUNh9CyFdptkfnkMVHMLwuoHsurCvJG",
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
];

#[tokio::test]
async fn the_longest_overdue_comes_first_and_nobody_is_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    // Made, and never shown an address.
    store.start_customer(id("unseen"), NOW).await.unwrap();
    let made = "gateway-unseen".to_owned();
    store.finish_customer(id("unseen"), made).await.unwrap();
    for (name, address) in ["a", "b", "c"].into_iter().zip(ADDRESSES) {
        shown(&store, name, address, NOW).await;
    }
    for (name, seconds) in [("a", 300), ("b", 100), ("c", 200)] {
        let at = NOW.plus_seconds(seconds);
        store.put_off_customer(id(name), at).await.unwrap();
    }
    assert_eq!(due(&store, NOW, 9).await, [""; 0]);
    assert_eq!(due(&store, NOW.plus_seconds(100), 9).await, ["b"]);
    assert_eq!(due(&store, NOW.plus_seconds(300), 9).await, ["b", "c", "a"]);
    assert_eq!(due(&store, NOW.plus_seconds(300), 2).await, ["b", "c"]);
    let shown_at = store.due_customers(NOW.plus_seconds(100), 1).await.unwrap()[0].shown_at;
    assert_eq!(shown_at, NOW);
}

#[tokio::test]
async fn a_clock_that_was_years_ahead_puts_nobody_off_for_years() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    shown(&store, "a", ADDRESSES[0], NOW).await;
    let (day, more) = (NOW.plus_seconds(DAY), NOW.plus_seconds(DAY).plus_millis(1));
    store.put_off_customer(id("a"), day).await.unwrap();
    assert_eq!(
        due(&store, NOW, 9).await,
        [""; 0],
        "a day is the longest pace"
    );
    store.put_off_customer(id("a"), more).await.unwrap();
    assert_eq!(due(&store, NOW, 9).await, ["a"]);
}

#[tokio::test]
async fn an_address_that_is_shown_again_is_read_soon() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    shown(&store, "a", ADDRESSES[0], NOW).await;
    store
        .put_off_customer(id("a"), NOW.plus_seconds(DAY))
        .await
        .unwrap();
    let later = NOW.plus_seconds(2 * 60 * 60);
    shown(&store, "a", ADDRESSES[0], later).await;
    assert_eq!(due(&store, later.plus_seconds(119), 9).await, [""; 0]);
    assert_eq!(due(&store, later.plus_seconds(120), 9).await, ["a"]);
    // What is due sooner stays so.
    store
        .put_off_customer(id("a"), later.plus_seconds(30))
        .await
        .unwrap();
    shown(&store, "a", ADDRESSES[1], later).await;
    assert_eq!(due(&store, later.plus_seconds(30), 9).await, ["a"]);
}
