//! Webhooks that come while the gateway cannot be read: acknowledged, kept as open, and worked off.

use super::{awaiting, pay};
use crate::support::READ;

#[tokio::test]
async fn news_that_cannot_be_read_are_kept_and_worked_off_after_a_restart() {
    let (mut shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    // More errors than this would end the subscription.
    for number in 0..10 {
        hook.tell(&shop, number, "INVOICE_MEMPOOL_FOUND", &named)
            .await
            .expect(200);
    }
    let books = shop.books().await;
    assert_eq!((books.deliveries, books.deliveries_open), (10, 10));
    shop.restarted().await;
    shop.advance(5);
    let round = shop.proxy.watch_once().await.unwrap();
    assert_eq!(round.deliveries, 0, "the gateway fails still");
    assert_eq!(shop.books().await.deliveries_open, 10);
    assert_eq!(
        shop.proxy.watch_once().await.unwrap().deliveries,
        0,
        "put off"
    );
    shop.gateway.no_faults().await;
    shop.advance(10);
    assert_eq!(shop.proxy.watch_once().await.unwrap().deliveries, 10);
    assert_eq!(shop.books().await.deliveries_open, 0);
    let view = shop.show(&id).await;
    assert_eq!(view["state"], "detected");
}

#[tokio::test]
async fn an_open_event_that_comes_again_is_read_at_once() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    hook.tell(&shop, 1, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    assert_eq!(shop.books().await.deliveries_open, 1);
    shop.gateway.no_faults().await;
    hook.tell(&shop, 1, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    assert_eq!(shop.books().await.deliveries_open, 0);
    assert_eq!(shop.show(&id).await["state"], "detected");
}
