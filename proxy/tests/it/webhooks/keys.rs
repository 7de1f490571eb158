//! With which keys webhooks are signed: made, changed without a gap, and ended.

use calypso_proxy::{Proxy, ShopId, SystemClock};
use serde_json::json;
use url::Url;
use uuid::Uuid;

use std::sync::Arc;

use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::{READ, TestProxy, text};

async fn is_taken(shop: &TestProxy, hook: &Hook, number: u64) -> bool {
    let reply = hook.tell(shop, number, "INVOICE_EXPIRED", "1").await;
    assert!(matches!(reply.status, 200 | 401), "{}", reply.text());
    reply.status == 200
}

#[tokio::test]
async fn registering_twice_makes_one_subscription() {
    let shop = TestProxy::start().await;
    let first = Hook::register(&shop, NOWHERE, false).await;
    let again = Hook::register(&shop, "HTTP://127.0.0.1:1/webhooks/./calypso", false).await;
    assert_eq!((&first.id, &first.key), (&again.id, &again.key));
    assert_eq!(
        shop.proxy
            .subscribed(&ShopId::default())
            .await
            .unwrap()
            .len(),
        1
    );
    let elsewhere = Hook::register(&shop, "http://127.0.0.1:1/elsewhere", false).await;
    assert_ne!(first.id, elsewhere.id);
    assert_eq!(shop.books().await.subscriptions, 2);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_and_not_doubled() {
    let shop = TestProxy::hasty().await;
    let url = Url::parse(NOWHERE).unwrap();
    let create = "/api/v1/subscription/webhook/create";
    shop.gateway.fault(create, "timeout_after", 1).await;
    let lost = shop.proxy.subscribe(&ShopId::default(), &url, false).await;
    assert!(lost.unwrap_err().to_string().contains("do it again"));
    assert_eq!(shop.books().await.subscriptions, 0);
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let all = shop.proxy.subscribed(&ShopId::default()).await.unwrap();
    assert_eq!(all.len(), 1);
    assert!(all[0].is_at_gateway && all[0].is_taken && all[0].id == hook.id);
    assert!(is_taken(&shop, &hook, 1).await);
}

#[tokio::test]
async fn keys_are_changed_without_a_gap() {
    let shop = TestProxy::start().await;
    let old = Hook::register(&shop, NOWHERE, false).await;
    let new = Hook::register(&shop, NOWHERE, true).await;
    assert_ne!((&old.id, &old.key), (&new.id, &new.key));
    assert!(is_taken(&shop, &old, 1).await && is_taken(&shop, &new, 2).await);
    let id = Uuid::try_parse(&old.id).unwrap();
    assert!(
        shop.proxy
            .unsubscribe(&ShopId::default(), id)
            .await
            .unwrap()
    );
    assert!(!is_taken(&shop, &old, 3).await && is_taken(&shop, &new, 4).await);
    let all = shop.proxy.subscribed(&ShopId::default()).await.unwrap();
    assert_eq!(all.iter().map(|one| &one.id).collect::<Vec<_>>(), [&new.id]);
    assert!(
        !shop
            .proxy
            .unsubscribe(&ShopId::default(), id)
            .await
            .unwrap(),
        "it is gone"
    );
}

#[tokio::test]
async fn keys_that_another_process_keeps_and_forgets_are_followed() {
    let shop = TestProxy::start().await;
    let first = Hook::register(&shop, "http://127.0.0.1:1/first", false).await;
    assert!(is_taken(&shop, &first, 1).await);
    let config = shop.proxy.config().clone();
    let other = Proxy::open(config, Arc::new(SystemClock)).await.unwrap();
    let url = Url::parse(NOWHERE).unwrap();
    let id = other
        .subscribe(&ShopId::default(), &url, false)
        .await
        .unwrap();
    let hook = Hook::of(&shop, &id.to_string()).await;
    shop.wait(1_000);
    assert!(
        is_taken(&shop, &hook, 2).await,
        "an unknown key is looked up"
    );
    other.unsubscribe(&ShopId::default(), id).await.unwrap();
    shop.wait(10_000);
    assert!(!is_taken(&shop, &hook, 3).await);
    assert!(is_taken(&shop, &first, 4).await);
}

#[tokio::test]
async fn a_subscription_that_only_one_side_knows_is_told_and_can_be_ended() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let id = Uuid::try_parse(&hook.id).unwrap();
    // A proxy on another database has the same account at the gateway.
    let other = TestProxy::start().await;
    let mut config = other.proxy.config().clone();
    config.shops[0].gateway = shop.proxy.config().shops[0].gateway.clone();
    let other = Proxy::open(config, Arc::new(SystemClock)).await.unwrap();
    let seen = other.subscribed(&ShopId::default()).await.unwrap();
    assert!(seen.len() == 1 && seen[0].is_at_gateway && !seen[0].is_taken);
    assert!(other.unsubscribe(&ShopId::default(), id).await.unwrap());
    let left = shop.proxy.subscribed(&ShopId::default()).await.unwrap();
    assert!(left.len() == 1 && !left[0].is_at_gateway && left[0].is_taken);
    assert!(
        shop.proxy
            .unsubscribe(&ShopId::default(), id)
            .await
            .unwrap()
    );
    assert!(
        shop.proxy
            .subscribed(&ShopId::default())
            .await
            .unwrap()
            .is_empty()
    );
}

