//! No money unseen: what is paid again, late, or to another invoice of the checkout is noticed, and the first payment stays the one.

use serde_json::Value;

use crate::support::{TestProxy, logged, text};

const DAY: u64 = 24 * 3600;

/// On which invoices of a checkout money without use was seen, by currency.
pub(crate) async fn second_payments(shop: &TestProxy, id: &str) -> Vec<String> {
    let told = shop.told(id).await;
    let invoices = told["invoices"].as_array().unwrap().iter();
    let second = invoices.filter(|invoice| !invoice["secondPaymentAt"].is_null());
    let mut currencies: Vec<String> = second
        .map(|invoice| text(invoice, "/currency").to_owned())
        .collect();
    currencies.sort_unstable();
    currencies
}

async fn received(shop: &TestProxy, id: &str, currency: &str) -> String {
    let told = shop.told(id).await;
    let mut invoices = told["invoices"].as_array().unwrap().iter();
    let of_it = invoices.find(|invoice| invoice["currency"] == currency);
    text(of_it.unwrap(), "/received").to_owned()
}

/// How many warnings about this checkout say so.
fn warnings(id: &str, words: &str) -> usize {
    let log = logged();
    let about =
        |line: &&str| line.contains("WARN") && line.contains(&id[..8]) && line.contains(words);
    log.lines().filter(about).count()
}

async fn pay(shop: &TestProxy, invoice: &Value, amount: &str) {
    shop.gateway
        .deposit(text(invoice, "/address"), amount, "confirmed")
        .await;
}

#[tokio::test]
async fn money_paid_again_to_a_completed_invoice_is_noticed_though_nobody_looks() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let amount = text(&invoice, "/amount").to_owned();
    pay(&shop, &invoice, &amount).await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "completed");
    assert_eq!(second_payments(&shop, &id).await, [""; 0]);

    pay(&shop, &invoice, &amount).await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(second_payments(&shop, &id).await, ["USDT_TRX"]);
    let asked = checkout::Amount::parse(&amount).unwrap();
    let twice = asked.checked_add(asked).unwrap().normalized().to_string();
    assert_eq!(received(&shop, &id, "USDT_TRX").await, twice);
    let view = shop.show(&id).await;
    assert_eq!(
        (view["state"].as_str(), text(&view, "/invoice/received")),
        (Some("completed"), twice.as_str())
    );
    assert_eq!(warnings(&id, "paid a second time, to the same address"), 1);
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(warnings(&id, "paid a second time"), 1, "said once");

    pay(&shop, &invoice, "1").await;
    shop.advance(DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(warnings(&id, "paid a second time"), 2, "and the third too");
}

#[tokio::test]
async fn two_payments_between_two_looks_are_noticed() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT").await;
    let amount = text(&invoice, "/amount").to_owned();
    pay(&shop, &invoice, &amount).await;
    shop.advance(10);
    pay(&shop, &invoice, &amount).await;
    shop.advance(60);
    assert_eq!(shop.show(&id).await["state"], "completed");
    assert_eq!(second_payments(&shop, &id).await, ["USDT"]);
    assert_eq!(warnings(&id, "paid a second time, to the same address"), 1);
}

#[tokio::test]
async fn what_is_paid_after_the_first_payment_does_not_take_its_place() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT").await;
    let second = shop.choose(&id, "BTC").await.expect(200).json()["invoice"].clone();
    pay(&shop, &first, text(&first, "/amount")).await;
    shop.advance(60);
    assert_eq!(shop.show(&id).await["state"], "completed");
    pay(&shop, &second, text(&second, "/amount")).await;
    for _ in 0..3 {
        shop.advance(60);
        let view = shop.show(&id).await;
        assert_eq!(
            (view["state"].as_str(), view["invoice"]["currency"].as_str()),
            (Some("completed"), Some("USDT")),
            "the first invoice that was paid decides"
        );
    }
    assert_eq!(received(&shop, &id, "BTC").await, text(&second, "/amount"));
    assert_eq!(second_payments(&shop, &id).await, ["BTC"]);
    assert_eq!(warnings(&id, "paid a second time, to another invoice"), 1);
    assert_eq!(warnings(&id, "part of the money"), 0);
}

