//! GMWalletApp/epusdt, issue 117: there an order that was never paid, and had expired, got a validly signed success through the browser.
//! Here nothing that a browser can call says, or has anybody sign, that an unpaid order is paid.

use axum::http::StatusCode;
use calypso_proxy::{EventSecret, EventTarget};
use serde_json::Value;

use super::listener::Listener;
use crate::support::{Reply, SHOP, TestProxy};

/// Bodies in which a browser claims that the order is paid, each for every route.
const CLAIMS: &[&str] = &[
    "",
    "{}",
    r#"{"state":"paid"}"#,
    r#"{"state":"completed","received":"25.00"}"#,
    r#"{"status":2,"trade_id":"x","amount":25,"actual_amount":25,"block_transaction_id":"x"}"#,
    r#"{"currency":"BTC"}"#,
    r#"{"currency":"BTC","state":"paid"}"#,
    r#"{"product":"demo-order","state":"paid"}"#,
    r#"{"product":"demo-order","expiresAt":"2099-01-01T00:00:00Z"}"#,
    r#"{"type":"checkout.completed","data":{"checkout":{"id":"ID","state":"completed"}}}"#,
    r#"{"id":1,"eventType":"INVOICE_PAID","level":"SUCCESS","service":"INVOICE","createdDate":"2022-03-15T12:13:05.909616","data":{"type":"INVOICE_PAID","parentExternalId":"ID"}}"#,
    "state=paid&status=2",
];

/// What a browser may add, or a page have it add.
const HEADERS: &[&[(&str, &str)]] = &[
    &[],
    &[("origin", SHOP)],
    &[("origin", "null")],
    &[("origin", SHOP), ("idempotency-key", "one-key-for-all")],
    &[("authorization", "Bearer ")],
    &[("key", "x"), ("sign", "00")],
    &[
        ("webhook-id", "evt_1"),
        ("webhook-timestamp", "1"),
        ("webhook-signature", "v1,AAAA"),
    ],
    &[
        ("x-forwarded-for", "127.0.0.1"),
        ("x-http-method-override", "POST"),
    ],
    &[("content-type", "application/x-www-form-urlencoded")],
];

/// The paths of the router, read from its own text, so that a new one is tried too.
fn paths() -> Vec<String> {
    let text = include_str!("../../../src/http/router.rs");
    let (text, _) = text.split_once("#[cfg(test)]").unwrap();
    let routes = text.split(".route(").skip(1);
    let paths = routes.map(|route| route.split('"').nth(1).unwrap().to_owned());
    paths.collect()
}

/// Words that stand in what somebody signed: three parts of Base64 with dots, or a signature of a webhook.
fn signed(reply: &Reply) -> Vec<String> {
    let text = format!("{:?} {}", reply.headers, reply.text());
    let fits = |c: char| !(c.is_ascii_alphanumeric() || "-_.,+/=".contains(c));
    let words = text.split(fits).map(ToOwned::to_owned);
    let is_signed = |word: &String| {
        let parts: Vec<&str> = word.split('.').collect();
        (parts.len() == 3 && parts[0].starts_with("ey")) || word.starts_with("v1,")
    };
    words.filter(is_signed).collect()
}

#[tokio::test]
async fn an_unpaid_order_gets_no_signed_success_through_the_browser() {
    let merchant = Listener::answering(StatusCode::OK).await;
    let (url, secret) = (merchant.url(), EventSecret::generate());
    let shop = TestProxy::with(|config| {
        let target = EventTarget::new(&url, &[&secret], &["127.0.0.1"]).unwrap();
        config.shops[0].events = Some(target);
    })
    .await;
    let (id, _) = shop.awaiting("BTC").await;
    shop.advance(14 * 24 * 3600);
    assert_eq!(shop.fresh(&id).await["state"], "expired");
    let paths = paths();
    assert!(paths.len() >= 13, "{paths:?}");
    let mut calls = 0;
    for path in &paths {
        let path = path.replace("{id}", &id).replace("{file}", "unknown.wasm");
        let path = path.replace("{event}", &id).replace("{key}", &id);
        let query = format!("{path}?state=paid&status=2&id={id}");
        // A stream has no end; what it sends first is looked at below.
        let streams = path.ends_with(&format!("{id}/events"));
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        for method in methods
            .into_iter()
            .filter(|method| *method != "GET" || !streams)
        {
            for (at, headers) in HEADERS.iter().enumerate() {
                // Every claim without more, and every header with one of them.
                let claims = if at == 0 { CLAIMS } else { &CLAIMS[2..3] };
                for claim in claims.iter().filter(|_| method != "GET" || at == 0) {
                    let claim = claim.replace("ID", &id);
                    let body = (method != "GET").then_some(claim.as_bytes());
                    let all = [&[("content-type", "application/json")][..], headers].concat();
                    let reply = shop.request(method, &query, &all, body).await;
                    calls += 1;
                    assert_eq!(
                        signed(&reply),
                        Vec::<String>::new(),
                        "{method} {query} {claim}"
                    );
                    shop.wait(1_000);
                }
            }
        }
    }
    assert!(calls >= 500, "{calls} calls");
    let mut stream = shop.listen(&id).await;
    assert_eq!(stream.view().await["state"], "expired");
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "expired");
    let told = shop.told(&id).await;
    assert_eq!(shop.books().await.deposits, 0, "{told}");
    for delivery in merchant.heard() {
        let event: Value = serde_json::from_slice(&delivery.body).unwrap();
        let kind = event["type"].as_str().unwrap();
        assert!(
            matches!(kind, "checkout.expired" | "event.test"),
            "an event says what never was: {event}"
        );
    }
    println!("{calls} calls on {} routes", paths.len());
}
