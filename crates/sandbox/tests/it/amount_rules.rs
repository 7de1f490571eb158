//! Which amounts pay an invoice: at least 0.995 of it, not more than the tolerance above it, from one sender.

use calypso_sandbox::Settings;
use checkout::Amount;
use serde_json::{Value, json};

use crate::desk::{Desk, amount_in, settings};

/// An invoice over exactly 25 of a currency.
async fn of_25(desk: &Desk, currency: &str) -> Value {
    desk.rate(currency, "EUR", "1").await;
    let invoice = desk.invoice(currency).await;
    assert_eq!(invoice["amount"].to_string(), "25");
    invoice
}

fn standing(invoice: &Value) -> (&str, Option<&str>, bool) {
    (
        invoice["state"].as_str().unwrap(),
        invoice.get("interventionType").and_then(Value::as_str),
        invoice["isInterventionResolved"].as_bool().unwrap(),
    )
}

const PAID: (&str, Option<&str>, bool) = ("PAID", None, true);
const UNDERPAID: (&str, Option<&str>, bool) = ("PENDING_INTERVENTION", Some("UNDERPAY"), false);
const OVERPAID: (&str, Option<&str>, bool) = ("PENDING_INTERVENTION", Some("OVERPAY"), false);

#[tokio::test]
async fn the_bounds_are_exact_to_the_last_digit_of_the_chain() {
    let desk = Desk::open().await;
    // 0.995 of 25 is 24.875.
    for (currency, amount, expected) in [
        ("USDT", "24.875", PAID),
        ("USDT", "24.874999", UNDERPAID),
        ("ETH", "24.875000000000000000", PAID),
        ("ETH", "24.874999999999999999", UNDERPAID),
        ("BTC", "24.87499999", UNDERPAID),
        ("USDT", "25", PAID),
        ("USDT", "25.000000", PAID),
        ("USDT", "25.000001", OVERPAID),
        ("ETH", "25.000000000000000001", OVERPAID),
        ("ETH", "0.000000000000000001", UNDERPAID),
        ("ETH", "1000000", OVERPAID),
    ] {
        let invoice = of_25(&desk, currency).await;
        desk.deposit(&invoice, amount, "confirmed").await;
        let after = desk.get_answer(&invoice).await;
        assert_eq!(standing(&after.json), expected, "{amount} {currency}");
        assert_eq!(
            amount_in(&after.text, "totalDebitAmount"),
            Amount::parse(amount).unwrap()
        );
    }
}

#[tokio::test]
async fn the_published_examples_come_out() {
    let desk = Desk::open().await;
    let rate = "1";
    for (amount, expected) in [("10.23", PAID), ("10.00", UNDERPAID)] {
        desk.rate("DAI", "EUR", rate).await;
        let payload = "{\"currency\":\"DAI\",\"fiatAmount\":10.23,\"fiatCurrency\":\"EUR\",\"description\":\"x\"}";
        desk.rate("DAI", "EUR", "0.99960914").await;
        let invoice = desk
            .call("/api/v1/invoice/single-fiat/create", payload)
            .await
            .ok();
        assert_eq!(invoice["amount"].to_string(), "10.234001");
        desk.deposit(&invoice, amount, "confirmed").await;
        assert_eq!(standing(&desk.get(&invoice).await), expected, "{amount}");
    }
}

#[tokio::test]
async fn the_overpay_tolerance_is_exact_too() {
    let tolerance = Settings {
        overpay_tolerance_percent: Amount::parse("2.5").unwrap(),
        ..settings()
    };
    let desk = Desk::with(tolerance).await;
    // 102.5 % of 25 is 25.625.
    for (amount, expected) in [
        ("25.625", PAID),
        ("25.625001", OVERPAID),
        ("24.874999", UNDERPAID),
    ] {
        let invoice = of_25(&desk, "USDT").await;
        desk.deposit(&invoice, amount, "confirmed").await;
        assert_eq!(standing(&desk.get(&invoice).await), expected, "{amount}");
    }
}

#[tokio::test]
async fn a_top_up_of_the_same_sender_pays_the_rest() {
    let desk = Desk::open().await;
    let invoice = of_25(&desk, "USDT").await;
    for (amount, expected) in [("10", UNDERPAID), ("10", UNDERPAID), ("4.875", PAID)] {
        desk.deposit(&invoice, amount, "confirmed").await;
        assert_eq!(standing(&desk.get(&invoice).await), expected);
    }
    assert_eq!(
        desk.get(&invoice).await["totalDebitAmount"].to_string(),
        "24.875"
    );
    desk.advance(5).await;
    assert_eq!(desk.get(&invoice).await["state"], "COMPLETED");
}

#[tokio::test]
async fn a_top_up_in_the_mempool_does_not_hide_the_intervention() {
    let desk = Desk::open().await;
    let invoice = of_25(&desk, "USDT").await;
    desk.deposit(&invoice, "10", "confirmed").await;
    let deposit = desk.deposit(&invoice, "15", "mempool").await;
    assert_eq!(standing(&desk.get(&invoice).await), UNDERPAID);
    desk.advance_deposit(&deposit, "confirmed").await;
    assert_eq!(standing(&desk.get(&invoice).await), PAID);
}

#[tokio::test]
async fn a_top_up_can_be_too_much() {
    let desk = Desk::open().await;
    let invoice = of_25(&desk, "USDT").await;
    desk.deposit(&invoice, "10", "confirmed").await;
    desk.deposit(&invoice, "15.000001", "confirmed").await;
    assert_eq!(standing(&desk.get(&invoice).await), OVERPAID);
    // Less than nothing cannot be sent: it stays.
    desk.deposit(&invoice, "1", "confirmed").await;
    assert_eq!(standing(&desk.get(&invoice).await), OVERPAID);
}

#[tokio::test]
async fn several_senders_need_the_merchant_whatever_the_sum() {
    let desk = Desk::open().await;
    let invoice = of_25(&desk, "USDT").await;
    let send = async |amount: &str, from: &str| {
        let body = json!({ "address": invoice["invoiceAddress"], "amount": amount, "stage": "confirmed", "from": from });
        desk.control("deposits", &body).await.ok();
        desk.get(&invoice).await
    };
    let alice = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert_eq!(standing(&send("10", alice).await), UNDERPAID);
    // The same address in another case is the same sender.
    assert_eq!(standing(&send("5", &alice.to_lowercase()).await), UNDERPAID);
    let mixed = ("PENDING_INTERVENTION", None, false);
    assert_eq!(
        standing(&send("10", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359").await),
        mixed
    );
    assert_eq!(standing(&send("10", alice).await), mixed);
}

#[tokio::test]
async fn a_dropped_deposit_leaves_nothing_behind() {
    let desk = Desk::open().await;
    let invoice = of_25(&desk, "USDT").await;
    let deposit = desk.deposit(&invoice, "25", "mempool").await;
    assert_eq!(desk.get(&invoice).await["state"], "MEM_POOL_FOUND");
    let other = desk.deposit(&invoice, "20", "mempool").await;
    desk.advance_deposit(&deposit, "dropped").await;
    assert_eq!(desk.get(&invoice).await["state"], "MEM_POOL_FOUND");
    desk.advance_deposit(&other, "dropped").await;
    assert_eq!(desk.get(&invoice).await, invoice);
    desk.deposit(&invoice, "25", "confirmed").await;
    assert_eq!(standing(&desk.get(&invoice).await), PAID);
}
