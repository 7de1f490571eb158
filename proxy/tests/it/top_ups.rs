//! Top-ups: any amount, any number of times, every deposit listed once, the sum exact.

use serde_json::{Value, json};

use crate::support::receiving::{TOPUP, UNLIMITED, a_long_history_is_read, amounts, receiving};
use crate::support::{OFFERED, TestProxy, text};

const HISTORY: &str = "/api/v1/invoice/deposit-history";

#[tokio::test]
async fn a_top_up_lists_three_deposits_as_they_arrive() {
    let mut shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let first = shop.show(&id).await;
    assert_eq!(first["kind"], "topup");
    assert_eq!(first["state"], "choosing");
    for nothing in ["price", "invoice", "receiving"] {
        assert_eq!(first[nothing], Value::Null, "{nothing}");
        assert!(
            first.get(nothing).is_some(),
            "{nothing} is null, not absent"
        );
    }
    assert_eq!(first["currencies"].as_array().unwrap().len(), OFFERED.len());

    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(
        (&view["state"], &view["invoice"]),
        (&json!("awaiting"), &Value::Null)
    );
    let address = text(&view, "/receiving/address").to_owned();
    assert_eq!(view["receiving"]["uri"], format!("tron:{address}"));
    assert_eq!(view["receiving"]["received"], "0");
    assert_eq!(view["receiving"]["deposits"], json!([]));

    let mut sum = Vec::new();
    for (amount, received) in [
        ("0.1", "0.1"),
        ("0.2", "0.3"),
        ("1000000.000001", "1000000.300001"),
    ] {
        shop.gateway.deposit(&address, amount, "confirmed").await;
        shop.advance(10);
        sum.push(amount);
        // However often it is asked, by pages and by the watcher, each deposit counts once.
        for _ in 0..3 {
            shop.advance(700);
            shop.proxy.watch_once().await.unwrap();
            let seen = receiving(&shop, &id).await;
            assert_eq!(amounts(&seen), sum);
            assert_eq!(seen["received"], received);
        }
    }
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "awaiting", "it stays open");
    for deposit in view["receiving"]["deposits"].as_array().unwrap() {
        assert_eq!(deposit["state"], "confirmed");
        assert_eq!(deposit["currency"], "USDT_TRX");
        assert_eq!(text(deposit, "/transaction").len(), 64);
    }
    assert_eq!(shop.books().await.deposits, 3);
    shop.restarted().await;
    assert_eq!(shop.fresh(&id).await["receiving"], view["receiving"]);
    assert_eq!(shop.gateway.calls(UNLIMITED).await, 1);
}

#[tokio::test]
async fn a_top_up_takes_money_in_every_currency_picked() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let tron = shop.choose(&id, "USDT_TRX").await.expect(200).json()["receiving"].clone();
    let bitcoin = shop.choose(&id, "BTC").await.expect(200).json()["receiving"].clone();
    assert_eq!(bitcoin["currency"], "BTC");
    shop.gateway
        .deposit(text(&tron, "/address"), "5", "confirmed")
        .await;
    shop.gateway
        .deposit(text(&bitcoin, "/address"), "0.5", "confirmed")
        .await;
    let shown = receiving(&shop, &id).await;
    assert_eq!(
        (&shown["currency"], &shown["received"]),
        (&json!("BTC"), &json!("0.5"))
    );
    let back = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(back["receiving"]["address"], tron["address"]);
    assert_eq!(receiving(&shop, &id).await["received"], "5");
    assert_eq!(shop.gateway.calls(UNLIMITED).await, 2);
}

#[tokio::test]
async fn sixty_four_choices_and_a_lost_answer_make_one_top_up_invoice() {
    let shop = std::sync::Arc::new(TestProxy::hasty().await);
    let id = shop.made(TOPUP).await;
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (shop, id) = (std::sync::Arc::clone(&shop), id.clone());
            tokio::spawn(async move {
                shop.choose(&id, "ETH").await.expect(200).json()["receiving"].clone()
            })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(shop.gateway.calls(UNLIMITED).await, 1);

    shop.gateway.fault(UNLIMITED, "timeout_after", 1).await;
    shop.gateway.fault("/api/v1/invoice", "error500", 50).await;
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_unavailable");
    shop.gateway.no_faults().await;
    shop.choose(&id, "BTC").await.expect(200);
    let keys: std::collections::BTreeSet<String> = shop
        .gateway
        .requests()
        .await
        .iter()
        .filter(|request| request["path"] == UNLIMITED)
        .map(|request| text(&request["body"]["payload"], "/idempotencyKey").to_owned())
        .collect();
    assert_eq!(keys.len(), 2, "one key for each currency");
    assert_eq!(shop.books().await.invoices(), 2);
}

#[tokio::test]
async fn what_is_sent_for_a_top_up_names_no_amount_and_no_end() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(3600);
    let body = format!(
        r#"{{"kind":"topup","price":null,"description":"Größe 42","externalId":"user-7","expiresAt":"{expires}","returnUrl":"https://shop.example/done"}}"#
    );
    let id = shop.made(&body).await;
    shop.choose(&id, "ETH").await.expect(200);
    let requests = shop.gateway.requests().await;
    let sent = requests
        .iter()
        .find(|request| request["path"] == UNLIMITED)
        .unwrap();
    let mut payload = sent["body"]["payload"].clone();
    payload.as_object_mut().unwrap().remove("idempotencyKey");
    assert_eq!(
        payload,
        json!({"currency": "ETH", "description": "Größe 42", "externalId": "user-7", "returnUrl": "https://shop.example/done"})
    );
    shop.advance(3601);
    let view = shop.show(&id).await;
    assert_eq!(view["state"], "expired", "the checkout has closed");
    assert_eq!(shop.choose(&id, "BTC").await.code(), "checkout_closed");
}

#[tokio::test]
async fn a_top_up_is_open_for_months_until_the_gateway_archives_it() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    for month in 1..=5 {
        shop.advance(30 * 86_400);
        shop.gateway.deposit(&address, "1.5", "confirmed").await;
        let view = shop.fresh(&id).await;
        assert_eq!(view["state"], "awaiting");
        assert_eq!(amounts(&view["receiving"]).len(), month);
    }
    shop.advance(100 * 86_400);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "archived", "three months without a deposit");
    assert_eq!(view["receiving"]["received"], "7.5");
    assert_eq!(shop.choose(&id, "USDT_TRX").await.code(), "checkout_closed");
}

#[tokio::test]
async fn a_top_up_is_looked_after_when_nobody_looks() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let view = shop.choose(&id, "LTC").await.expect(200).json();
    shop.gateway
        .deposit(text(&view, "/receiving/address"), "3", "confirmed")
        .await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(
        shop.books().await.deposits,
        0,
        "not as often as a payment: it is open for a year"
    );
    shop.advance(600);
    assert_eq!(shop.proxy.watch_once().await.unwrap().read, 1);
    assert_eq!(shop.books().await.deposits, 1);
}

#[tokio::test]
async fn every_page_of_a_long_history_of_a_top_up_is_read() {
    a_long_history_is_read(TOPUP, HISTORY).await;
}

#[tokio::test]
async fn the_hosted_page_shows_a_top_up() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let page = shop.get(&format!("/pay/{id}")).await.expect(200).text();
    assert!(page.contains(&id) && !page.contains("user-7"), "{page}");
}
