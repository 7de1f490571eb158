//! The budget of readings: what it holds back, for whom some are kept, and when the gateway has had enough.

use crate::support::hook::{Hook, NOWHERE};
use crate::support::{READ, TestProxy, text};
use crate::webhooks::pay;

const ORDER: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

/// A shop that may read sixty times in a minute, with as many open invoices.
async fn poor(invoices: usize) -> (TestProxy, Vec<String>) {
    let shop = TestProxy::with(|config| config.shops[0].gateway.reads_per_minute = 60).await;
    let mut ids = Vec::new();
    for _ in 0..invoices {
        let id = shop.made(ORDER).await;
        shop.choose(&id, "LTC").await.expect(200);
        ids.push(id);
    }
    (shop, ids)
}

#[tokio::test]
async fn the_watcher_reads_as_many_as_it_may_and_all_have_their_turns() {
    let (shop, ids) = poor(100).await;
    let reads = async || shop.gateway.calls(READ).await;
    shop.advance(60);
    let round = shop.proxy.watch_once().await.unwrap();
    assert!(round.is_cut);
    let first = reads().await;
    assert!((45..=47).contains(&first), "{first}");
    // A quarter is kept for those who look.
    for id in &ids {
        shop.show(id).await;
    }
    let all = reads().await;
    assert!((60..=62).contains(&all), "{all}");
    for _ in 0..8 {
        let before = reads().await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        assert!(reads().await - before <= 60);
    }
    let requests = shop.gateway.requests().await;
    let asked: std::collections::BTreeSet<String> = requests
        .iter()
        .filter(|request| request["path"] == READ)
        .map(|request| request["answer"]["body"]["id"].to_string())
        .collect();
    assert_eq!(asked.len(), 100);
}

#[tokio::test]
async fn a_webhook_that_finds_no_reading_left_is_worked_off_later() {
    let shop = TestProxy::with(|config| config.shops[0].gateway.reads_per_minute = 60).await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
    for number in 0..60 {
        hook.tell(&shop, number, "INVOICE_PAID", &named)
            .await
            .expect(200);
    }
    assert_eq!(shop.gateway.calls(READ).await, 60);
    pay(&shop, &invoice, "mempool").await;
    hook.tell(&shop, 99, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    assert_eq!(shop.gateway.calls(READ).await, 60, "there is none left");
    assert_eq!(shop.books().await.deliveries_open, 1);
    shop.advance(5);
    assert_eq!(shop.proxy.watch_once().await.unwrap().deliveries, 1);
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn a_gateway_that_has_had_enough_is_left_alone_for_as_long_as_it_says() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    let (other, _) = shop.awaiting("LTC").await;
    let reads = async || shop.gateway.calls(READ).await;
    shop.gateway.fault(READ, "error429", 1).await;
    shop.advance(60);
    shop.show(&id).await;
    let before = reads().await;
    shop.wait(999);
    shop.show(&other).await;
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before, "not a second has passed");
    shop.advance(1);
    shop.show(&other).await;
    assert_eq!(reads().await, before + 1);
}

#[tokio::test]
async fn a_store_whose_gateway_is_down_keeps_no_other_store_waiting() {
    let shop = TestProxy::with(|config| {
        let mut down = config.shops[0].clone();
        down.name = calypso_proxy::ShopId::parse("down").unwrap();
        down.merchant_key = "merchant-of-the-store-that-is-down".into();
        down.allowed_origins = Vec::new();
        config.shops.insert(0, down);
    })
    .await;
    let bearer = "Bearer merchant-of-the-store-that-is-down";
    for number in 0..30 {
        let key = number.to_string();
        let headers = [("authorization", bearer), ("idempotency-key", key.as_str())];
        let made = shop
            .post("/v1/checkouts", ORDER, &headers)
            .await
            .expect(201)
            .json();
        shop.choose(text(&made, "/id"), "LTC").await.expect(200);
    }
    let id = shop.made(ORDER).await;
    let own = shop.choose(&id, "LTC").await.expect(200).json();
    let address = text(&own, "/invoice/address").to_owned();
    // Readings of the first store's invoices come to nothing.
    shop.gateway.rewrite(move |path, body| {
        if path == READ && !body.contains(&address) {
            "{}".to_owned()
        } else {
            body
        }
    });
    shop.advance(60);
    let round = shop.proxy.watch_once().await.unwrap();
    assert_eq!(round.read, 1, "{round:?}");
    assert!(round.failed >= 5, "{round:?}");
}