/// Two stores with one gateway account.
async fn two_stores() -> TestProxy {
    TestProxy::with(|config| {
        let mut second = config.shops[0].clone();
        second.name = ShopId::parse("second").unwrap();
        second.merchant_key = "merchant-of-the-second-store".into();
        second.allowed_origins = Vec::new();
        config.shops.push(second);
    })
    .await
}

#[tokio::test]
async fn each_store_of_one_account_has_a_subscription_of_its_own() {
    let shop = two_stores().await;
    let (first, second) = (ShopId::default(), ShopId::parse("second").unwrap());
    let url = Url::parse(NOWHERE).unwrap();
    let one = shop.proxy.subscribe(&first, &url, false).await.unwrap();
    let other = shop.proxy.subscribe(&second, &url, false).await.unwrap();
    assert_ne!(one, other, "ending the one would end the other");
    for (store, id) in [(&first, one), (&second, other)] {
        let again = shop.proxy.subscribe(store, &url, false).await.unwrap();
        assert_eq!(again, id);
        let all = shop.proxy.subscribed(store).await.unwrap();
        let ids: Vec<_> = all.iter().map(|one| one.id.clone()).collect();
        assert_eq!(ids, [id.to_string()], "what the operator may end");
    }
}

/// No document says that each subscription of an account has keys of its own.
#[tokio::test]
async fn with_one_pair_of_keys_for_two_stores_each_hears_of_its_own_invoices() {
    let shop = two_stores().await;
    let url = Url::parse(NOWHERE).unwrap();
    let second = ShopId::parse("second").unwrap();
    let first = Hook::register(&shop, NOWHERE, false).await;
    let id = shop.proxy.subscribe(&second, &url, false).await.unwrap();
    shop.give_keys_of(&first.id, &id.to_string());
    shop.wait(10_000);
    let made = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let bearer = [("authorization", "Bearer merchant-of-the-second-store")];
    let mut invoices = Vec::new();
    for headers in [&[][..], &bearer[..]] {
        let id = if headers.is_empty() {
            shop.made(made).await
        } else {
            let headers = [headers, &[("idempotency-key", "second-1")]].concat();
            let view = shop.post("/v1/checkouts", made, &headers).await;
            text(&view.expect(201).json(), "/id").to_owned()
        };
        let view = shop.choose(&id, "BTC").await.expect(200).json();
        let address = text(&view, "/invoice/address").to_owned();
        invoices.push(shop.gateway.invoice_at(&address).await);
    }
    for (number, invoice) in (1..).zip(&invoices) {
        let read = shop.gateway.calls(READ).await;
        first
            .tell(&shop, number, "INVOICE_MEMPOOL_FOUND", invoice)
            .await
            .expect(200);
        assert_eq!(shop.gateway.calls(READ).await, read + 1);
    }
    // Where it says whose it is, the other has nothing to do with it.
    let told = json!({"id": 9, "requestId": id, "data": {"type": "INVOICE_PAID", "parentExternalId": invoices[0]}});
    let read = shop.gateway.calls(READ).await;
    first
        .send(&shop, told.to_string().as_bytes())
        .await
        .expect(200);
    assert_eq!(shop.gateway.calls(READ).await, read);
}

#[tokio::test]
async fn the_keys_of_one_store_say_nothing_about_anothers_invoices() {
    let shop = two_stores().await;
    let (_, invoice) = shop.awaiting("BTC").await;
    let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
    let url = Url::parse(NOWHERE).unwrap();
    let second = ShopId::parse("second").unwrap();
    let id = shop.proxy.subscribe(&second, &url, true).await.unwrap();
    let hook = Hook::of(&shop, &id.to_string()).await;
    let read = shop.gateway.calls(READ).await;
    let requests = shop.gateway.requests().await;
    let made = requests
        .iter()
        .find(|made| made["answer"]["body"]["id"] == json!(named));
    let key = made.unwrap()["answer"]["body"]["idempotencyKey"].clone();
    for (number, data) in [
        (1, json!({"parentExternalId": named})),
        (2, json!({"idempotencyKey": key})),
    ] {
        let body = event(number, "INVOICE_PAID", data);
        hook.send(&shop, body.as_bytes()).await.expect(200);
    }
    assert_eq!(shop.gateway.calls(READ).await, read, "not its own");
    // Ids of events are each store's own.
    let own = Hook::register(&shop, NOWHERE, true).await;
    own.tell(&shop, 1, "INVOICE_PAID", &named).await.expect(200);
    assert_eq!(shop.gateway.calls(READ).await, read + 1);
    assert_eq!(shop.books().await.deliveries, 3);
}
