//! The amount follows the rate every fifteen minutes, for Bitcoin every hour, while nothing has been paid.

use checkout::{Amount, CURRENCIES};
use serde_json::Value;

use crate::desk::Desk;

fn amount(invoice: &Value) -> String {
    invoice["amount"].to_string()
}

#[tokio::test]
async fn each_interval_changes_the_amount_of_every_currency() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        desk.invoice(currency.code).await;
    }
    let codes: Vec<_> = CURRENCIES
        .iter()
        .map(|currency| (currency.code, i64::from(currency.reprice_seconds())))
        .collect();
    let view = async || desk.read("/sandbox/v1/state").await.ok()["invoices"].clone();
    let mut before = view().await;
    // Three hours: as long as the shortest of them lives.
    for quarter in 1..12_i64 {
        desk.advance(15 * 60).await;
        let after = view().await;
        for (place, (code, interval)) in codes.iter().rev().enumerate() {
            assert_eq!(after[place]["currency"], *code);
            let repriced = (quarter * 900) % interval == 0;
            let changed = before[place]["amount"] != after[place]["amount"];
            assert_eq!(
                changed, repriced,
                "{code} after {quarter} quarters: {} {}",
                before[place]["amount"], after[place]["amount"]
            );
        }
        before = after;
    }
}

#[tokio::test]
async fn it_happens_at_the_very_second_counted_from_creation() {
    let desk = Desk::open().await;
    desk.advance(437).await;
    desk.rate("ETH", "EUR", "2500").await;
    let invoice = desk.invoice("ETH").await;
    assert_eq!(amount(&invoice), "0.01");
    desk.rate("ETH", "EUR", "2000").await;
    // A fixed rate waits for the next repricing.
    desk.advance(899).await;
    let same = desk.get(&invoice).await;
    assert_eq!(same, invoice);
    desk.advance(1).await;
    let repriced = desk.get(&invoice).await;
    assert_eq!(amount(&repriced), "0.0125");
    assert_eq!(repriced["lastFiatUpdated"], "2026-01-05T10:22:17");
    assert_eq!(repriced["fiatAmount"], invoice["fiatAmount"]);
    assert_eq!(repriced["invoiceAddress"], invoice["invoiceAddress"]);
}

#[tokio::test]
async fn bitcoin_waits_an_hour() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("BTC").await;
    desk.rate("BTC", "EUR", "50000").await;
    desk.advance(3599).await;
    assert_eq!(amount(&desk.get(&invoice).await), amount(&invoice));
    desk.advance(1).await;
    let repriced = desk.get(&invoice).await;
    assert_eq!(amount(&repriced), "0.0005");
    assert_eq!(repriced["lastFiatUpdated"], "2026-01-05T11:00:00");
}

#[tokio::test]
async fn a_jump_over_many_intervals_ends_where_small_steps_end() {
    let (jump, steps) = (Desk::open().await, Desk::open().await);
    let (one, other) = (jump.invoice("ETH").await, steps.invoice("ETH").await);
    assert_eq!(one, other);
    jump.advance(7 * 900 + 30).await;
    for _ in 0..7 {
        steps.advance(900).await;
        steps.get(&other).await;
    }
    steps.advance(30).await;
    let (one, other) = (jump.get(&one).await, steps.get(&other).await);
    assert_eq!(one, other);
    assert_eq!(one["lastFiatUpdated"], "2026-01-05T11:45:00");
}

#[tokio::test]
async fn money_in_sight_stops_it_and_a_dropped_deposit_lets_it_go_on() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("ETH").await;
    let deposit = desk.deposit(&invoice, "0.000001", "mempool").await;
    desk.advance(3 * 900 + 100).await;
    assert_eq!(amount(&desk.get(&invoice).await), amount(&invoice));
    desk.advance_deposit(&deposit, "dropped").await;
    let dropped = desk.get(&invoice).await;
    assert_eq!(
        (dropped["state"].as_str(), amount(&dropped)),
        (Some("PENDING_PAYMENT"), amount(&invoice))
    );
    desk.advance(799).await;
    assert_eq!(amount(&desk.get(&invoice).await), amount(&invoice));
    desk.advance(1).await;
    let repriced = desk.get(&invoice).await;
    assert_ne!(amount(&repriced), amount(&invoice));
    assert_eq!(repriced["lastFiatUpdated"], "2026-01-05T11:00:00");
}

#[tokio::test]
async fn a_payment_is_judged_by_the_amount_of_its_time() {
    let desk = Desk::open().await;
    desk.rate("ETH", "EUR", "2500").await;
    let invoice = desk.invoice("ETH").await;
    desk.rate("ETH", "EUR", "2000").await;
    desk.advance(900).await;
    desk.deposit(&invoice, "0.01", "confirmed").await;
    let underpaid = desk.get(&invoice).await;
    assert_eq!(underpaid["interventionType"], "UNDERPAY");
    assert_eq!(amount(&underpaid), "0.0125");
}

#[tokio::test]
async fn an_amount_pays_at_least_the_price() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        desk.rate(currency.code, "EUR", "3.7").await;
        let invoice = desk.invoice(currency.code).await;
        let amount = Amount::parse(&amount(&invoice)).unwrap();
        let rate = Amount::parse("3.7").unwrap();
        let worth = amount
            .checked_mul(rate, 20, checkout::Rounding::Down)
            .unwrap();
        assert!(
            worth >= Amount::parse("25").unwrap(),
            "{}: {amount}",
            currency.code
        );
        assert!(
            amount.scale() <= currency.scale,
            "{}: {amount}",
            currency.code
        );
    }
}
