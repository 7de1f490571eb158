//! Faults on demand: each kind as seen by a client, and whether the call had its effect.

use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{ACCOUNT, Desk, KEY, SECRET, START};

pub(crate) const CREATE: &str = "/api/v1/invoice/single-fiat/create";

/// Orders a fault for the next creation and sends one creation.
pub(crate) async fn strike(desk: &Desk, kind: &str) -> reqwest::Result<reqwest::Response> {
    desk.control(
        "faults",
        &json!({ "path": CREATE, "kind": kind, "times": 1 }),
    )
    .await
    .ok();
    let body = format!(
        "{{\"timestamp\":{START},\"account\":\"{ACCOUNT}\",\"payload\":{{\"currency\":\"BTC\",\"fiatAmount\":25,\
         \"fiatCurrency\":\"EUR\",\"description\":\"x\"}}}}"
    );
    let sign = calypso::sign::sign(&SECRET.into(), body.as_bytes());
    let request = desk
        .client
        .post(format!("{}{CREATE}", desk.base))
        .header("Key", KEY)
        .header("Sign", sign);
    // Generous for an answer, and what ends the kinds that never answer.
    let patience = if matches!(kind, "silence" | "timeout_after") {
        3_000
    } else {
        30_000
    };
    request
        .timeout(Duration::from_millis(patience))
        .body(body)
        .send()
        .await
}

/// How many invoices there are, and the last entry of the log.
pub(crate) async fn effect(desk: &Desk) -> (u64, Value) {
    let count = desk.read("/sandbox/v1/state").await.ok()["invoiceCount"]
        .as_u64()
        .unwrap();
    let log = desk.read("/sandbox/v1/requests").await.ok();
    (
        count,
        log["requests"].as_array().unwrap().last().unwrap().clone(),
    )
}

#[tokio::test]
async fn answers_of_the_wrong_kind_have_no_effect() {
    let desk = Desk::open().await;
    for (kind, status, start) in [
        (
            "error500",
            500,
            "{\"errorCode\":\"000\",\"message\":\"Internal server error\"",
        ),
        ("html", 502, "<!doctype html>"),
        ("html200", 200, "<!doctype html>"),
        ("garbage", 200, "\u{1f}"),
    ] {
        let answer = strike(&desk, kind).await.unwrap();
        assert_eq!(answer.status(), status, "{kind}");
        let text = answer.text().await.unwrap();
        assert!(text.starts_with(start), "{kind}: {text}");
        let (count, logged) = effect(&desk).await;
        assert_eq!(count, 0, "{kind}");
        assert_eq!(
            (&logged["fault"], &logged["answer"]["status"]),
            (&json!(kind), &json!(status))
        );
    }
    // Each struck once.
    strike(&desk, "error500").await.unwrap();
    desk.invoice("BTC").await;
}

#[tokio::test]
async fn a_truncated_answer_is_no_json_and_the_call_had_its_effect() {
    let desk = Desk::open().await;
    let text = strike(&desk, "truncated")
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.starts_with("{\"id\":"), "{text}");
    assert!(serde_json::from_str::<Value>(&text).is_err());
    assert_eq!(effect(&desk).await.0, 1);
}

#[tokio::test]
async fn broken_connections_break_in_the_middle_of_the_answer() {
    let desk = Desk::open().await;
    for (count, kind) in [(1, "reset"), (2, "wrong_length")] {
        let answer = strike(&desk, kind)
            .await
            .expect("the head of the answer comes");
        assert_eq!(answer.status(), 200);
        assert!(answer.content_length().is_some_and(|length| length > 100));
        assert!(answer.bytes().await.is_err(), "{kind}");
        let (invoices, logged) = effect(&desk).await;
        assert_eq!((invoices, &logged["answer"]), (count, &Value::Null));
        assert_eq!(logged["fault"], kind);
    }
}

