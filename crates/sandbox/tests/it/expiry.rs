//! Invoices expire, and money that comes later is lost.

use calypso_sandbox::Settings;
use checkout::{CURRENCIES, NetworkId};

use crate::desk::{Desk, settings};

const CREATE: &str = "/api/v1/invoice/single-fiat/create";

#[tokio::test]
async fn tron_lives_three_hours_and_the_others_a_day() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        let invoice = desk.invoice(currency.code).await;
        let tron = currency.network == NetworkId::Tron;
        let expected = if tron {
            "2026-01-05T13:00:00"
        } else {
            "2026-01-06T10:00:00"
        };
        assert_eq!(invoice["expiration"], expected, "{}", currency.code);
    }
}

#[tokio::test]
async fn it_expires_at_its_very_second() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    desk.advance(3 * 3600 - 1).await;
    assert_eq!(desk.get(&invoice).await["state"], "PENDING_PAYMENT");
    desk.advance(1).await;
    let expired = desk.get(&invoice).await;
    assert_eq!(expired["state"], "ARCHIVED");
    // The last repricing was a quarter earlier: what expires is not repriced in the same moment.
    assert_eq!(expired["lastFiatUpdated"], "2026-01-05T12:45:00");
    desk.advance(86_400).await;
    assert_eq!(desk.get(&invoice).await, expired);
}

#[tokio::test]
async fn a_wish_is_kept_up_to_a_day() {
    let desk = Desk::open().await;
    let order = |expiration: &str| {
        format!(
            "{{\"currency\":\"BTC\",\"fiatAmount\":25,\"fiatCurrency\":\"EUR\",\"description\":\"x\",\
             \"expiration\":\"{expiration}\"}}"
        )
    };
    let longest = desk
        .call(CREATE, &order("2026-01-06T09:59:59.999Z"))
        .await
        .ok();
    assert_eq!(longest["expiration"], "2026-01-06T09:59:59.999");
    desk.call(CREATE, &order("2026-01-06T10:00:00.000Z"))
        .await
        .refused("001");
    let short = desk
        .call(CREATE, &order("2026-01-05T10:00:30.5Z"))
        .await
        .ok();
    desk.advance(30).await;
    assert_eq!(desk.get(&short).await["state"], "PENDING_PAYMENT");
    desk.advance(1).await;
    assert_eq!(desk.get(&short).await["state"], "ARCHIVED");
    let patient = Desk::with(Settings {
        max_invoice_seconds: 90 * 86_400,
        ..settings()
    })
    .await;
    patient
        .call(CREATE, &order("2026-03-01T10:00:00.000Z"))
        .await
        .ok();
}

#[tokio::test]
async fn money_after_expiry_is_lost() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    desk.advance(3 * 3600).await;
    let expired = desk.get(&invoice).await;
    for stage in ["mempool", "confirmed"] {
        let deposit = desk.deposit(&invoice, "27", stage).await;
        assert_eq!(
            (deposit["lost"].as_bool(), deposit["stage"].as_str()),
            (Some(true), Some(stage))
        );
        assert_eq!(desk.get(&invoice).await, expired);
        if stage == "mempool" {
            let moved = desk.advance_deposit(&deposit, "confirmed").await;
            assert_eq!(moved["lost"], true);
        }
    }
    assert_eq!(desk.get(&invoice).await, expired);
}

#[tokio::test]
async fn money_in_sight_keeps_it_open_past_the_expiry() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    let deposit = desk
        .deposit(&invoice, invoice["amount"].to_string().as_str(), "mempool")
        .await;
    desk.advance(4 * 3600).await;
    assert_eq!(desk.get(&invoice).await["state"], "MEM_POOL_FOUND");
    desk.advance_deposit(&deposit, "confirmed").await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
}

#[tokio::test]
async fn a_deposit_dropped_after_the_expiry_ends_it_at_once() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT_TRX").await;
    let deposit = desk.deposit(&invoice, "27", "mempool").await;
    desk.advance(4 * 3600).await;
    desk.advance_deposit(&deposit, "dropped").await;
    assert_eq!(desk.get(&invoice).await["state"], "ARCHIVED");
    assert_eq!(
        desk.deposit(&invoice, "27", "confirmed").await["lost"],
        true
    );
}

#[tokio::test]
async fn an_underpaid_invoice_does_not_expire() {
    let desk = Desk::open().await;
    desk.rate("USDT_TRX", "EUR", "1").await;
    let invoice = desk.invoice("USDT_TRX").await;
    desk.deposit(&invoice, "10", "confirmed").await;
    desk.advance(4 * 3600).await;
    assert_eq!(desk.get(&invoice).await["state"], "PENDING_INTERVENTION");
    desk.deposit(&invoice, "15", "confirmed").await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
}
