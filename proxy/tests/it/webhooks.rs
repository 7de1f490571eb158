//! The gateway's webhooks: signed or refused, noted once, and never believed: what they are about is read.

mod command;
mod forged;
mod keys;
mod missed;
mod replays;

use std::sync::Arc;

use serde_json::json;

use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::receiving::DEPOSIT;
use crate::support::{READ, TestProxy, text};

/// A shop with a subscription, a checkout whose payment is awaited, the invoice as it is shown, and the gateway's id of it.
pub(crate) async fn awaiting() -> (TestProxy, Hook, String, serde_json::Value, String) {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
    (shop, hook, id, invoice, named)
}

pub(crate) async fn pay(shop: &TestProxy, invoice: &serde_json::Value, stage: &str) {
    let (address, amount) = (text(invoice, "/address"), text(invoice, "/amount"));
    shop.gateway.deposit(address, amount, stage).await;
}

#[tokio::test]
async fn a_webhook_moves_the_page_without_a_poll() {
    let (mut shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    let read = shop.gateway.calls(READ).await;
    hook.tell(&shop, 1, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    assert_eq!(shop.gateway.calls(READ).await, read + 1);
    // What was acknowledged is on disk, and nothing but the disk is left of this proxy.
    shop.restarted().await;
    let books = shop.books().await;
    assert_eq!((books.deliveries, books.deliveries_open), (1, 0));
    shop.gateway.stop().await;
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn the_sandboxs_own_webhooks_arrive() {
    let shop = TestProxy::start().await;
    let own = format!("http://{}/webhooks/calypso", shop.address);
    Hook::register(&shop, &own, false).await;
    let (id, invoice) = shop.awaiting("BTC").await;
    pay(&shop, &invoice, "confirmed").await;
    let path = format!("/v1/checkouts/{id}");
    for _ in 0..1000 {
        if shop.get(&path).await.json()["state"] == "paid" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // No pace has passed, so no poll has read it.
    assert_eq!(shop.show(&id).await["state"], "paid");
    assert!(shop.books().await.deliveries >= 1);
}

#[tokio::test]
async fn a_lying_webhook_moves_nothing() {
    let (shop, hook, id, _, named) = awaiting().await;
    let kinds = [
        "INVOICE_PAID",
        "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
        "INVOICE_EXPIRED",
        "INVOICE_PENDING_INTERVENTION",
        "INVOICE_COMPLIANCE_DECLINED",
    ];
    for (number, kind) in (1..).zip(kinds) {
        hook.tell(&shop, number, kind, &named).await.expect(200);
    }
    let view = shop.show(&id).await;
    assert_eq!(
        (&view["state"], &view["invoice"]["received"]),
        (&json!("awaiting"), &json!("0"))
    );
    assert_eq!(shop.books().await.deposits, 0);
}

#[tokio::test]
async fn what_comes_again_has_no_effect() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    let body = event(
        7,
        "INVOICE_MEMPOOL_FOUND",
        json!({"parentExternalId": named}),
    );
    hook.send(&shop, body.as_bytes()).await.expect(200);
    let read = shop.gateway.calls(READ).await;
    for _ in 0..5 {
        hook.send(&shop, body.as_bytes()).await.expect(200);
    }
    assert_eq!(
        shop.gateway.calls(READ).await,
        read,
        "nothing is read again"
    );
    // The same id with other bytes is looked into, because it may be another event.
    hook.tell(&shop, 7, "INVOICE_PAID", &named)
        .await
        .expect(200);
    assert_eq!(shop.gateway.calls(READ).await, read + 1);
    assert_eq!(shop.show(&id).await["state"], "detected");
    assert_eq!(shop.books().await.deliveries, 2);
}

/// No document says that ids are unique among subscriptions.
#[tokio::test]
async fn an_open_event_is_not_lost_to_another_with_its_id() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    hook.tell(&shop, 7, "INVOICE_MEMPOOL_FOUND", &named)
        .await
        .expect(200);
    shop.gateway.no_faults().await;
    let nobodys = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";
    hook.tell(&shop, 7, "INVOICE_PAID", nobodys)
        .await
        .expect(200);
    assert_eq!(shop.books().await.deliveries_open, 1);
    shop.advance(10);
    assert_eq!(shop.proxy.watch_once().await.unwrap().deliveries, 1);
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn many_of_one_event_at_once_are_one() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "mempool").await;
    let body = event(
        7,
        "INVOICE_MEMPOOL_FOUND",
        json!({"parentExternalId": named}),
    );
    let (shop, hook) = (Arc::new(shop), Arc::new(hook));
    let send = || {
        let (shop, hook, body) = (Arc::clone(&shop), Arc::clone(&hook), body.clone());
        tokio::spawn(async move { hook.send(&shop, body.as_bytes()).await.status })
    };
    let all: Vec<_> = (0..64).map(|_| send()).collect();
    for one in all {
        assert_eq!(one.await.unwrap(), 200);
    }
    assert_eq!(shop.books().await.deliveries, 1);
    assert_eq!(shop.show(&id).await["state"], "detected");
}

/// A plugin elsewhere was told «paid» when the payment had gone on to «complete» by then, refused the step, and never took the order up.
#[tokio::test]
async fn news_of_a_payment_that_has_gone_on_since_are_fine() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "confirmed").await;
    shop.advance(60);
    hook.tell(&shop, 2, "INVOICE_PAID", &named)
        .await
        .expect(200);
    assert_eq!(shop.show(&id).await["state"], "completed");
    // And those that were overtaken.
    for (number, kind) in [(1, "INVOICE_MEMPOOL_FOUND"), (3, "INVOICE_EXPIRED")] {
        hook.tell(&shop, number, kind, &named).await.expect(200);
        assert_eq!(shop.show(&id).await["state"], "completed");
    }
    assert_eq!(shop.books().await.deposits, 1);
}

