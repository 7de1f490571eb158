//! Webhooks that are lost, and webhooks that have stopped.

use super::told;
use crate::support::{READ, logged, text};
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
