//! One checkout, currency and attempt: one gateway invoice, whatever happens.

use std::sync::Arc;

use crate::support::{CREATE, TestProxy, text};

#[tokio::test]
async fn sixty_four_at_once_make_one() {
    let shop = Arc::new(TestProxy::start().await);
    for round in 1..=10 {
        let id = shop.checkout().await;
        let calls = (0..64).map(|_| {
            let (shop, id) = (Arc::clone(&shop), id.clone());
            tokio::spawn(async move {
                let mut view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
                view.as_object_mut().unwrap().remove("now");
                view
            })
        });
        let mut answers = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            answers.push(call.await.unwrap());
        }
        answers.dedup();
        assert_eq!(
            answers.len(),
            1,
            "everybody gets the same answer: {answers:?}"
        );
        assert_eq!(shop.gateway.calls(CREATE).await, round, "round {round}");
    }
}

#[tokio::test]
async fn the_request_says_what_the_checkout_says() {
    let shop = TestProxy::start().await;
    let body = r#"{"price":{"amount":"19.90","currency":"USD"},"description":"Größe 42","externalId":"order-7","returnUrl":"https://shop.example/done"}"#;
    let id = text(&shop.merchant(body, "k").await.expect(201).json(), "/id").to_owned();
    shop.choose(&id, "BTC").await.expect(200);
    let requests = shop.gateway.requests().await;
    let sent = &requests
        .iter()
        .find(|request| request["path"] == CREATE)
        .unwrap()["body"]["payload"];
    assert_eq!(
        sent["fiatAmount"].to_string(),
        "19.9",
        "as serde_json reads the number 19.90"
    );
    assert_eq!(sent["fiatCurrency"], "USD");
    assert_eq!(sent["currency"], "BTC");
    assert_eq!(sent["description"], "Größe 42");
    assert_eq!(sent["externalId"], "order-7");
    assert_eq!(sent["returnUrl"], "https://shop.example/done");
    assert!(
        sent.get("expiration").is_none(),
        "the checkout lives a day, as the invoice does by itself"
    );
    let key = uuid::Uuid::parse_str(text(sent, "/idempotencyKey")).unwrap();
    assert_eq!(key.get_version_num(), 5);
}

#[tokio::test]
async fn an_invoice_does_not_outlive_a_short_checkout() {
    let shop = TestProxy::start().await;
    for (hours, currency, cut) in [
        (1, "USDT_TRX", true),
        (1, "BTC", true),
        (4, "USDT_TRX", false),
        (4, "BTC", true),
        (48, "BTC", false),
    ] {
        let expires = shop.now().plus_seconds(hours * 3600);
        let body = format!(
            r#"{{"price":{{"amount":"5","currency":"EUR"}},"description":"x","expiresAt":"{expires}"}}"#
        );
        let id = text(
            &shop
                .merchant(&body, &format!("{hours}{currency}"))
                .await
                .expect(201)
                .json(),
            "/id",
        )
        .to_owned();
        let view = shop.choose(&id, currency).await.expect(200).json();
        let invoice_ends = checkout::Timestamp::parse(text(&view, "/invoice/expiresAt")).unwrap();
        if cut {
            assert!(
                invoice_ends.millis_since(expires).abs() < 1000,
                "{hours} h in {currency}: {invoice_ends} and {expires}"
            );
        } else {
            assert!(invoice_ends < expires, "{hours} h in {currency}");
        }
    }
}

#[tokio::test]
async fn the_same_currency_again_gives_the_same_invoice() {
    let mut shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    assert_eq!(
        shop.choose(&id, "BTC").await.expect(200).json()["invoice"],
        invoice
    );
    shop.restarted().await;
    assert_eq!(
        shop.choose(&id, "BTC").await.expect(200).json()["invoice"],
        invoice
    );
    assert_eq!(shop.gateway.calls(CREATE).await, 1);
}

#[tokio::test]
async fn a_call_that_took_effect_without_an_answer_is_found_again() {
    for kind in ["timeout_after", "reset", "truncated", "wrong_length"] {
        let shop = TestProxy::hasty().await;
        let id = shop.checkout().await;
        shop.gateway.fault(CREATE, kind, 1).await;
        let view = shop.choose(&id, "USDT_TRX").await;
        shop.gateway.no_faults().await;
        // Found by looking its key up at once, or by the buyer's next try.
        let view = if view.status == 200 {
            view
        } else {
            shop.choose(&id, "USDT_TRX").await.expect(200)
        };
        assert_eq!(view.json()["state"], "awaiting", "{kind}");
        assert_eq!(gateway_invoices(&shop).await, 1, "{kind}");
    }
}

#[tokio::test]
async fn a_lost_answer_and_a_restart_leave_one_invoice() {
    let mut shop = TestProxy::hasty().await;
    let id = shop.checkout().await;
    // Both the answer and every look-up are lost, so the outcome stays open.
    shop.gateway.fault(CREATE, "timeout_after", 1).await;
    shop.gateway.fault("/api/v1/invoice", "error500", 50).await;
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.code(),
        "gateway_unavailable"
    );
    let books = shop.books().await;
    assert_eq!((books.attempts(), books.attempts_started), (1, 1));
    shop.gateway.no_faults().await;
    shop.restarted().await;
    assert_eq!(shop.show(&id).await["state"], "choosing");
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(view["state"], "awaiting");
    assert_eq!(gateway_invoices(&shop).await, 1);
    assert_eq!(
        (shop.books().await.attempts(), shop.books().await.invoices()),
        (1, 1)
    );
}

#[tokio::test]
async fn an_error_in_a_successful_answer_is_no_refusal() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    // The invoice was made, and the answer says otherwise: only the same key finds it again.
    shop.gateway.rewrite(|path, text| {
        if path == CREATE {
            r#"{"errorCode":"001","message":"payload.currency=[not now]"}"#.to_owned()
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_failed");
    shop.gateway.honest();
    assert_eq!(
        shop.choose(&id, "BTC").await.expect(200).json()["state"],
        "awaiting"
    );
    assert_eq!(gateway_invoices(&shop).await, 1);
}

/// How many invoices the gateway holds, by asking for every key that was ever sent.
async fn gateway_invoices(shop: &TestProxy) -> usize {
    let mut keys: Vec<String> = shop
        .gateway
        .requests()
        .await
        .iter()
        .filter(|request| request["path"] == CREATE)
        .map(|request| text(&request["body"]["payload"], "/idempotencyKey").to_owned())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys.len()
}