#[tokio::test]
async fn two_halves_in_two_currencies_ask_for_no_more() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT_TRX").await;
    let second = shop.choose(&id, "USDT").await.expect(200).json()["invoice"].clone();
    let half = |invoice: &Value| {
        let amount = checkout::Amount::parse(text(invoice, "/amount")).unwrap();
        let two = checkout::Amount::parse("2").unwrap();
        let half = amount.checked_div(two, 6, checkout::Rounding::Down);
        half.unwrap().normalized().to_string()
    };
    pay(&shop, &first, &half(&first)).await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid", "the rest is asked for");
    pay(&shop, &second, &half(&second)).await;
    let view = shop.fresh(&id).await;
    assert_eq!(
        view["state"], "intervention",
        "all of it has come, so the buyer is asked for nothing"
    );
    assert_eq!(received(&shop, &id, "USDT_TRX").await, half(&first));
    assert_eq!(received(&shop, &id, "USDT").await, half(&second));
    assert_eq!(second_payments(&shop, &id).await, ["USDT"]);
    assert_eq!(warnings(&id, "part of the money"), 1);
    assert_eq!(warnings(&id, "paid a second time"), 0);
    assert_eq!(shop.choose(&id, "BTC").await.code(), "checkout_closed");
}

#[tokio::test]
async fn a_payment_after_a_wrong_expiry_is_taken_in() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT").await;
    let expires_at = text(&invoice, "/expiresAt").to_owned();
    shop.gateway.rewrite(|path, text| {
        if path == crate::support::READ {
            let mut json: Value = serde_json::from_str(&text).unwrap();
            json["expiration"] = Value::from("2020-01-01T00:00:00");
            json.to_string()
        } else {
            text
        }
    });
    let view = shop.fresh(&id).await;
    assert_eq!(
        (view["state"].as_str(), text(&view, "/invoice/expiresAt")),
        (Some("awaiting"), expires_at.as_str()),
        "an expiry does not move back"
    );
    pay(&shop, &invoice, text(&invoice, "/amount")).await;
    assert_eq!(shop.fresh(&id).await["state"], "paid");
}

#[tokio::test]
async fn a_payment_the_gateway_finds_after_it_had_archived_the_invoice_is_taken_in() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.advance(3 * 3600);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "expired");
    let amount = text(&invoice, "/amount").to_owned();
    shop.gateway.rewrite(move |path, text| {
        if path == crate::support::READ {
            text.replace("\"ARCHIVED\"", "\"PAID\"").replace(
                "\"totalDebitAmount\":0",
                &format!("\"totalDebitAmount\":{amount}"),
            )
        } else {
            text
        }
    });
    shop.advance(2 * DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "paid");
}

#[tokio::test]
async fn what_is_over_is_watched_for_three_days_and_less_often() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    pay(&shop, &invoice, text(&invoice, "/amount")).await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "completed");
    let reads = async || shop.gateway.calls(crate::support::READ).await;
    let before = reads().await;
    shop.advance(30);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before, "every second turn");
    shop.advance(30);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before + 1);
    shop.advance(2 * 3600);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before + 2);
    shop.advance(500);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before + 2, "after an hour every twentieth");
    shop.advance(100);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before + 3);
    // Three days after its expiry, which was three hours after it was made.
    shop.advance(3 * DAY + 3600 - 240 - 660);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(reads().await, before + 4, "a last time");
    shop.advance(240);
    shop.proxy.watch_once().await.unwrap();
    shop.fresh(&id).await;
    assert_eq!(reads().await, before + 4);
}
