//! Wrong calls of the control side: a named error, and nothing changes.

use serde_json::{Value, json};

use crate::desk::Desk;

#[tokio::test]
async fn wrong_deposits_are_refused() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    let address = &invoice["invoiceAddress"];
    let with = |field: &str, value: Value| {
        let mut body = json!({ "address": address, "amount": "1", "stage": "confirmed" });
        body[field] = value;
        body
    };
    let table = [
        (
            with("address", json!("TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX")),
            404,
            "address_unknown",
        ),
        (with("address", json!("")), 404, "address_unknown"),
        (with("address", json!(5)), 400, "body_invalid"),
        (with("amount", json!(1)), 400, "body_invalid"),
        (with("amount", json!("1.5e3")), 400, "body_invalid"),
        (with("amount", json!("+1")), 400, "body_invalid"),
        (with("amount", json!("-1")), 400, "body_invalid"),
        (with("amount", json!("01")), 400, "body_invalid"),
        (with("amount", json!("1,5")), 400, "body_invalid"),
        (with("amount", json!(" 1")), 400, "body_invalid"),
        (with("amount", json!("")), 400, "body_invalid"),
        (with("amount", json!("0")), 400, "amount_zero"),
        (with("amount", json!("0.000")), 400, "amount_zero"),
        (
            with("amount", json!("0.0000001")),
            400,
            "amount_too_precise",
        ),
        (
            with("amount", json!("1000000000000.000001")),
            400,
            "amount_too_large",
        ),
        (
            with("amount", json!("340282366920938463463374607431768211455")),
            400,
            "amount_too_large",
        ),
        (with("stage", json!("review")), 400, "stage_not_first"),
        (with("stage", json!("paid")), 400, "body_invalid"),
        (with("from", json!(" ")), 400, "field_invalid"),
        (with("sender", json!("x")), 400, "body_invalid"),
        (json!([address, "1", "confirmed"]), 400, "body_invalid"),
        (json!(null), 400, "body_invalid"),
    ];
    for (body, status, code) in table {
        let message = desk.control("deposits", &body).await.denied(status, code);
        assert!(message.len() > 15, "{message}");
    }
    assert_eq!(desk.get(&invoice).await, invoice);
    let message = desk
        .control("deposits", &with("amount", json!("0.1234567")))
        .await
        .denied(400, "amount_too_precise");
    assert_eq!(
        message,
        "expected at most 6 decimals for USDT_TRX, got 0.1234567"
    );
}

#[tokio::test]
async fn deposits_move_only_where_they_can() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    let moves = [
        ("mempool", "confirmed", true),
        ("mempool", "dropped", true),
        ("mempool", "review", true),
        ("mempool", "declined", true),
        ("review", "confirmed", true),
        ("review", "declined", true),
        ("review", "dropped", false),
        ("review", "mempool", false),
        ("confirmed", "dropped", false),
        ("confirmed", "review", false),
        ("confirmed", "mempool", false),
        ("dropped", "confirmed", false),
        ("declined", "confirmed", false),
        ("declined", "review", false),
    ];
    for (now, next, possible) in moves {
        let deposit = desk.deposit(&invoice, "1", "mempool").await;
        if now != "mempool" {
            desk.advance_deposit(&deposit, now).await;
        }
        // To be told the same again is no error.
        assert_eq!(desk.advance_deposit(&deposit, now).await["stage"], now);
        let path = format!("deposits/{}", deposit["id"].as_str().unwrap());
        let answer = desk.control(&path, &json!({ "stage": next })).await;
        if possible {
            assert_eq!(answer.ok()["stage"], next);
        } else {
            let message = answer.denied(409, "stage_impossible");
            assert_eq!(
                message,
                format!("a deposit that is {now} cannot become {next}")
            );
        }
    }
    let known = desk.deposit(&invoice, "1", "mempool").await;
    let path = format!("deposits/{}", known["id"].as_str().unwrap());
    desk.control(&path, &json!({ "stage": "paid" }))
        .await
        .denied(400, "body_invalid");
    desk.control("deposits/x", &json!({ "stage": "confirmed" }))
        .await
        .denied(404, "deposit_unknown");
}

#[tokio::test]
async fn an_evm_address_may_come_in_lower_case() {
    let desk = Desk::open().await;
    let mut invoice = desk.invoice("USDT").await;
    invoice["invoiceAddress"] = json!(invoice["invoiceAddress"].as_str().unwrap().to_lowercase());
    desk.deposit(&invoice, "1", "confirmed").await;
    assert_eq!(
        desk.get(&invoice).await["totalDebitAmount"].to_string(),
        "1"
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_say_so() {
    let desk = Desk::open().await;
    desk.control("nothing", &json!({}))
        .await
        .denied(404, "not_found");
    desk.control("requests", &json!({}))
        .await
        .denied(405, "method_not_allowed");
    desk.read("/sandbox/v1/reset")
        .await
        .denied(405, "method_not_allowed");
}

#[tokio::test]
async fn the_state_shows_what_the_panel_needs() {
    let desk = Desk::open().await;
    desk.rate("USDT_TRX", "EUR", "1").await;
    let invoice = desk.invoice("USDT_TRX").await;
    let deposit = desk.deposit(&invoice, "10.5", "confirmed").await;
    desk.advance(60).await;
    let state = desk.read("/sandbox/v1/state").await.ok();
    assert_eq!(state["now"], "2026-01-05T10:01:00Z");
    let shown = &state["invoices"][0];
    for (field, expected) in [
        ("id", invoice["id"].clone()),
        ("address", invoice["invoiceAddress"].clone()),
        ("currency", json!("USDT_TRX")),
        ("network", json!("Tron (TRC-20)")),
        ("price", json!("25.00 EUR")),
        ("amount", json!("25")),
        ("least", json!("24.875")),
        ("received", json!("10.5")),
        ("due", json!("14.5")),
        ("state", json!("PENDING_INTERVENTION")),
        ("intervention", json!("UNDERPAY")),
        ("createdAt", json!("2026-01-05T10:00:00Z")),
        ("expiresAt", json!("2026-01-05T13:00:00Z")),
        ("repriceAt", json!(null)),
    ] {
        assert_eq!(shown[field], expected, "{field}");
    }
    assert_eq!(shown["deposits"][0]["id"], deposit["id"]);
    assert_eq!(shown["deposits"][0]["stage"], "confirmed");
}
