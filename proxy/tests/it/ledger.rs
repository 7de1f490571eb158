//! Every deposit that counts is in the ledger with what it was worth and what became of it, and the merchant sees it.

use serde_json::{Value, json};

use crate::support::{TestProxy, text};

/// What the ledger says of each deposit of a checkout.
async fn ledger(shop: &TestProxy, id: &str) -> Vec<Value> {
    let path = format!("/v1/checkouts/{id}/deposits");
    let list = shop.as_merchant(&path).await.expect(200).json();
    let deposits = list["deposits"].as_array().unwrap().clone();
    deposits
        .into_iter()
        .map(|deposit| {
            assert_ne!(deposit["ledger"], Value::Null, "{deposit}");
            deposit["ledger"].clone()
        })
        .collect()
}

fn member<'a>(rows: &'a [Value], name: &str) -> Vec<&'a Value> {
    rows.iter().map(|row| &row[name]).collect()
}

async fn agree(shop: &TestProxy) {
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);
}

#[tokio::test]
async fn a_payment_that_comes_again_after_it_was_credited_is_in_the_books() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    for _ in 0..2 {
        shop.gateway.deposit(address, amount, "confirmed").await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        shop.advance(10 * 60);
        shop.proxy.watch_once().await.unwrap();
    }
    let rows = ledger(&shop, &id).await;
    assert_eq!(
        member(&rows, "secondPayment"),
        [&Value::Null, &json!("again")]
    );
    assert_eq!(
        member(&rows, "expected"),
        [&json!(amount), &json!("0")],
        "nothing was due any more"
    );
    assert_eq!(member(&rows, "excess"), [&Value::Null, &json!(amount)]);
    assert!(rows[0]["credited"].is_string(), "{rows:?}");
    assert_eq!(rows[1]["credited"], Value::Null, "of this nobody has told");
    assert!(shop.told(&id).await["invoices"][0]["secondPaymentAt"].is_string());
    agree(&shop).await;
}

#[tokio::test]
async fn payments_to_two_invoices_of_a_checkout_are_both_in_the_books() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut invoices = Vec::new();
    for currency in ["USDT_TRX", "BTC"] {
        let view = shop.choose(&id, currency).await.expect(200).json();
        invoices.push(view["invoice"].clone());
    }
    for invoice in &invoices {
        let (address, amount) = (text(invoice, "/address"), text(invoice, "/amount"));
        shop.gateway.deposit(address, amount, "confirmed").await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
    }
    let rows = ledger(&shop, &id).await;
    assert_eq!(
        member(&rows, "secondPayment"),
        [&Value::Null, &json!("elsewhere")]
    );
    let told = shop.told(&id).await;
    let money = |invoice: &Value| {
        (
            invoice["received"] != "0",
            invoice["secondPaymentAt"].is_string(),
        )
    };
    let money: Vec<_> = told["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(money)
        .collect();
    assert_eq!(money, [(true, false), (true, true)]);
    let audit = shop.proxy.audit().await.unwrap();
    let sums: Vec<_> = audit
        .sums
        .iter()
        .map(|sum| {
            (
                sum.currency.as_str(),
                sum.received.to_string(),
                sum.deposits,
            )
        })
        .collect();
    let expected = |place: usize| text(&invoices[place], "/amount").to_owned();
    assert_eq!(
        sums,
        [("BTC", expected(1), 1), ("USDT_TRX", expected(0), 1)]
    );
    agree(&shop).await;
}

#[tokio::test]
async fn a_part_and_the_rest_of_it_say_what_was_missing() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let address = text(&invoice, "/address");
    shop.gateway.deposit(address, "10", "confirmed").await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let rows = ledger(&shop, &id).await;
    let missing = text(&rows[0], "/short").to_owned();
    shop.gateway.deposit(address, &missing, "confirmed").await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let rows = ledger(&shop, &id).await;
    assert_eq!(member(&rows, "short"), [&json!(missing), &Value::Null]);
    assert_eq!(rows[1]["expected"], json!(missing));
    assert_eq!(member(&rows, "secondPayment"), [&Value::Null; 2]);
    agree(&shop).await;
}
