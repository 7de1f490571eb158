//! Deliveries that come twice, in another order, or late: each still signed, each still the same bytes.

use calypso::webhook::EventKind;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::webhooks::{Ear, list, subscribe, until};

/// A desk with a subscriber who has heard of one invoice over 25 USDT.
async fn subscribed() -> (Desk, Ear, Value, Value) {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    let subscription = subscribe(&desk, &ear.url).await;
    desk.rate("USDT", "EUR", "1").await;
    let invoice = desk.invoice("USDT").await;
    let (first, _) = ear.hear(&subscription).await;
    assert_eq!(first.kind, EventKind::InvoiceCreated);
    (desk, ear, subscription, invoice)
}

async fn fault(desk: &Desk, fault: Value) {
    desk.control("faults", &fault).await.ok();
}

#[tokio::test]
async fn a_delivery_that_was_taken_comes_again_with_the_same_id_and_bytes() {
    let (desk, mut ear, subscription, invoice) = subscribed().await;
    fault(
        &desk,
        json!({ "kind": "webhook_duplicate", "event": "INVOICE_PAID" }),
    )
    .await;
    desk.deposit(&invoice, "25", "confirmed").await;
    let (received, _) = ear.hear(&subscription).await;
    assert_eq!(received.kind, EventKind::InvoiceFundsReceived);
    let (first, second) = (ear.raw().await, ear.raw().await);
    assert_eq!(first.1, second.1);
    assert_eq!(first.0["sign"], second.0["sign"]);
    let body: Value = serde_json::from_slice(&first.1).unwrap();
    assert_eq!(body["eventType"], "INVOICE_PAID");
    let told = until(&desk, |told| {
        told[2]["attempts"].as_array().unwrap().len() == 2
    })
    .await;
    assert_eq!(
        (&told[2]["state"], &told[2]["fault"]),
        (&json!("delivered"), &json!("webhook_duplicate"))
    );
    assert_eq!(
        (
            &told[2]["attempts"][0]["again"],
            &told[2]["attempts"][1]["again"]
        ),
        (&Value::Null, &json!(true))
    );
    desk.advance(5).await;
    assert_eq!(
        ear.hear(&subscription).await.0.kind,
        EventKind::InvoiceTranslationCompleted
    );
    assert!(ear.is_silent());
}

#[tokio::test]
async fn a_doubled_delivery_that_fails_is_retried_once_on_the_usual_schedule() {
    let (desk, mut ear, _, invoice) = subscribed().await;
    fault(
        &desk,
        json!({ "kind": "webhook_duplicate", "event": "INVOICE_MEMPOOL_FOUND" }),
    )
    .await;
    ear.status.store(500, std::sync::atomic::Ordering::SeqCst);
    desk.deposit(&invoice, "25", "mempool").await;
    let (first, second) = (ear.raw().await, ear.raw().await);
    assert_eq!(first.1, second.1);
    let told = until(&desk, |told| {
        told[1]["attempts"].as_array().unwrap().len() == 2
    })
    .await;
    assert_eq!(
        (&told[1]["state"], &told[1]["nextAttemptAt"]),
        (&json!("waiting"), &json!("2026-01-05T10:00:30Z"))
    );
    ear.status.store(200, std::sync::atomic::Ordering::SeqCst);
    desk.advance(30).await;
    assert_eq!(ear.raw().await.1, first.1);
    let told = until(&desk, |told| told[1]["state"] == "delivered").await;
    assert_eq!(told[1]["attempts"].as_array().unwrap().len(), 3);
    assert!(ear.is_silent());
}

#[tokio::test]
async fn a_delivery_is_overtaken_by_the_next() {
    let (desk, mut ear, subscription, invoice) = subscribed().await;
    fault(&desk, json!({ "kind": "webhook_reorder" })).await;
    let deposit = desk.deposit(&invoice, "25", "mempool").await;
    let told = list(&desk).await;
    assert_eq!(
        (&told[1]["state"], &told[1]["nextAttemptAt"]),
        (&json!("waiting"), &json!("2026-01-05T10:01:00Z"))
    );
    desk.advance_deposit(&deposit, "confirmed").await;
    for kind in [
        EventKind::InvoiceFundsReceived,
        EventKind::InvoiceMempoolFound,
        EventKind::InvoicePaid,
    ] {
        assert_eq!(ear.hear(&subscription).await.0.kind, kind);
    }
    // The moment at which it would have come by itself brings nothing more.
    desk.advance(60).await;
    assert_eq!(
        ear.hear(&subscription).await.0.kind,
        EventKind::InvoiceTranslationCompleted
    );
    until(&desk, |told| {
        told.iter().all(|one| one["state"] == "delivered")
    })
    .await;
    assert!(ear.is_silent());
}

#[tokio::test]
async fn without_a_next_it_comes_after_its_delay() {
    let (desk, mut ear, subscription, invoice) = subscribed().await;
    fault(
        &desk,
        json!({ "kind": "webhook_reorder", "delaySeconds": 10 }),
    )
    .await;
    desk.deposit(&invoice, "25", "mempool").await;
    desk.advance(9).await;
    assert!(
        list(&desk).await[1]["attempts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    desk.advance(1).await;
    assert_eq!(
        ear.hear(&subscription).await.0.kind,
        EventKind::InvoiceMempoolFound
    );
}

#[tokio::test]
async fn a_delivery_comes_late_and_the_others_do_not_wait() {
    let (desk, mut ear, subscription, invoice) = subscribed().await;
    let delay = json!({ "kind": "webhook_delay", "event": "INVOICE_FUNDS_RECEIVED_FOR_INVOICE", "delaySeconds": 120 });
    fault(&desk, delay).await;
    desk.deposit(&invoice, "25", "confirmed").await;
    desk.advance(119).await;
    assert_eq!(ear.hear(&subscription).await.0.kind, EventKind::InvoicePaid);
    assert_eq!(
        ear.hear(&subscription).await.0.kind,
        EventKind::InvoiceTranslationCompleted
    );
    assert!(
        list(&desk).await[1]["attempts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    desk.advance(1).await;
    let (late, _) = ear.hear(&subscription).await;
    assert_eq!(late.kind, EventKind::InvoiceFundsReceived);
    let told = until(&desk, |told| told[1]["state"] == "delivered").await;
    assert_eq!(told[1]["attempts"][0]["at"], "2026-01-05T10:02:00Z");
}

#[tokio::test]
async fn faults_of_deliveries_leave_calls_alone_and_the_other_way_round() {
    let (desk, mut ear, subscription, _) = subscribed().await;
    fault(&desk, json!({ "kind": "error500" })).await;
    fault(
        &desk,
        json!({ "kind": "webhook_delay", "event": "INVOICE_EXPIRED" }),
    )
    .await;
    desk.advance(24 * 60 * 60).await;
    assert!(ear.is_silent(), "the expiry is told a minute late");
    desk.advance(60).await;
    assert_eq!(
        ear.hear(&subscription).await.0.kind,
        EventKind::InvoiceExpired
    );
    assert_eq!(
        desk.call("/api/v1/invoice", "{\"externalId\":\"x\"}")
            .await
            .status,
        500
    );
    assert_eq!(
        desk.read("/sandbox/v1/faults").await.ok(),
        json!({ "faults": [] })
    );
}
