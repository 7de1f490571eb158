//! Another currency: a new invoice, while the old one stays watched. Whichever is paid decides.

use crate::second_payments::second_payments;
use crate::support::{TestProxy, logged, text};

#[tokio::test]
async fn back_and_forth_keeps_both_invoices() {
    let shop = TestProxy::start().await;
    let (id, tron) = shop.awaiting("USDT_TRX").await;
    let bitcoin = shop.choose(&id, "BTC").await.expect(200).json()["invoice"].clone();
    assert_ne!(tron["address"], bitcoin["address"]);
    assert_eq!(
        shop.show(&id).await["invoice"],
        bitcoin,
        "what was chosen last is shown"
    );
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.expect(200).json()["invoice"],
        tron
    );
    assert_eq!(shop.show(&id).await["invoice"], tron);
    assert_eq!(
        shop.choose(&id, "BTC").await.expect(200).json()["invoice"],
        bitcoin
    );
    assert_eq!(
        shop.gateway
            .calls("/api/v1/invoice/single-fiat/create")
            .await,
        2
    );
}

#[tokio::test]
async fn the_first_invoice_paid_after_switching_decides() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT_TRX").await;
    shop.choose(&id, "BTC").await.expect(200);
    let deposit = shop
        .gateway
        .deposit(text(&first, "/address"), text(&first, "/amount"), "mempool")
        .await;
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), &view["invoice"]["currency"]),
        (Some("detected"), &first["currency"])
    );
    shop.gateway.move_on(&deposit, "confirmed").await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
    shop.advance(5);
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["invoice"]["currency"].as_str()),
        (Some("completed"), Some("USDT_TRX"))
    );
}

#[tokio::test]
async fn a_second_payment_is_reported_and_kept() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT_TRX").await;
    let second = shop.choose(&id, "LTC").await.expect(200).json()["invoice"].clone();
    shop.gateway
        .deposit(
            text(&first, "/address"),
            text(&first, "/amount"),
            "confirmed",
        )
        .await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
    shop.gateway
        .deposit(
            text(&second, "/address"),
            text(&second, "/amount"),
            "confirmed",
        )
        .await;
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["invoice"]["currency"].as_str()),
        (Some("paid"), Some("USDT_TRX")),
        "both are paid, the first decides"
    );
    assert_eq!(second_payments(&shop, &id).await, ["LTC"]);
    let warned = logged();
    let short = &id[..8];
    assert_eq!(
        warned
            .lines()
            .filter(|line| line.contains("WARN")
                && line.contains("paid a second time")
                && line.contains(short))
            .count(),
        1
    );
}

#[tokio::test]
async fn more_money_after_it_was_paid_is_a_second_payment_too() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT").await;
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "confirmed",
        )
        .await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
    let more = shop.gateway.requests().await;
    assert!(!more.is_empty());
    let amount = text(&invoice, "/amount").to_owned();
    shop.gateway.rewrite(move |path, text| {
        if path == "/api/v1/invoice" {
            text.replacen(
                &format!("\"totalDebitAmount\":{amount}"),
                "\"totalDebitAmount\":1000",
                1,
            )
        } else {
            text
        }
    });
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["invoice"]["received"].as_str()),
        (Some("paid"), Some("1000"))
    );
    assert_eq!(second_payments(&shop, &id).await, ["USDT"]);
}
