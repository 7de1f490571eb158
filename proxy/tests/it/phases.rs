//! Every outcome of a payment, as the buyer sees it.

use serde_json::Value;

use crate::support::{TestProxy, logged, text};

async fn paid(shop: &TestProxy, currency: &str) -> (String, Value, String) {
    let (id, invoice) = shop.awaiting(currency).await;
    let deposit = shop
        .gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "mempool",
        )
        .await;
    (id, invoice, deposit)
}

#[tokio::test]
async fn detected_paid_completed() {
    let shop = TestProxy::start().await;
    let (id, invoice, deposit) = paid(&shop, "USDT_TRX").await;
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["pollAfterMs"].as_u64()),
        (Some("detected"), Some(2000))
    );
    assert_eq!(
        view["invoice"]["repriceAt"],
        Value::Null,
        "a payment on its way is not repriced"
    );

    shop.gateway.move_on(&deposit, "confirmed").await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "paid");
    assert!(view["invoice"]["transaction"].is_string());
    assert_eq!(view["invoice"]["received"], invoice["amount"]);
    assert_eq!(view["invoice"]["due"], "0");
    assert_eq!(
        view["invoice"]["amount"], invoice["amount"],
        "the amount asked for stays"
    );

    shop.advance(5);
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["pollAfterMs"].as_u64()),
        (Some("completed"), Some(30_000))
    );
    assert_eq!(
        view["invoice"]["received"], invoice["amount"],
        "the fee is the merchant's business"
    );
    assert_eq!(shop.choose(&id, "USDT_TRX").await.code(), "checkout_closed");
    assert_eq!(shop.choose(&id, "BTC").await.code(), "checkout_closed");
    assert_eq!(
        shop.fresh(&id).await["state"],
        "completed",
        "it is still read, and stays"
    );
    let log = logged();
    let about = |line: &&str| line.contains("moved on") && line.contains(&id[..8]);
    let steps: Vec<&str> = log.lines().filter(about).collect();
    assert_eq!(
        steps.len(),
        3,
        "the operator is told of each step: {steps:?}"
    );
    for (step, (from, to)) in steps.iter().zip([
        ("awaiting", "detected"),
        ("detected", "paid"),
        ("paid", "completed"),
    ]) {
        assert!(step.contains(&format!("from={from} to={to} ")), "{step}");
    }
}

#[tokio::test]
async fn a_payment_that_is_dropped_from_the_mempool_can_be_made_again() {
    let shop = TestProxy::start().await;
    let (id, invoice, deposit) = paid(&shop, "BTC").await;
    assert_eq!(shop.fresh(&id).await["state"], "detected");
    assert_eq!(
        shop.choose(&id, "ETH").await.code(),
        "checkout_closed",
        "no second invoice while money is on its way"
    );
    shop.choose(&id, "BTC").await.expect(200);
    shop.gateway.move_on(&deposit, "dropped").await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "awaiting");
    assert_eq!(view["invoice"]["address"], invoice["address"]);
}

#[tokio::test]
async fn under_over_and_within_the_tolerance() {
    let shop = TestProxy::start().await;
    for (factor_percent_units, state) in [
        (9_000_u128, "underpaid"),
        (9_949, "underpaid"),
        (9_950, "paid"),
        (9_999, "paid"),
        (10_000, "paid"),
        (12_000, "overpaid"),
    ] {
        let (id, invoice) = shop.awaiting("USDT").await;
        let amount = checkout::Amount::parse(text(&invoice, "/amount")).unwrap();
        let factor = checkout::Amount::from_units(factor_percent_units, 4).unwrap();
        let rounding = if state == "underpaid" {
            checkout::Rounding::Down
        } else {
            checkout::Rounding::Up
        };
        let sent = amount.checked_mul(factor, 6, rounding).unwrap();
        shop.gateway
            .deposit(text(&invoice, "/address"), &sent.to_string(), "confirmed")
            .await;
        let view = shop.fresh(&id).await;
        assert_eq!(view["state"], state, "{factor_percent_units}");
        let received = checkout::Amount::parse(text(&view, "/invoice/received")).unwrap();
        let due = checkout::Amount::parse(text(&view, "/invoice/due")).unwrap();
        assert_eq!(received, sent);
        assert_eq!(
            due,
            amount.checked_sub(sent).unwrap_or(checkout::Amount::ZERO)
        );
        if state == "underpaid" {
            // The code asks for the rest, not for the whole amount again.
            let units = due.units_at(6).unwrap();
            assert!(
                text(&view, "/invoice/uri").ends_with(&format!("&uint256={units}")),
                "{view}"
            );
        }
    }
}

#[tokio::test]
async fn the_rest_of_an_underpaid_invoice_completes_it() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("TRX").await;
    let amount = checkout::Amount::parse(text(&invoice, "/amount")).unwrap();
    let half = amount
        .checked_div(
            checkout::Amount::parse("2").unwrap(),
            6,
            checkout::Rounding::Down,
        )
        .unwrap();
    shop.gateway
        .deposit(text(&invoice, "/address"), &half.to_string(), "confirmed")
        .await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid");
    assert_eq!(
        shop.choose(&id, "BTC").await.code(),
        "checkout_closed",
        "the rest is paid where the first part went"
    );
    let due = text(&view, "/invoice/due").to_owned();
    shop.gateway
        .deposit(text(&invoice, "/address"), &due, "confirmed")
        .await;
    let state = shop.fresh(&id).await["state"].as_str().unwrap().to_owned();
    assert!(
        ["paid", "underpaid", "intervention"].contains(&state.as_str()),
        "{state}"
    );
}

#[tokio::test]
async fn reviewed_declined_and_cleared() {
    let shop = TestProxy::start().await;
    let (id, _, deposit) = paid(&shop, "ETH").await;
    shop.gateway.move_on(&deposit, "review").await;
    assert_eq!(shop.fresh(&id).await["state"], "reviewing");
    shop.gateway.move_on(&deposit, "declined").await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "declined");
    assert_eq!(shop.choose(&id, "ETH").await.code(), "checkout_closed");

    let (id, _, deposit) = paid(&shop, "ETH").await;
    shop.gateway.move_on(&deposit, "review").await;
    shop.fresh(&id).await;
    shop.gateway.move_on(&deposit, "confirmed").await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
}

#[tokio::test]
async fn every_currency_offered_can_be_paid() {
    let shop = TestProxy::start().await;
    for currency in crate::support::OFFERED {
        let (id, invoice) = shop.awaiting(currency).await;
        shop.gateway
            .deposit(
                text(&invoice, "/address"),
                text(&invoice, "/amount"),
                "confirmed",
            )
            .await;
        assert_eq!(shop.fresh(&id).await["state"], "paid", "{currency}");
    }
}

#[tokio::test]
async fn nothing_leads_back_from_paid() {
    let shop = TestProxy::start().await;
    let (id, _, deposit) = paid(&shop, "LTC").await;
    shop.gateway.move_on(&deposit, "confirmed").await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
    let before = shop.show(&id).await["invoice"].clone();
    for status in [
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "ARCHIVED",
        "CANCEL",
        "DECLINED",
        "PENDING_INTERVENTION",
        "PENDING_COMPLIANCE_CHECK",
        "MOON",
    ] {
        shop.gateway
            .rewrite(move |_, text| text.replace("\"PAID\"", &format!("{status:?}")));
        let view = shop.fresh(&id).await;
        assert_eq!(
            (&view["state"], &view["invoice"]),
            (&Value::from("paid"), &before),
            "{status}"
        );
    }
}
