//! Money that arrives while nobody looks, in a currency nobody picked, or after the checkout's end.

use serde_json::Value;

use crate::support::{TestProxy, text};

const TOPUP: &str = r#"{"kind":"topup","description":"Top up"}"#;
const DEPOSIT: &str =
    r#"{"kind":"deposit","customer":"user-7","description":"Your deposit address"}"#;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

fn address(view: &Value) -> String {
    text(view, "/receiving/address").to_owned()
}

#[tokio::test]
async fn a_customers_money_is_seen_while_nobody_looks() {
    let mut shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let shown = address(&shop.choose(&id, "USDT_TRX").await.expect(200).json());
    shop.gateway
        .deposit_in(&shown, "USDT_TRX", "11", "confirmed")
        .await;
    shop.advance(5 * 60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.deposits, 1);
    shop.restarted().await;
    // In whatever currency the address takes, and however long ago it was shown.
    shop.advance(20 * DAY);
    let other = address(&shop.choose(&id, "ETH").await.expect(200).json());
    shop.choose(&id, "BTC").await.expect(200);
    for (place, currency) in (2..).zip(["USDC", "BNB", "POL", "ETH"]) {
        shop.gateway
            .deposit_in(&other, currency, "3", "confirmed")
            .await;
        shop.advance(30 * DAY);
        shop.proxy.watch_once().await.unwrap();
        assert_eq!(shop.books().await.deposits, place, "{currency}");
    }
}

#[tokio::test]
async fn a_quiet_customer_costs_one_call_a_day_and_a_busy_one_is_seen_soon() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let shown = address(&shop.choose(&id, "USDT_TRX").await.expect(200).json());
    let find = "/api/v1/customer-purse/transaction/find";
    shop.gateway
        .deposit_in(&shown, "USDT_TRX", "1", "confirmed")
        .await;
    shop.advance(60 * DAY);
    shop.proxy.watch_once().await.unwrap();
    let before = shop.gateway.calls(find).await;
    for _ in 0..(2 * 24 * 2) {
        shop.advance(HOUR / 2);
        shop.proxy.watch_once().await.unwrap();
    }
    let calls = shop.gateway.calls(find).await - before;
    assert!((1..=3).contains(&calls), "{calls} calls in two days");
    // Shown again, it is young again.
    shop.choose(&id, "USDT_TRX").await.expect(200);
    shop.gateway
        .deposit_in(&shown, "USDT_TRX", "2", "confirmed")
        .await;
    shop.advance(150);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.deposits, 2);
}

#[tokio::test]
async fn a_crowd_of_customers_is_read_in_turn_and_none_starves() {
    let shop = TestProxy::start().await;
    let find = "/api/v1/customer-purse/transaction/find";
    let mut addresses = Vec::new();
    for number in 0..90 {
        let body = DEPOSIT.replace("user-7", &format!("user-{number}"));
        let id = shop.made(&body).await;
        addresses.push(address(&shop.choose(&id, "LTC").await.expect(200).json()));
    }
    for shown in &addresses {
        shop.gateway.deposit(shown, "1", "confirmed").await;
    }
    shop.advance(3 * HOUR);
    let mut rounds = 0;
    while shop.books().await.deposits < 90 {
        let before = shop.gateway.calls(find).await;
        shop.proxy.watch_once().await.unwrap();
        let calls = shop.gateway.calls(find).await - before;
        assert!((1..=60).contains(&calls), "{calls} calls in a round");
        shop.advance(30);
        rounds += 1;
        assert!(
            rounds <= 4,
            "{} of 90 after {rounds} rounds",
            shop.books().await.deposits
        );
    }
}

#[tokio::test]
async fn a_customer_whose_list_fails_keeps_no_other_from_being_read() {
    let shop = TestProxy::start().await;
    let find = "/api/v1/customer-purse/transaction/find";
    for number in 0..12 {
        let body = DEPOSIT.replace("user-7", &format!("user-{number}"));
        let id = shop.made(&body).await;
        let shown = address(&shop.choose(&id, "LTC").await.expect(200).json());
        let amount = if number == 0 { "66.6" } else { "1" };
        shop.gateway.deposit(&shown, amount, "confirmed").await;
    }
    shop.gateway.rewrite(move |at, page| {
        if at == find && page.contains("66.6") {
            "<html>".to_owned()
        } else {
            page
        }
    });
    for _ in 0..5 {
        shop.advance(HOUR);
        shop.proxy.watch_once().await.unwrap();
    }
    assert_eq!(shop.books().await.deposits, 11);
    shop.gateway.honest();
    shop.advance(HOUR);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.deposits, 12);
}

#[tokio::test]
async fn a_top_up_that_has_ended_still_sees_money_in_every_currency_it_showed() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(3600);
    let body = TOPUP.replacen('{', &format!(r#"{{"expiresAt":"{expires}","#), 1);
    let id = shop.made(&body).await;
    let mut shown = Vec::new();
    for currency in ["USDT_TRX", "BTC", "ETH"] {
        shown.push(address(
            &shop.choose(&id, currency).await.expect(200).json(),
        ));
    }
    shop.advance(3 * DAY);
    assert_eq!(shop.show(&id).await["state"], "expired");
    for address in &shown {
        shop.gateway.deposit(address, "2", "confirmed").await;
    }
    shop.advance(DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.deposits, 3);
}

#[tokio::test]
async fn every_deposit_to_a_payment_is_recorded_once() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let shown = text(&invoice, "/address");
    for amount in ["1", "2.5"] {
        shop.gateway.deposit(shown, amount, "confirmed").await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        shop.show(&id).await;
    }
    assert_eq!(shop.books().await.deposits, 2);
    let told = shop.told(&id).await;
    let deposits = told["deposits"].as_array().unwrap().iter();
    let sums: Vec<&str> = deposits.map(|deposit| text(deposit, "/amount")).collect();
    assert_eq!(sums, ["1", "2.5"]);
}
