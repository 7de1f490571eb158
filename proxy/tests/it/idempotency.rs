//! One key, one checkout, one answer.

use crate::support::{MERCHANT_KEY, Reply, SHOP, TestProxy, behind_a_proxy, text};

const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

/// A key as a page draws it.
const CART: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

/// The checkout an answer names, by its id and the link to its page.
#[track_caller]
fn made(reply: &Reply) -> (String, String) {
    let view = reply.clone().expect(201).json();
    (
        text(&view, "/id").to_owned(),
        text(&view, "/url").to_owned(),
    )
}

#[tokio::test]
async fn the_same_request_gets_the_same_checkout() {
    let mut shop = TestProxy::start().await;
    let first = made(&shop.merchant(BODY, "order-1001").await);
    shop.advance(3600);
    assert_eq!(made(&shop.merchant(BODY, "order-1001").await), first);
    shop.restarted().await;
    assert_eq!(
        made(&shop.merchant(BODY, "order-1001").await),
        first,
        "also after a restart"
    );
    assert_eq!(shop.books().await.checkouts, 1);
    assert_ne!(made(&shop.merchant(BODY, "order-1002").await), first);
    assert_eq!(shop.books().await.checkouts, 2);
}

#[tokio::test]
async fn a_replay_says_what_has_become_of_the_checkout() {
    let shop = TestProxy::start().await;
    for key in ["one", "other"] {
        let first = shop.merchant(BODY, key).await.expect(201).json();
        assert_eq!(first["state"], "choosing");
        let id = text(&first, "/id");
        let invoice = shop.choose(id, "BTC").await.expect(200).json()["invoice"].clone();
        let address = text(&invoice, "/address");
        let replay = shop.merchant(BODY, key).await.expect(201).json();
        assert_eq!(
            (&replay["state"], &replay["invoice"]["address"]),
            (&"awaiting".into(), &address.into())
        );
        let amount = text(&invoice, "/amount");
        shop.gateway.deposit(address, amount, "confirmed").await;
        shop.advance(60);
        let replay = shop.merchant(BODY, key).await.expect(201).json();
        assert_eq!(replay["state"], "completed");
        assert_eq!(replay["url"], first["url"]);
    }
}

#[tokio::test]
async fn a_replay_does_not_depend_on_what_has_become_of_the_request() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(60);
    let body = format!(
        r#"{{"price":{{"amount":"1","currency":"EUR"}},"description":"x","expiresAt":"{expires}"}}"#
    );
    let first = made(&shop.merchant(&body, "k").await);
    shop.advance(120);
    assert_eq!(
        made(&shop.merchant(&body, "k").await),
        first,
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
    assert_eq!(shop.books().await.checkouts, 1);
}

#[tokio::test]
async fn many_at_once_make_one() {
    let shop = std::sync::Arc::new(TestProxy::start().await);
    for round in 0..8 {
        let key = format!("round-{round}");
        let calls = (0..64).map(|_| {
            let (shop, key) = (std::sync::Arc::clone(&shop), key.clone());
            tokio::spawn(async move { made(&shop.merchant(BODY, &key).await) })
        });
        let mut answers = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            answers.push(call.await.unwrap());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "all answers name the same checkout");
        assert_eq!(shop.books().await.checkouts, round + 1);
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
    assert_eq!(shop.books().await.checkouts, 0);
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
async fn a_pages_keys_are_those_of_its_shop_and_product() {
    let shop = TestProxy::start().await;
    let mut ids = Vec::new();
    for product in ["demo-order", "gift-card"] {
        let body = format!(r#"{{"product":"{product}"}}"#);
        for origin in [None, Some(SHOP), Some("http://localhost:3000")] {
            let mut headers = vec![("idempotency-key", CART)];
            headers.extend(origin.map(|origin| ("origin", origin)));
            let first = made(&shop.post("/v1/checkouts", &body, &headers).await);
            let again = made(&shop.post("/v1/checkouts", &body, &headers).await);
            assert_eq!(first, again, "{product} {origin:?}");
            let longer = shop
                .post("/v1/checkouts", &format!("{body} "), &headers)
                .await;
            assert_eq!(longer.code(), "idempotency_key_reused");
            ids.push(first);
        }
    }
    ids.push(made(&shop.merchant(BODY, CART).await));
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(
        ids.len(),
        all,
        "every shop, product and the merchant's server has its own"
    );
    assert_eq!(shop.books().await.checkouts, 7);
    let product = r#"{"product":"demo-order"}"#;
    shop.post("/v1/checkouts", product, &[]).await.expect(201);
    assert_eq!(
        shop.books().await.checkouts,
        8,
        "without a key every request is a new one"
    );
}

#[tokio::test]
async fn a_stranger_who_guesses_a_pages_key_gets_nobodys_checkout() {
    let shop = TestProxy::with(behind_a_proxy).await;
    let product = r#"{"product":"demo-order"}"#;
    let ask = async |key: &str, network: &str| {
        let headers = [
            ("idempotency-key", key),
            ("origin", SHOP),
            ("x-forwarded-for", network),
        ];
        made(&shop.post("/v1/checkouts", product, &headers).await)
    };
    for key in [
        "cart-1001",
        "1",
        "a-very-long-key-of-the-page-of-cart-number-1001",
        "00000000-0000-4000-8000-000000000000",
        "00000000000000000000000000001001",
    ] {
        let buyers = ask(key, "198.51.100.7").await;
        assert_eq!(ask(key, "198.51.100.99").await, buyers, "{key}: a retry");
        assert_ne!(ask(key, "203.0.113.5").await, buyers, "{key}: a stranger");
        // The merchant's server has proved itself: its keys are its own numbers.
        assert_ne!(made(&shop.merchant(BODY, key).await), buyers, "{key}");
    }
    let buyers = ask(CART, "198.51.100.7").await;
    assert_eq!(
        ask(CART, "203.0.113.5").await,
        buyers,
        "a random one holds on the way from one network to another"
    );
    assert_eq!(
        shop.post("/v1/checkouts", BODY, &[("idempotency-key", "order-1001")])
            .await
            .code(),
        "merchant_key_missing",
        "a server that left its key out is told that"
    );
}

#[tokio::test]
async fn keys_are_kept_for_two_days() {
    let shop = TestProxy::start().await;
    shop.merchant(BODY, "k").await.expect(201);
    shop.advance(48 * 3600 - 60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.idempotency_keys, 1);
    shop.advance(120);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.idempotency_keys, 0);
}
