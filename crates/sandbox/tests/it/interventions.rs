//! What the merchant and the gateway's staff decide: accept, close, send back, archive.

use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

async fn decide(desk: &Desk, decision: &str, invoice: &Value) -> Answer {
    desk.call(
        &format!("/api/v1/invoice/{decision}"),
        &format!("{{\"id\":{}}}", invoice["id"]),
    )
    .await
}

async fn underpaid(desk: &Desk) -> Value {
    let invoice = desk.invoice("USDT").await;
    desk.deposit(&invoice, "10", "confirmed").await;
    invoice
}

#[tokio::test]
async fn an_accepted_intervention_is_paid_and_credited() {
    let desk = Desk::open().await;
    let invoice = underpaid(&desk).await;
    let accepted = decide(&desk, "return-to-paid", &invoice).await.ok();
    assert_eq!(
        (&accepted["state"], &accepted["isInterventionResolved"]),
        (&json!("PAID"), &json!(true))
    );
    assert_eq!(accepted["interventionType"], "UNDERPAY");
    decide(&desk, "close-intervention", &invoice)
        .await
        .refused("006");
    desk.advance(5).await;
    let credited = desk.get(&invoice).await;
    assert_eq!(
        (&credited["state"], credited["fee"].to_string()),
        (&json!("COMPLETED"), "0.1".to_owned())
    );
    assert_eq!(
        decide(&desk, "close-intervention", &invoice).await.ok(),
        credited
    );
}

#[tokio::test]
async fn mixed_senders_can_be_accepted_too() {
    let desk = Desk::open().await;
    let invoice = underpaid(&desk).await;
    let body = json!({ "address": invoice["invoiceAddress"], "amount": "1", "stage": "confirmed", "from": "somebody else" });
    desk.control("deposits", &body).await.ok();
    assert_eq!(
        decide(&desk, "return-to-paid", &invoice).await.ok()["state"],
        "PAID"
    );
}

#[tokio::test]
async fn the_panel_can_accept_too() {
    let desk = Desk::open().await;
    let invoice = underpaid(&desk).await;
    let path = format!("invoices/{}/accept", invoice["id"].as_str().unwrap());
    assert_eq!(
        desk.control(&path, &json!({})).await.ok(),
        json!({ "state": "PAID" })
    );
    desk.control(&path, &json!({}))
        .await
        .denied(409, "invoice_state_wrong");
}

#[tokio::test]
async fn money_sent_back_archives_the_invoice() {
    let desk = Desk::open().await;
    let invoice = underpaid(&desk).await;
    let path = format!("invoices/{}/refund", invoice["id"].as_str().unwrap());
    assert_eq!(
        desk.control(&path, &json!({})).await.ok(),
        json!({ "state": "ARCHIVED" })
    );
    assert_eq!(desk.get(&invoice).await["isInterventionResolved"], true);
    desk.control(&path, &json!({}))
        .await
        .denied(409, "invoice_state_wrong");
    desk.control("invoices/x/refund", &json!({}))
        .await
        .denied(404, "invoice_unknown");
    assert_eq!(
        desk.deposit(&invoice, "20", "confirmed").await["lost"],
        true
    );
}

#[tokio::test]
async fn only_an_unpaid_invoice_can_be_archived() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    assert_eq!(
        decide(&desk, "archive", &invoice).await.ok()["state"],
        "ARCHIVED"
    );
    let message = decide(&desk, "archive", &invoice).await.refused("006");
    assert_eq!(
        message,
        "Invoice is in incorrect state for operation: ARCHIVED, must be PENDING_PAYMENT"
    );
    assert_eq!(
        desk.deposit(&invoice, "20", "confirmed").await["lost"],
        true
    );
    desk.advance(2 * 86_400).await;
    assert_eq!(desk.get(&invoice).await["state"], "ARCHIVED");
}

#[tokio::test]
async fn decisions_at_the_wrong_time_are_006_and_change_nothing() {
    let desk = Desk::open().await;
    let fresh = desk.invoice("USDT").await;
    for decision in ["return-to-paid", "close-intervention"] {
        decide(&desk, decision, &fresh).await.refused("006");
        assert_eq!(desk.get(&fresh).await, fresh);
    }
    let pending = underpaid(&desk).await;
    decide(&desk, "archive", &pending).await.refused("006");
    decide(&desk, "close-intervention", &pending)
        .await
        .refused("006");
    for decision in ["archive", "return-to-paid", "close-intervention"] {
        decide(&desk, decision, &json!({ "id": "x" }))
            .await
            .refused("004");
        desk.call(&format!("/api/v1/invoice/{decision}"), "{}")
            .await
            .refused("001");
    }
}
