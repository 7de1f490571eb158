//! Refunds are records: exact, once for each key, and in the history of their checkout.

use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::receiving::DEPOSIT;
use crate::support::{MERCHANT_KEY, Reply, TestProxy, text};

const TO: &str = "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs";

async fn ask(shop: &TestProxy, checkout: &str, amount: &str, key: &str) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let body = format!(
        r#"{{"checkout":"{checkout}","currency":"TRX","amount":"{amount}","address":"{TO}","reason":"Returned"}}"#
    );
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
    shop.post("/v1/refunds", &body, &headers).await
}

async fn step(shop: &TestProxy, id: &str, step: &str, body: Option<&str>) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let path = format!("/v1/refunds/{id}/{step}");
    shop.request("POST", &path, &headers, body.map(str::as_bytes))
        .await
}

/// A customer's checkout to whose addresses so much has come.
async fn received(shop: &TestProxy, amount: &str) -> String {
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address");
    shop.gateway
        .deposit_in(address, "TRX", amount, "confirmed")
        .await;
    shop.advance(10);
    shop.fresh(&id).await;
    id
}

#[tokio::test]
async fn a_refund_is_told_with_what_brought_it_about() {
    let mut shop = TestProxy::start().await;
    let id = received(&shop, "10").await;
    let made = ask(&shop, &id, "2.5", "r-1").await.expect(201).json();
    let refund = text(&made, "/id").to_owned();
    step(&shop, &refund, "approve", None).await.expect(200);
    shop.restarted().await;
    let sent = r#"{"transaction":"a1b2c3d4e5f60718"}"#;
    step(&shop, &refund, "sent", Some(sent)).await.expect(200);
    let history = shop
        .as_merchant(&format!("/v1/checkouts/{id}/history"))
        .await;
    let history = history.expect(200).json();
    let told: Vec<(&Value, &Value, &Value)> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["kind"] == "refund")
        .map(|change| (&change["source"], &change["was"], &change["became"]))
        .collect();
    let became = |state: &str| Value::String(format!("{state} 2.5 TRX {refund}"));
    let merchant = Value::String("merchant".to_owned());
    let word = |word: &str| Value::String(word.to_owned());
    assert_eq!(
        told,
        [
            (&merchant, &Value::Null, &became("requested")),
            (&merchant, &word("requested"), &became("approved")),
            (&merchant, &word("approved"), &became("sent")),
        ]
    );
}

/// Forty ask at once, each under two keys, for what there is eight times.
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_take_no_more_than_has_come() {
    let shop = Arc::new(TestProxy::start().await);
    let id = received(&shop, "1").await;
    let mut asking = JoinSet::new();
    for number in 0..40 {
        let (shop, id) = (Arc::clone(&shop), id.clone());
        // Each key comes twice, at the same time.
        let key = format!("r-{}", number / 2);
        asking.spawn(async move { ask(&shop, &id, "0.125", &key).await });
    }
    let mut made = Vec::new();
    for reply in asking.join_all().await {
        match reply.status {
            201 => made.push(text(&reply.json(), "/id").to_owned()),
            _ => assert_eq!(reply.code(), "refund_too_large"),
        }
    }
    made.sort();
    made.dedup();
    assert_eq!(made.len(), 8, "an eighth each, to the last digit");
    let listed = shop
        .as_merchant(&format!("/v1/refunds?checkout={id}"))
        .await;
    let listed = listed.expect(200).json();
    assert_eq!(listed["refunds"].as_array().map(Vec::len), Some(8));
    assert_eq!(
        ask(&shop, &id, "0.000001", "r-99").await.code(),
        "refund_too_large"
    );
    step(&shop, &made[0], "cancel", None).await.expect(200);
    ask(&shop, &id, "0.125", "r-100").await.expect(201);
}
