//! Orders that the merchant's server has signed and a page shows: one checkout each, at the signed price.

use std::collections::HashSet;
use std::sync::Arc;

use calypso_proxy::{OrderAlgorithm, OrderTokens};
use serde_json::json;

use crate::support::order_token::{ORDER_KEY, signed, with_order_tokens};
use crate::support::{MERCHANT_KEY, Reply, SHOP, TestProxy, behind_a_proxy, text};

async fn show(shop: &TestProxy, token: &str) -> Reply {
    let body = json!({ "order": token }).to_string();
    let headers = [("origin", SHOP)];
    shop.post("/v1/checkouts", &body, &headers).await
}

async fn id_of(shop: &TestProxy, token: &str) -> String {
    let made = show(shop, token).await.expect(201).json();
    text(&made, "/id").to_owned()
}

#[tokio::test]
async fn a_signed_order_is_an_ordinary_checkout_at_its_price() {
    let shop = TestProxy::with(with_order_tokens).await;
    let mut claims = shop.order_claims("order-1001", 600);
    claims["description"] = json!("Two bags of beans");
    claims["returnUrl"] = json!("https://shop.example/thanks?order=1001");
    let made = show(&shop, &signed(&claims, ORDER_KEY)).await.expect(201);
    assert_eq!(made.header("access-control-allow-origin"), SHOP);
    let made = made.json();
    assert_eq!(made["price"], json!({"amount": "25.00", "currency": "EUR"}));
    assert_eq!(made["description"], "Two bags of beans");
    assert_eq!(made["returnUrl"], "https://shop.example/thanks?order=1001");
    assert_eq!(made["state"], "choosing");
    // The merchant finds it by the order; a page is told no id but the checkout's.
    assert!(made.get("externalId").is_none());
    let found = shop
        .as_merchant("/v1/checkouts?externalId=order-1001")
        .await
        .expect(200)
        .json();
    assert_eq!(found["checkouts"][0]["id"], made["id"]);
    let id = text(&made, "/id");
    let chosen = shop.choose(id, "USDT_TRX").await.expect(200).json();
    assert_eq!(chosen["state"], "awaiting");
    // Shown again, it is the same checkout as it is now.
    let again = show(&shop, &signed(&claims, ORDER_KEY))
        .await
        .expect(201)
        .json();
    assert_eq!(
        (&again["id"], &again["state"]),
        (&made["id"], &chosen["state"])
    );
    assert_eq!(shop.books().await.checkouts, 1);
}

#[tokio::test]
async fn one_order_is_one_checkout_however_often_and_wherever_it_is_shown() {
    let shop = Arc::new(TestProxy::with(with_order_tokens).await);
    let mut claims = shop.order_claims("order-1001", 600);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..32 {
        // Each signed anew, as a server does for each page.
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() + number);
        let (shop, token) = (Arc::clone(&shop), signed(&claims, ORDER_KEY));
        tasks.spawn(async move { id_of(&shop, &token).await });
    }
    let ids: HashSet<String> = tasks.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(shop.books().await.checkouts, 1);
    // Another order is another one.
    let other = id_of(&shop, &shop.order_token("order-1002")).await;
    assert!(!ids.contains(&other));
    // A page's own key of idempotency changes nothing about it.
    let body = json!({ "order": shop.order_token("order-1002") }).to_string();
    let headers = [("origin", SHOP), ("idempotency-key", "cart-7")];
    let again = shop
        .post("/v1/checkouts", &body, &headers)
        .await
        .expect(201);
    assert_eq!(again.json()["id"], other);
}

#[tokio::test]
async fn an_order_at_another_price_is_refused_by_name_and_changes_nothing() {
    let shop = TestProxy::with(with_order_tokens).await;
    let mut claims = shop.order_claims("order-1001", 600);
    let id = id_of(&shop, &signed(&claims, ORDER_KEY)).await;
    for (amount, currency) in [("24.99", "EUR"), ("25.01", "EUR"), ("25.00", "USD")] {
        (claims["amount"], claims["currency"]) = (json!(amount), json!(currency));
        let refused = show(&shop, &signed(&claims, ORDER_KEY)).await;
        assert_eq!(refused.code(), "order_changed", "{amount} {currency}");
    }
    // The same amount may be written otherwise.
    (claims["amount"], claims["currency"]) = (json!("25"), json!("EUR"));
    assert_eq!(id_of(&shop, &signed(&claims, ORDER_KEY)).await, id);
    assert_eq!(shop.show(&id).await["price"]["amount"], "25.00");
    assert_eq!(shop.books().await.checkouts, 1);
}

#[tokio::test]
async fn a_token_whose_time_is_over_makes_nothing_and_still_finds_what_was_made_in_time() {
    let shop = TestProxy::with(with_order_tokens).await;
    let (first, second) = (
        shop.order_token("order-1001"),
        shop.order_token("order-1002"),
    );
    let id = id_of(&shop, &first).await;
    shop.advance(600);
    let refused = show(&shop, &second).await;
    assert_eq!(refused.code(), "order_token_expired");
    assert_eq!(shop.books().await.checkouts, 1);
    assert_eq!(id_of(&shop, &first).await, id);
    // A buyer who has shown it in its last minute has a day to pay.
    assert_eq!(shop.show(&id).await["state"], "choosing");
    let late = signed(&shop.order_claims("order-1003", 3 * 86_400), ORDER_KEY);
    let late = show(&shop, &late).await.expect(201).json();
    let until = shop.now().plus_seconds(3 * 86_400).millis() / 1000;
    let ends = checkout::Timestamp::parse(text(&late, "/expiresAt")).unwrap();
    assert_eq!(ends.millis() / 1000, until);
}

