//! The gateway says that an invoice has changed: it is read again, by a reading that began after the news.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use calypso_proxy::{Delivered, ShopId};

use crate::support::{READ, TestProxy, text};

/// The gateway's id of a checkout's first invoice.
async fn gateway_id(shop: &TestProxy, id: &str) -> String {
    let view = shop
        .as_merchant(&format!("/v1/checkouts/{id}"))
        .await
        .expect(200)
        .json();
    text(&view, "/merchant/invoices/0/id").to_owned()
}

#[tokio::test]
async fn news_are_taken_in_at_once_whatever_the_pace() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let named = gateway_id(&shop, &id).await;
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "mempool",
        )
        .await;
    let read = shop.gateway.calls(READ).await;
    assert_eq!(
        shop.proxy
            .invoice_has_changed(&ShopId::default(), &named)
            .await
            .unwrap(),
        Delivered::TakenIn
    );
    assert_eq!(shop.gateway.calls(READ).await, read + 1);
    assert_eq!(shop.show(&id).await["state"], "detected");
    // What comes twice changes nothing twice.
    assert_eq!(
        shop.proxy
            .invoice_has_changed(&ShopId::default(), &named)
            .await
            .unwrap(),
        Delivered::TakenIn
    );
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn news_never_join_a_reading_that_began_before_them() {
    let shop = Arc::new(TestProxy::start().await);
    let (id, invoice) = shop.awaiting("BTC").await;
    let named = gateway_id(&shop, &id).await;
    // What the gateway answers before the payment.
    let before: Arc<Mutex<Option<String>>> = Arc::default();
    let seen = Arc::clone(&before);
    shop.gateway.rewrite(move |path, body| {
        if path == READ {
            seen.lock().unwrap().get_or_insert(body.clone());
        }
        body
    });
    shop.fresh(&id).await;
    let before = before.lock().unwrap().clone().unwrap();
    // A page asks, and its reading is on its way when the payment comes; it was answered before.
    let answered = AtomicUsize::new(0);
    shop.gateway.rewrite(move |path, body| {
        if path == READ && answered.fetch_add(1, Ordering::SeqCst) == 0 {
            before.clone()
        } else {
            body
        }
    });
    shop.gateway.hold(Some(READ));
    let read = shop.gateway.calls(READ).await;
    let poll = {
        let (shop, id) = (Arc::clone(&shop), id.clone());
        tokio::spawn(async move { shop.fresh(&id).await })
    };
    while shop.gateway.held().is_empty() {
        tokio::task::yield_now().await;
    }
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "mempool",
        )
        .await;
    let news = {
        let (shop, named) = (Arc::clone(&shop), named.clone());
        tokio::spawn(async move {
            shop.proxy
                .invoice_has_changed(&ShopId::default(), &named)
                .await
                .unwrap()
        })
    };
    tokio::task::yield_now().await;
    shop.gateway.hold(None);
    assert_eq!(poll.await.unwrap()["state"], "awaiting");
    assert_eq!(news.await.unwrap(), Delivered::TakenIn);
    assert_eq!(shop.gateway.calls(READ).await, read + 2);
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn news_of_nobodys_invoice_and_of_a_silent_gateway_say_so() {
    let mut shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    let named = gateway_id(&shop, &id).await;
    let other = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";
    for unknown in [other, "", "'; DROP TABLE invoices"] {
        assert_eq!(
            shop.proxy
                .invoice_has_changed(&ShopId::default(), unknown)
                .await
                .unwrap(),
            Delivered::NotOurs
        );
    }
    shop.gateway.stop().await;
    assert_eq!(
        shop.proxy
            .invoice_has_changed(&ShopId::default(), &named)
            .await
            .unwrap(),
        Delivered::NotRead
    );
    assert_eq!(shop.show(&id).await["state"], "awaiting");
}
