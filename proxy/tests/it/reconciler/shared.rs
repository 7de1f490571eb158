//! Two proxies on one database share the turns.

use std::sync::Arc;
use std::time::Duration;

use calypso_proxy::{Clock, Proxy};
use checkout::Timestamp;

use crate::support::hook::{Hook, NOWHERE};
use crate::support::{READ, TestProxy, text};

/// The shop's civil clock, for another proxy; its paces pass with it.
struct Beside(calypso_sandbox::VirtualClock);

impl Clock for Beside {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.now().millis().unsigned_abs())
    }
}

#[tokio::test]
async fn each_invoice_has_one_turn_however_many_proxies_watch() {
    let shop = TestProxy::start().await;
    for _ in 0..20 {
        shop.awaiting("LTC").await;
    }
    let clock = Arc::new(Beside(shop.gateway.sandbox.clock()));
    let config = shop.proxy.config().clone();
    let other = Proxy::open(config, clock).await.unwrap();
    for round in 1..=3 {
        shop.advance(60);
        let (one, two) = tokio::join!(shop.proxy.watch_once(), other.watch_once());
        assert_eq!((one.unwrap().failed, two.unwrap().failed), (0, 0));
        assert_eq!(shop.gateway.calls(READ).await, 20 * round);
    }
}

/// Another proxy on the shop's database.
async fn beside(shop: &TestProxy) -> Proxy {
    let clock = Arc::new(Beside(shop.gateway.sandbox.clock()));
    let config = shop.proxy.config().clone();
    Proxy::open(config, clock).await.unwrap()
}

#[tokio::test]
async fn each_customer_has_one_turn_however_many_proxies_watch() {
    let shop = TestProxy::start().await;
    for number in 0..10 {
        let deposit =
            format!(r#"{{"kind":"deposit","customer":"user-{number}","description":"Yours"}}"#);
        let id = shop.made(&deposit).await;
        shop.choose(&id, "TRX").await.expect(200);
    }
    let other = beside(&shop).await;
    let before = shop
        .gateway
        .calls("/api/v1/customer-purse/transaction/find")
        .await;
    for round in 1..=2 {
        shop.advance(180);
        let (one, two) = tokio::join!(shop.proxy.watch_once(), other.watch_once());
        assert_eq!(one.unwrap().customers + two.unwrap().customers, 10);
        assert_eq!(
            shop.gateway
                .calls("/api/v1/customer-purse/transaction/find")
                .await
                - before,
            10 * round
        );
    }
}

#[tokio::test]
async fn each_open_delivery_is_worked_off_once_and_again_when_its_proxy_dies() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    shop.gateway.fault(READ, "error500", 1000).await;
    for number in 0..10 {
        let (_, invoice) = shop.awaiting("LTC").await;
        let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
        hook.tell(&shop, number, "INVOICE_MEMPOOL_FOUND", &named)
            .await
            .expect(200);
    }
    assert_eq!(shop.books().await.deliveries_open, 10);
    shop.gateway.no_faults().await;
    // One proxy takes all of them, and gets no answer before it is killed.
    let doomed = beside(&shop).await;
    shop.advance(10);
    shop.gateway.hold(Some(READ));
    let round = tokio::spawn(async move { doomed.watch_once().await.map(drop) });
    while shop.gateway.held().len() < 4 {
        tokio::task::yield_now().await;
    }
    round.abort();
    shop.gateway.hold(None);
    let other = beside(&shop).await;
    let (one, two) = tokio::join!(shop.proxy.watch_once(), other.watch_once());
    assert_eq!(
        one.unwrap().deliveries + two.unwrap().deliveries,
        6,
        "four are taken"
    );
    shop.advance(120);
    let (one, two) = tokio::join!(shop.proxy.watch_once(), other.watch_once());
    assert_eq!(one.unwrap().deliveries + two.unwrap().deliveries, 4);
    assert_eq!(shop.books().await.deliveries_open, 0);
}
