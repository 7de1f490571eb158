//! One key, one checkout, one answer.

use crate::support::{MERCHANT_KEY, TestProxy};

const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

#[tokio::test]
async fn the_same_request_gets_the_same_bytes() {
    let mut shop = TestProxy::start().await;
    let first = shop.merchant(BODY, "order-1001").await.expect(201);
    shop.advance(3600);
    let second = shop.merchant(BODY, "order-1001").await.expect(201);
    assert_eq!(first.bytes, second.bytes);
    shop.restarted().await;
    assert_eq!(
        shop.merchant(BODY, "order-1001").await.expect(201).bytes,
        first.bytes,
        "also after a restart"
    );
    assert_eq!(shop.rows("checkouts"), 1);
    assert_ne!(
        shop.merchant(BODY, "order-1002").await.expect(201).bytes,
        first.bytes
    );
    assert_eq!(shop.rows("checkouts"), 2);
}

#[tokio::test]
async fn a_replay_does_not_depend_on_what_has_become_of_the_request() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(60);
    let body = format!(
        r#"{{"price":{{"amount":"1","currency":"EUR"}},"description":"x","expiresAt":"{expires}"}}"#
    );
    let first = shop.merchant(&body, "k").await.expect(201);
    shop.advance(120);
    assert_eq!(
        shop.merchant(&body, "k").await.expect(201).bytes,
        first.bytes,
        "although its expiry is past by now"
    );
    assert_eq!(shop.merchant(&body, "other").await.code(), "expiry_in_past");
}

#[tokio::test]
async fn another_body_is_refused() {
    let shop = TestProxy::start().await;
    shop.merchant(BODY, "k").await.expect(201);
    for body in [
        BODY.replace("25.00", "26.00"),
        format!("{BODY} "),
        "{}".to_owned(),
        "nonsense".to_owned(),
    ] {
        assert_eq!(
            shop.merchant(&body, "k").await.code(),
            "idempotency_key_reused",
            "{body}"
        );
    }
    assert_eq!(shop.rows("checkouts"), 1);
}

#[tokio::test]
async fn many_at_once_make_one() {
    let shop = std::sync::Arc::new(TestProxy::start().await);
    for round in 0..8 {
        let key = format!("round-{round}");
        let calls = (0..64).map(|_| {
            let (shop, key) = (std::sync::Arc::clone(&shop), key.clone());
            tokio::spawn(async move { shop.merchant(BODY, &key).await.expect(201).bytes })
        });
        let mut answers = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            answers.push(call.await.unwrap());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "all answers are equal byte for byte");
        assert_eq!(shop.rows("checkouts"), round + 1);
    }
}

#[tokio::test]
async fn keys_are_checked() {
    let shop = TestProxy::start().await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let auth = ("authorization", bearer.as_str());
    assert_eq!(
        shop.post("/v1/checkouts", BODY, &[auth]).await.code(),
        "idempotency_key_missing"
    );
    let long = "x".repeat(256);
    for key in ["", "ключ", "a\tb", long.as_str()] {
        assert_eq!(
            shop.post("/v1/checkouts", BODY, &[auth, ("idempotency-key", key)])
                .await
                .code(),
            "idempotency_key_malformed",
            "{key:?}"
        );
    }
    let twice = [auth, ("idempotency-key", "a"), ("idempotency-key", "b")];
    assert_eq!(
        shop.post("/v1/checkouts", BODY, &twice).await.code(),
        "idempotency_key_malformed"
    );
    assert_eq!(shop.rows("checkouts"), 0);
    for key in [
        &long[..255],
        "8e03978e-40d5-43e8-bc93-6894a57f9324",
        "order 1001: \"#~",
    ] {
        shop.post("/v1/checkouts", BODY, &[auth, ("idempotency-key", key)])
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn a_pages_keys_are_its_own() {
    let shop = TestProxy::start().await;
    let product = r#"{"product":"demo-order"}"#;
    let first = shop
        .post("/v1/checkouts", product, &[("idempotency-key", "k")])
        .await
        .expect(201);
    assert_eq!(
        shop.post("/v1/checkouts", product, &[("idempotency-key", "k")])
            .await
            .expect(201)
            .bytes,
        first.bytes
    );
    let other = shop
        .post(
            "/v1/checkouts",
            r#"{"product":"gift-card"}"#,
            &[("idempotency-key", "k")],
        )
        .await;
    assert_eq!(other.code(), "idempotency_key_reused");
    shop.merchant(BODY, "k").await.expect(201);
    assert_eq!(
        shop.rows("checkouts"),
        2,
        "the merchant's key of the same name is another one"
    );
    shop.post("/v1/checkouts", product, &[]).await.expect(201);
    assert_eq!(
        shop.rows("checkouts"),
        3,
        "without a key every request is a new one"
    );
}

#[tokio::test]
async fn keys_are_kept_for_two_days() {
    let shop = TestProxy::start().await;
    shop.merchant(BODY, "k").await.expect(201);
    shop.advance(48 * 3600 - 60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.rows("idempotency_keys"), 1);
    shop.advance(120);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.rows("idempotency_keys"), 0);
}
