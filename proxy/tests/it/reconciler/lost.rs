//! Webhooks that are lost, and webhooks that have stopped.

use serde_json::json;

use super::told;
use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{READ, TestProxy, logged, text};
use crate::webhooks::pay;

#[tokio::test]
async fn a_payment_whose_webhook_is_lost_is_seen_within_eight_minutes_and_counted() {
    let (shop, hook, id, invoice, named) = told("BTC").await;
    for _ in 0..30 {
        shop.advance(30);
        shop.proxy.watch_once().await.unwrap();
    }
    pay(&shop, &invoice, "mempool").await;
    let mut waited = 0;
    while shop.books().await.invoices_in(checkout::Phase::Detected) == 0 {
        shop.advance(30);
        shop.proxy.watch_once().await.unwrap();
        waited += 30;
        assert!(waited <= 8 * 60, "it is not seen");
    }
    // The gateway may still tell it.
    shop.advance(60);
    assert_eq!(shop.proxy.watch_once().await.unwrap().missed, 0);
    shop.advance(60);
    assert_eq!(shop.proxy.watch_once().await.unwrap().missed, 1);
    assert!(logged().contains("reading has found a change that no webhook has told"));
    assert_eq!(shop.proxy.watch_once().await.unwrap().missed, 0, "once");
    // Now polls are read as if there were no webhooks, until one comes.
    let polls = async || {
        let before = shop.gateway.calls(READ).await;
        for _ in 0..3 {
            shop.advance(3);
            shop.show(&id).await;
        }
        shop.gateway.calls(READ).await - before
    };
    assert_eq!(polls().await, 3);
    hook.tell(&shop, 9, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    assert_eq!(polls().await, 0);
}

#[tokio::test]
async fn what_is_told_in_time_is_not_missed() {
    let (shop, hook, id, invoice, named) = told("BTC").await;
    shop.advance(60);
    pay(&shop, &invoice, "mempool").await;
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "detected");
    hook.tell(&shop, 2, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    shop.advance(200);
    assert_eq!(shop.proxy.watch_once().await.unwrap().missed, 0);
}

#[tokio::test]
async fn a_new_invoice_that_nothing_was_told_of_brings_polling_back() {
    let (shop, _, _, _, _) = told("BTC").await;
    shop.advance(10);
    let (id, _) = shop.awaiting("LTC").await;
    let reads = async || {
        let before = shop.gateway.calls(READ).await;
        shop.advance(3);
        shop.show(&id).await;
        shop.gateway.calls(READ).await - before
    };
    assert_eq!(reads().await, 0, "it may still be told");
    shop.advance(120);
    assert_eq!((reads().await, reads().await), (1, 1));
}

#[tokio::test]
async fn after_a_restart_webhooks_count_as_soon_as_the_watcher_has_looked() {
    let (mut shop, _, id, _, _) = told("BTC").await;
    shop.restarted().await;
    shop.proxy.watch_once().await.unwrap();
    shop.advance(3);
    shop.show(&id).await;
    let before = shop.gateway.calls(READ).await;
    shop.advance(3);
    shop.show(&id).await;
    assert_eq!(shop.gateway.calls(READ).await, before);
    assert_eq!(text(&shop.show(&id).await, "/state"), "awaiting");
}

#[tokio::test]
async fn news_that_name_nothing_of_ours_do_not_show_that_webhooks_arrive() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, _) = shop.awaiting("BTC").await;
    let nobodys = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";
    for number in [1, 2] {
        hook.tell(&shop, number, "INVOICE_PAID", nobodys)
            .await
            .expect(200);
        hook.send(&shop, b"not JSON").await.expect(200);
        shop.proxy.watch_once().await.unwrap();
        let before = shop.gateway.calls(READ).await;
        shop.advance(3);
        shop.show(&id).await;
        assert_eq!(shop.gateway.calls(READ).await, before + 1);
    }
}

