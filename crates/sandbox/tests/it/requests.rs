//! The log of requests, for assertions.

use serde_json::json;

use crate::desk::{ACCOUNT, Desk, KEY, START};

#[tokio::test]
async fn every_call_of_the_gateway_is_there_with_its_answer() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("BTC").await;
    desk.advance(5).await;
    desk.send("/api/v1/invoice", b"not json", Some(KEY), Some("00"))
        .await
        .refused("003");
    desk.call("/api/v1/nothing", "{}").await.refused("004");
    let log = desk.read("/sandbox/v1/requests").await.ok();
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0]["path"], "/api/v1/invoice/single-fiat/create");
    assert_eq!(requests[0]["receivedAt"], "2026-01-05T10:00:00Z");
    assert_eq!(requests[0]["body"]["timestamp"], START);
    assert_eq!(requests[0]["body"]["account"], ACCOUNT);
    assert_eq!(requests[0]["body"]["payload"]["currency"], "BTC");
    assert_eq!(
        requests[0]["answer"],
        json!({ "status": 200, "body": invoice })
    );
    assert_eq!(requests[1]["body"], "not json");
    assert_eq!(requests[1]["receivedAt"], "2026-01-05T10:00:05Z");
    assert_eq!(requests[1]["answer"]["status"], 400);
    assert_eq!(requests[1]["answer"]["body"]["errorCode"], "003");
    assert_eq!(requests[2]["path"], "/api/v1/nothing");
}

#[tokio::test]
async fn numbers_are_shown_digit_for_digit() {
    let desk = Desk::open().await;
    desk.invoice("BTC").await;
    let text = desk.read("/sandbox/v1/requests").await.text;
    assert!(text.contains("\"fiatAmount\":25.00,"), "{text}");
}

#[tokio::test]
async fn only_the_newest_are_kept() {
    let desk = Desk::open().await;
    let body = format!("{{\"payload\":\"{}\"}}", "x".repeat(250_000));
    for _ in 0..140 {
        desk.send("/api/v1/large", body.as_bytes(), None, None)
            .await
            .refused("004");
    }
    let log = desk.read("/sandbox/v1/requests").await.ok();
    let kept = log["requests"].as_array().unwrap().len();
    assert!((100..140).contains(&kept), "{kept}");
}
