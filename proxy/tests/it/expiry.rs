//! Expiry of invoices and of checkouts.

use crate::support::{TestProxy, invoice_key, text};

const HOUR: u64 = 3600;

#[tokio::test]
async fn an_expired_invoice_is_followed_by_a_new_attempt() {
    let shop = TestProxy::start().await;
    let (id, old) = shop.awaiting("USDT_TRX").await;
    shop.advance(3 * HOUR);
    let view = shop.show(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["pollAfterMs"].as_u64()),
        (Some("expired"), Some(30_000))
    );
    assert_eq!(view["invoice"]["repriceAt"], serde_json::Value::Null);
    let again = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(again["state"], "awaiting");
    assert_ne!(again["invoice"]["address"], old["address"]);
    let told = shop.told(&id).await;
    let invoices = told["invoices"].as_array().unwrap().iter();
    let mut keys: Vec<&str> = invoices
        .map(|invoice| text(invoice, "/idempotencyKey"))
        .collect();
    keys.sort_unstable();
    let mut attempts = [1, 2].map(|attempt| invoice_key(&id, "USDT_TRX", attempt));
    attempts.sort_unstable();
    assert_eq!(keys, attempts);
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.expect(200).json()["invoice"],
        again["invoice"]
    );
}

#[tokio::test]
async fn expiry_needs_no_gateway() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    shop.gateway.fault("/api/v1/*", "error500", 1000).await;
    shop.advance(3 * HOUR);
    assert_eq!(
        shop.show(&id).await["state"],
        "expired",
        "by the clock, although nothing could be read"
    );
}

#[tokio::test]
async fn an_expired_checkout_is_closed() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    shop.advance(24 * HOUR);
    let view = shop.show(&id).await;
    assert_eq!(view["state"], "expired");
    assert!(view["currencies"][0]["estimate"].is_null());
    assert_eq!(shop.choose(&id, "BTC").await.code(), "checkout_closed");

    let (id, _) = shop.awaiting("BTC").await;
    shop.advance(24 * HOUR);
    assert_eq!(shop.show(&id).await["state"], "expired");
    assert_eq!(shop.choose(&id, "BTC").await.code(), "checkout_closed");
    assert_eq!(shop.choose(&id, "ETH").await.code(), "checkout_closed");
}

#[tokio::test]
async fn money_seen_before_expiry_counts_after_it() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.advance(3 * HOUR - 10);
    shop.fresh(&id).await;
    let deposit = shop
        .gateway
        .deposit(
            text(&invoice, "/address"),
            text(&shop.show(&id).await, "/invoice/amount"),
            "mempool",
        )
        .await;
    shop.advance(20);
    assert_eq!(shop.fresh(&id).await["state"], "detected");
    shop.gateway.move_on(&deposit, "confirmed").await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
}

#[tokio::test]
async fn money_the_gateway_reports_after_our_expiry_revives_the_checkout() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    // The gateway's clock is a little behind: for it the invoice is still open.
    let late = text(&invoice, "/expiresAt").to_owned();
    shop.gateway.rewrite(|path, text| {
        if path == "/api/v1/invoice" {
            text.replace("\"ARCHIVED\"", "\"PENDING_PAYMENT\"")
        } else {
            text
        }
    });
    shop.advance(3 * HOUR);
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), text(&view, "/invoice/expiresAt")),
        (Some("expired"), late.as_str())
    );
    let amount = text(&view, "/invoice/amount").to_owned();
    shop.gateway.rewrite(move |path, text| {
        if path == "/api/v1/invoice" {
            text.replace("\"ARCHIVED\"", "\"PAID\"").replace(
                "\"totalDebitAmount\":0",
                &format!("\"totalDebitAmount\":{amount}"),
            )
        } else {
            text
        }
    });
    assert_eq!(shop.fresh(&id).await["state"], "paid");
}

#[tokio::test]
async fn an_expired_invoice_comes_without_its_address() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.advance(3 * HOUR - 30);
    let view = shop.show(&id).await;
    assert_eq!(view["invoice"]["address"], invoice["address"]);
    assert!(view["invoice"]["uri"].is_string());
    shop.advance(30);
    for _ in 0..2 {
        let view = shop.show(&id).await;
        assert_eq!(view["state"], "expired");
        assert!(view["invoice"]["address"].is_null(), "{view}");
        assert!(view["invoice"]["uri"].is_null(), "{view}");
        assert_eq!(view["invoice"]["currency"], "USDT_TRX");
        assert!(!view.to_string().contains(text(&invoice, "/address")));
        shop.wait(60_000);
    }
}

#[tokio::test]
async fn nobody_is_told_where_to_pay_what_has_been_paid() {
    let shop = TestProxy::start().await;
    for (stage, amount, states) in [
        ("mempool", None, &["detected"][..]),
        ("confirmed", None, &["paid", "completed"]),
        ("confirmed", Some("9999"), &["overpaid"]),
    ] {
        let (id, invoice) = shop.awaiting("USDT_TRX").await;
        let address = text(&invoice, "/address");
        let amount = amount.unwrap_or(text(&invoice, "/amount"));
        shop.gateway.deposit(address, amount, stage).await;
        for state in states {
            let view = shop.fresh(&id).await;
            assert_eq!(view["state"], *state);
            assert!(view["invoice"]["address"].is_null(), "{view}");
            assert!(view["invoice"]["uri"].is_null(), "{view}");
            assert!(!view.to_string().contains(address), "{view}");
            shop.advance(60);
        }
    }
}

#[tokio::test]
async fn an_underpaid_invoice_comes_without_its_address_once_it_is_not_watched() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.gateway
        .deposit(text(&invoice, "/address"), "1", "confirmed")
        .await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid");
    assert_eq!(view["invoice"]["address"], invoice["address"]);
    shop.advance(3 * HOUR);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid");
    assert!(view["invoice"]["address"].is_null(), "{view}");
    assert!(view["invoice"]["uri"].is_null(), "{view}");
    assert_eq!(view["invoice"]["received"], "1");
}

#[tokio::test]
async fn an_invoice_that_outlives_its_checkout_comes_without_its_address() {
    let shop = TestProxy::start().await;
    let closes = shop.now().plus_seconds(7200);
    let body = format!(
        r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"x","expiresAt":"{closes}"}}"#
    );
    let id = shop.made(&body).await;
    let view = shop.choose(&id, "BTC").await.expect(200).json();
    assert!(view["invoice"]["address"].is_string());
    shop.advance(7200);
    let view = shop.show(&id).await;
    assert_eq!(view["state"], "expired");
    assert!(view["invoice"]["address"].is_null(), "{view}");
}
