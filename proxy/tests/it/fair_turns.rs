//! Buyers who have closed the page, and buyers who look, beside networks that make and look at all they can.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::support::{READ, TestProxy, behind_a_proxy, text};

const HONEST: &str = "198.51.100.9";
/// More than have their turn in one round.
const MANY: usize = 300;
/// Those that are read at the same time, whose order is nobody's.
const TOGETHER: usize = 8;

async fn shop(change: impl FnOnce(&mut calypso_proxy::Config)) -> TestProxy {
    TestProxy::with(|config| {
        behind_a_proxy(config);
        // What bounds the making is tried elsewhere; this is about what was made over a day.
        config.limits.network_checkouts_per_hour = 0;
        config.limits.network_choices_per_hour = 0;
        config.limits.product_checkouts_per_hour = 0;
        config.limits.invoices_per_hour = 0;
        change(config);
    })
    .await
}

/// A checkout with an invoice, as a page in the network of `address` makes and shows it: its id, and where to pay how much.
async fn looked_at(shop: &TestProxy, address: &str) -> (String, String, String) {
    let from = [("x-forwarded-for", address)];
    let product = r#"{"product":"demo-order"}"#;
    let made = shop.post("/v1/checkouts", product, &from).await;
    let id = text(&made.expect(201).json(), "/id").to_owned();
    let chosen = shop.post_choice(&id, "LTC", address).await;
    let view = chosen.expect(200).json();
    look(shop, &id, address).await;
    let invoice = |pointer| text(&view, pointer).to_owned();
    (id, invoice("/invoice/address"), invoice("/invoice/amount"))
}

async fn look(shop: &TestProxy, id: &str, address: &str) {
    let from = [("x-forwarded-for", address)];
    let path = format!("/v1/checkouts/{id}");
    shop.request("GET", &path, &from, None).await.expect(200);
}

/// Which invoices a round of the watcher read, in order.
async fn read_in_a_round(shop: &TestProxy) -> Vec<String> {
    let before = shop.gateway.calls(READ).await;
    shop.proxy.watch_once().await.unwrap();
    reads(shop).await.split_off(before)
}

/// What was answered to every reading.
async fn reads(shop: &TestProxy) -> Vec<String> {
    let requests = shop.gateway.requests().await;
    let reads = requests.iter().filter(|request| request["path"] == READ);
    reads
        .map(|request| request["answer"]["body"].to_string())
        .collect()
}

#[tokio::test]
async fn a_payment_on_a_closed_page_is_noticed_as_soon_while_one_network_looks_at_all_it_makes() {
    let shop = shop(|_| {}).await;
    let (_, address, amount) = looked_at(&shop, HONEST).await;
    for n in 0..MANY {
        looked_at(&shop, &format!("203.0.113.{}", n % 256)).await;
    }
    shop.gateway.deposit(&address, &amount, "confirmed").await;
    shop.advance(30);
    let reads = read_in_a_round(&shop).await;
    let place = reads.iter().position(|read| read.contains(&address));
    assert!(place.is_some_and(|place| place < TOGETHER), "{place:?}");
    assert!(reads.len() <= 120, "a round has its end: {}", reads.len());
}

#[tokio::test]
async fn every_round_reads_the_closed_page_of_an_honest_buyer_and_the_crowd_has_its_turns_too() {
    let shop = shop(|_| {}).await;
    let (_, address, _) = looked_at(&shop, HONEST).await;
    for n in 0..MANY {
        looked_at(&shop, &format!("203.0.{}.7", n % 30)).await;
    }
    let mut all = Vec::new();
    for round in 0..5 {
        shop.advance(30);
        let reads = read_in_a_round(&shop).await;
        let place = reads.iter().position(|read| read.contains(&address));
        assert!(
            place.is_some_and(|place| place < 30 + TOGETHER),
            "{round}: {place:?}"
        );
        all.extend(reads);
    }
    let made = shop.gateway.invoices_made().await;
    let unread = made
        .iter()
        .filter(|made| !all.iter().any(|read| read.contains(made.as_str())));
    assert_eq!(unread.count(), 0);
}

#[tokio::test]
async fn a_buyer_who_left_before_the_page_asked_again_has_his_turn_as_soon() {
    let shop = shop(|_| {}).await;
    let from = [("x-forwarded-for", HONEST)];
    let made = shop
        .post("/v1/checkouts", r#"{"product":"demo-order"}"#, &from)
        .await;
    let id = text(&made.expect(201).json(), "/id").to_owned();
    let view = shop
        .post_choice(&id, "LTC", HONEST)
        .await
        .expect(200)
        .json();
    for n in 0..MANY {
        looked_at(&shop, &format!("203.0.113.{}", n % 256)).await;
    }
    shop.advance(30);
    let reads = read_in_a_round(&shop).await;
    let address = text(&view, "/invoice/address");
    let place = reads.iter().position(|read| read.contains(address));
    assert!(place.is_some_and(|place| place < TOGETHER), "{place:?}");
}

/// Waits until the gateway keeps so many calls waiting, if it ever does; answers with them.
async fn held(shop: &TestProxy, is_enough: impl Fn(&[String]) -> bool) -> Vec<String> {
    for _ in 0..300 {
        if is_enough(&shop.gateway.held()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    shop.gateway.held()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_poll_all_they_have_take_no_reading_from_other_buyers_or_from_the_watcher() {
    let shop =
        shop(|config| config.shops[0].gateway.timeout = std::time::Duration::from_secs(60)).await;
    let (_, closed, _) = looked_at(&shop, "198.51.101.9").await;
    let (honest, honests, _) = looked_at(&shop, HONEST).await;
    let expected = [
        shop.gateway.invoice_at(&honests).await,
        shop.gateway.invoice_at(&closed).await,
    ];
    let mut theirs = Vec::new();
    for n in 0..80 {
        let address = format!("203.0.{}.7", n % 2);
        theirs.push((looked_at(&shop, &address).await.0, address));
    }
    shop.advance(30);
    // A gateway that takes long, so that every reading that is begun goes on.
    shop.gateway.hold(Some(READ));
    let shop = Arc::new(shop);
    let mut requests = JoinSet::new();
    for (id, address) in theirs {
        let shop = Arc::clone(&shop);
        requests.spawn(async move { look(&shop, &id, &address).await });
    }
    let flood = held(&shop, |calls| calls.len() >= 32).await;
    assert_eq!(flood.len(), 16, "eight of each network");
    let buyer = (Arc::clone(&shop), honest.clone());
    requests.spawn(async move { look(&buyer.0, &buyer.1, HONEST).await });
    let watcher = shop.proxy.clone();
    requests.spawn(async move {
        watcher.watch_once().await.unwrap();
    });
    let calls = held(&shop, |calls| {
        expected
            .iter()
            .all(|id| calls.iter().any(|call| call.contains(id)))
    });
    let calls = calls.await;
    for id in expected {
        assert!(calls.iter().any(|call| call.contains(&id)), "{calls:?}");
    }
    shop.gateway.hold(None);
    requests.join_all().await;
}