#[tokio::test]
async fn what_changes_nothing_here_is_acknowledged_and_noted() {
    let (shop, hook, _, _, named) = awaiting().await;
    let read = shop.gateway.calls(READ).await;
    let nobodys = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";
    let bodies = [
        event(1, "INVOICE_PAID", json!({"parentExternalId": nobodys})),
        event(2, "INVOICE_PAID", json!({"parentExternalId": 3})),
        event(3, "INVOICE_PAID", json!({})),
        event(
            4,
            "INVOICE_CREATE_INVOICE",
            json!({"parentExternalId": named}),
        ),
        event(
            5,
            "PAYOUT_CHANGE_STATUS",
            json!({"parentExternalId": named, "payoutStatus": "DONE"}),
        ),
        event(6, "TOP_UP_COMPLIANCE_CHECK", json!({"amount": 1})),
        event(7, "FIAT_DEPOSIT_ORDER_CREATED", json!({})),
        event(8, "SOMETHING_NEW", json!({"parentExternalId": named})),
        event(9, "CUSTOMER_PURSE_EXPIRED", json!({"customerId": nobodys})),
        event(10, "CUSTOMER_PURSE_EXPIRED", json!({})),
        // Signed, and no delivery at all.
        "{}".to_owned(),
        "not JSON".to_owned(),
        String::new(),
        format!(
            r#"{{"id":11,"id":12,"data":{{"type":"INVOICE_PAID","parentExternalId":"{named}"}}}}"#
        ),
        format!(
            r#"{{"id":{},"data":{{"type":"INVOICE_PAID","parentExternalId":"{nobodys}"}}}}"#,
            "9".repeat(2000)
        ),
    ];
    for body in &bodies {
        let reply = hook.send(&shop, body.as_bytes()).await;
        assert_eq!(reply.status, 200, "{body}: {}", reply.text());
    }
    let books = shop.books().await;
    assert_eq!(
        (books.deliveries as usize, books.deliveries_open),
        (bodies.len(), 0)
    );
    assert_eq!(shop.gateway.calls(READ).await, read);
    // One that is not known by its name, and is about an invoice all the same.
    hook.tell(&shop, 90, "INVOICE_REFUNDED", &named)
        .await
        .expect(200);
    // One that names the invoice by its key alone, or by an id of another version of the gateway as well.
    let requests = shop.gateway.requests().await;
    let made = requests
        .iter()
        .find(|made| made["answer"]["body"]["id"] == json!(named));
    let key = made.unwrap()["answer"]["body"]["idempotencyKey"].clone();
    for (number, data) in [
        (91, json!({"idempotencyKey": key})),
        (92, json!({"parentExternalId": 17, "idempotencyKey": key})),
    ] {
        let body = event(number, "INVOICE_PAID", data);
        hook.send(&shop, body.as_bytes()).await.expect(200);
    }
    assert_eq!(shop.gateway.calls(READ).await, read + 3);
}

#[tokio::test]
async fn a_deposit_to_a_customers_address_is_read_because_of_a_webhook() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    let requests = shop.gateway.requests().await;
    let customer = requests
        .iter()
        .find_map(|request| {
            let path = request["path"].as_str().unwrap();
            let made = path.ends_with("/customer/create");
            made.then(|| request["answer"]["body"]["id"].clone())
        })
        .unwrap();
    shop.gateway
        .deposit_in(&address, "TRX", "5", "confirmed")
        .await;
    let told = json!({"customerId": customer, "address": address, "amount": 5, "currency": "TRX"});
    let body = event(1, "CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE", told);
    hook.send(&shop, body.as_bytes()).await.expect(200);
    let books = shop.books().await;
    assert_eq!((books.deposits, books.deliveries_open), (1, 0));
    assert_eq!(shop.show(&id).await["receiving"]["received"], "5");
}

#[tokio::test]
async fn while_the_database_is_gone_nothing_is_acknowledged() {
    let (shop, hook, _, _, named) = awaiting().await;
    shop.break_deliveries();
    let reply = hook.tell(&shop, 1, "INVOICE_EXPIRED", &named).await;
    assert_eq!(reply.code(), "store_unavailable");
    assert_eq!(reply.status, 503);
}