#[tokio::test]
async fn silence_has_no_effect_and_timeout_after_has() {
    let desk = Desk::open().await;
    for (kind, count) in [("silence", 0), ("timeout_after", 1)] {
        let error = strike(&desk, kind).await.unwrap_err();
        assert!(error.is_timeout(), "{kind}: {error}");
        let (invoices, logged) = effect(&desk).await;
        assert_eq!(
            (invoices, &logged["answer"]),
            (count, &Value::Null),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn silence_is_bounded() {
    let settings = calypso_sandbox::Settings {
        silence_seconds: 0,
        ..crate::desk::settings()
    };
    let desk = Desk::with(settings).await;
    assert_eq!(strike(&desk, "silence").await.unwrap().status(), 504);
    assert_eq!(strike(&desk, "timeout_after").await.unwrap().status(), 504);
    assert_eq!(effect(&desk).await.0, 1);
}

#[tokio::test]
async fn unknown_states_and_fields_come_in_whole_answers() {
    let desk = Desk::open().await;
    let invoice: Value = serde_json::from_str(
        &strike(&desk, "unknown_state")
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
    )
    .unwrap();
    assert_eq!(invoice["state"], "QUANTUM_REVIEW");
    assert_eq!(desk.get(&invoice).await["state"], "PENDING_PAYMENT");
    let invoice: Value = serde_json::from_str(
        &strike(&desk, "unknown_field")
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
    )
    .unwrap();
    assert_eq!(invoice["state"], "PENDING_PAYMENT");
    assert!(invoice["quantum"].is_object());
}

#[tokio::test]
async fn latency_answers_whole_and_late() {
    let desk = Desk::open().await;
    desk.control("faults", &json!({ "kind": "latency", "delayMs": 1 }))
        .await
        .ok();
    desk.invoice("BTC").await;
    assert_eq!(effect(&desk).await.1["fault"], "latency");
}

#[tokio::test]
async fn they_strike_in_order_where_and_as_often_as_asked() {
    let desk = Desk::open().await;
    desk.control(
        "faults",
        &json!({ "path": "/api/v1/invoice", "kind": "error500", "times": 2 }),
    )
    .await
    .ok();
    desk.control(
        "faults",
        &json!({ "path": "/api/v1/invoice/*", "kind": "html" }),
    )
    .await
    .ok();
    desk.control("faults", &json!({ "kind": "garbage" }))
        .await
        .ok();
    let pending = desk.read("/sandbox/v1/faults").await.ok();
    assert_eq!(pending["faults"].as_array().unwrap().len(), 3);
    let status = async |path: &str| {
        desk.call(path, "{\"externalId\":\"x\"}")
            .await
            .status
            .as_u16()
    };
    assert_eq!(status("/api/v1/invoice").await, 500);
    assert_eq!(status(CREATE).await, 502);
    assert_eq!(status("/api/v1/invoice").await, 500);
    assert_eq!(status("/api/v1/invoice").await, 200);
    assert_eq!(status("/api/v1/invoice").await, 400);
    assert_eq!(
        desk.read("/sandbox/v1/faults").await.ok(),
        json!({ "faults": [] })
    );
    desk.control("faults", &json!({ "kind": "garbage", "times": 100 }))
        .await
        .ok();
    desk.client
        .delete(format!("{}/sandbox/v1/faults", desk.base))
        .send()
        .await
        .unwrap();
    assert_eq!(status("/api/v1/invoice").await, 400);
}

#[tokio::test]
async fn wrong_faults_are_refused() {
    let desk = Desk::open().await;
    let message = desk
        .control("faults", &json!({ "kind": "earthquake", "times": 1 }))
        .await
        .denied(400, "field_invalid");
    let expected = "kind: expected one of error500, error502, error503, error504, error429, error200, html, html200, \
        garbage, empty, truncated, wrong_length, silence, reset, unknown_state, unknown_field, unknown_currency, \
        timeout_after, latency, drip, webhook_duplicate, webhook_reorder, webhook_delay, got \"earthquake\"";
    assert_eq!(message, expected);
    for (body, code) in [
        (json!({ "times": 1 }), "body_invalid"),
        (json!({ "kind": 5 }), "body_invalid"),
        (json!({ "kind": "html", "times": 0 }), "field_invalid"),
        (json!({ "kind": "html", "times": -1 }), "body_invalid"),
        (
            json!({ "kind": "html", "path": "invoice" }),
            "field_invalid",
        ),
        (
            json!({ "kind": "latency", "delayMs": 600_001 }),
            "field_invalid",
        ),
        (json!({ "kind": "html", "time": 1 }), "body_invalid"),
    ] {
        desk.control("faults", &body).await.denied(400, code);
    }
    assert_eq!(
        desk.read("/sandbox/v1/faults").await.ok(),
        json!({ "faults": [] })
    );
}