#[tokio::test]
async fn what_stands_beside_a_token_is_refused() {
    let shop = TestProxy::with(with_order_tokens).await;
    let token = shop.order_token("order-1001");
    for (more, code) in [
        (json!({"amount": "1.00"}), "amount_not_accepted"),
        (
            json!({"price": {"amount": "1.00", "currency": "EUR"}}),
            "amount_not_accepted",
        ),
        (json!({"product": "demo-order"}), "field_unknown"),
        (json!({"description": "cheap"}), "field_unknown"),
        (json!({"externalId": "order-1002"}), "field_unknown"),
        (json!({"order": null}), "field_invalid"),
        (json!({"order": 7}), "field_invalid"),
        (json!({"order": [token]}), "field_invalid"),
        (json!({"order": ""}), "order_token_malformed"),
    ] {
        let mut body = json!({ "order": token });
        let fields = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(fields);
        let refused = shop
            .post("/v1/checkouts", &body.to_string(), &[("origin", SHOP)])
            .await;
        assert_eq!(refused.code(), code, "{more}");
    }
    let twice = format!(r#"{{"order":"{token}","order":"{token}"}}"#);
    let refused = shop.post("/v1/checkouts", &twice, &[]).await;
    assert_eq!(refused.code(), "duplicate_key");
    // The merchant's server says what an order costs, and needs no token for it.
    let merchants = shop
        .merchant(&json!({ "order": token }).to_string(), "k")
        .await;
    assert_eq!(merchants.status, 400, "{}", merchants.text());
    let body = json!({ "order": token }).to_string();
    let foreign = [("origin", "https://evil.example")];
    let refused = shop.post("/v1/checkouts", &body, &foreign).await;
    assert_eq!(refused.code(), "origin_not_allowed");
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let both = [("origin", SHOP), ("authorization", bearer.as_str())];
    let refused = shop.post("/v1/checkouts", &body, &both).await;
    assert_eq!(refused.code(), "origin_not_allowed");
    assert_eq!(shop.books().await.checkouts, 0);
}

#[tokio::test]
async fn a_store_takes_its_own_tokens_and_none_without_a_key() {
    let shop = TestProxy::start().await;
    let token = shop.order_token("order-1001");
    assert_eq!(
        show(&shop, &token).await.code(),
        "order_tokens_not_configured"
    );
    let two = crate::shops::Two::start_with(|config| {
        with_order_tokens(config);
        // One key for two stores is no good idea, and still opens no other store.
        config.shops[1].order_tokens = Some(OrderTokens {
            algorithm: OrderAlgorithm::Hs256,
            keys: vec![ORDER_KEY.into()],
        });
    })
    .await;
    let token = two.order_token("order-1001");
    let body = json!({ "order": token }).to_string();
    let post = async |origin| two.page(origin, "POST", "/v1/checkouts", Some(&body)).await;
    assert_eq!(post(crate::shops::GARDEN).await.code(), "order_token_wrong");
    assert_eq!(two.books().await.checkouts, 0);
    post(SHOP).await.expect(201);
    let mut claims = two.order_claims("order-1001", 600);
    claims["store"] = json!("garden");
    let body = json!({ "order": signed(&claims, ORDER_KEY) }).to_string();
    let made = two.page(crate::shops::GARDEN, "POST", "/v1/checkouts", Some(&body));
    // The same order of another store is another order.
    made.await.expect(201);
    assert_eq!(two.books().await.checkouts, 2);
}

#[tokio::test]
async fn a_network_makes_only_so_many_and_may_show_what_it_made_as_often_as_it_likes() {
    let shop = TestProxy::with(|config| {
        with_order_tokens(config);
        behind_a_proxy(config);
        config.limits.network_checkouts_per_hour = 30;
    })
    .await;
    let from = async |order: &str, address| {
        let body = json!({ "order": shop.order_token(order) }).to_string();
        shop.post("/v1/checkouts", &body, &[("x-forwarded-for", address)])
            .await
    };
    for number in 0..3 {
        from(&format!("order-{number}"), "203.0.113.7")
            .await
            .expect(201);
    }
    assert_eq!(from("order-3", "203.0.113.7").await.code(), "rate_limited");
    for _ in 0..20 {
        from("order-0", "203.0.113.7").await.expect(201);
    }
    from("order-3", "198.51.100.9").await.expect(201);
    assert_eq!(shop.books().await.checkouts, 4);
}

#[tokio::test]
async fn an_order_that_nobody_paid_is_deleted_like_any_checkout_of_a_page() {
    let shop = TestProxy::with(with_order_tokens).await;
    let token = signed(&shop.order_claims("order-1001", 29 * 86_400), ORDER_KEY);
    let id = id_of(&shop, &token).await;
    shop.advance(32 * 86_400);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.get(&format!("/v1/checkouts/{id}")).await.status, 404);
    assert_eq!(show(&shop, &token).await.code(), "order_token_expired");
}