/// Money that comes to a top-up moves nothing else of it.
#[tokio::test]
async fn a_lost_webhook_about_money_alone_is_counted() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let id = shop.made(TOPUP).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    hook.tell(&shop, 1, "INVOICE_CREATE_INVOICE", "1")
        .await
        .expect(200);
    for _ in 0..2 {
        shop.gateway
            .deposit_in(&address, "TRX", "5", "confirmed")
            .await;
        assert_eq!(missed(&shop, 31 * 60).await, 1);
    }
}

#[tokio::test]
async fn a_lost_webhook_about_a_customers_deposit_is_counted_once() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    hook.tell(&shop, 1, "INVOICE_CREATE_INVOICE", "1")
        .await
        .expect(200);
    shop.gateway
        .deposit_in(&address, "TRX", "5", "confirmed")
        .await;
    assert_eq!(missed(&shop, 31 * 60).await, 1);
    assert_eq!(shop.books().await.deposits, 1);
    // One that is told is not.
    shop.gateway
        .deposit_in(&address, "TRX", "6", "confirmed")
        .await;
    let requests = shop.gateway.requests().await;
    let made = requests
        .iter()
        .find(|made| made["path"] == "/api/v1/customer-purse/customer/create");
    let customer = made.unwrap()["answer"]["body"]["id"].clone();
    let told = json!({"customerId": customer});
    let told = event(2, "CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE", told);
    hook.send(&shop, told.as_bytes()).await.expect(200);
    assert_eq!(missed(&shop, 60).await, 0);
    assert_eq!(shop.books().await.deposits, 2);
}

#[tokio::test]
async fn what_is_missed_is_not_forgotten_when_the_database_does_not_say() {
    let (shop, _, _, invoice, _) = told("BTC").await;
    shop.advance(60);
    pay(&shop, &invoice, "mempool").await;
    shop.proxy.watch_once().await.unwrap();
    shop.advance(180);
    shop.hide_deliveries(true);
    shop.proxy.watch_once().await.unwrap_err();
    shop.hide_deliveries(false);
    assert_eq!(shop.proxy.watch_once().await.unwrap().missed, 1);
}

#[tokio::test]
async fn one_failed_reading_puts_a_new_price_off_for_seconds_and_not_for_the_pace_of_webhooks() {
    let (shop, _, id, _, _) = told("USDT_TRX").await;
    shop.advance(890);
    shop.show(&id).await;
    shop.gateway.fault(READ, "error500", 1000).await;
    shop.advance(15);
    let view = shop.show(&id).await;
    assert!(is_over(&view), "the reading has failed");
    shop.gateway.no_faults().await;
    shop.advance(3);
    assert!(!is_over(&shop.show(&id).await));
}

#[tokio::test]
async fn a_price_that_the_gateway_works_out_late_is_asked_for_again() {
    let (shop, _, id, _, _) = told("USDT_TRX").await;
    shop.advance(890);
    let old = shop.show(&id).await;
    let answer = shop.gateway.last_answer(READ).await;
    shop.gateway.rewrite(
        move |path, body| {
            if path == READ { answer.clone() } else { body }
        },
    );
    shop.advance(15);
    let view = shop.show(&id).await;
    assert!(is_over(&view), "{old}");
    shop.gateway.honest();
    shop.advance(6);
    assert!(!is_over(&shop.show(&id).await));
}

/// Whether the price that is shown is over, so that the page hides it.
fn is_over(view: &serde_json::Value) -> bool {
    let moment = |pointer| checkout::Timestamp::parse(text(view, pointer)).unwrap();
    moment("/invoice/repriceAt") <= moment("/now")
}

/// How many changes count as missed after so many seconds, and the time a webhook may take.
async fn missed(shop: &TestProxy, seconds: u64) -> u32 {
    shop.advance(seconds);
    let first = shop.proxy.watch_once().await.unwrap().missed;
    shop.advance(125);
    first + shop.proxy.watch_once().await.unwrap().missed
}
