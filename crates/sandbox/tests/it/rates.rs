//! Rates: what the gateway quotes, how it moves, and how it is fixed.

use checkout::{Amount, CURRENCIES};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk, START};

async fn quote(desk: &Desk, from: &str, to: &str) -> Value {
    let payload = format!("{{\"fromCurrencies\":[\"{from}\"],\"toCurrencies\":[\"{to}\"]}}");
    ask(desk, "/api/v1/rate", &payload).await.ok()["currencyRates"][0]["rates"].clone()
}

/// The rate calls name no account.
async fn ask(desk: &Desk, path: &str, payload: &str) -> Answer {
    desk.send_signed(
        path,
        &format!("{{\"timestamp\":{START},\"payload\":{payload}}}"),
    )
    .await
}

#[tokio::test]
async fn every_currency_has_a_price_in_the_documented_shape() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        let payload = format!(
            "{{\"fromCurrencies\":[\"{}\"],\"toCurrencies\":[\"EUR\",\"USD\"]}}",
            currency.code
        );
        let rates = ask(&desk, "/api/v1/rate", &payload).await.ok();
        for (place, fiat) in ["EUR", "USD"].iter().enumerate() {
            let rate = &rates["currencyRates"][place];
            assert_eq!(
                (&rate["fromCurrency"], &rate["toCurrency"]),
                (&json!(currency.code), &json!(fiat))
            );
            assert_eq!(rate["ratesDate"], "2026-01-05T10:00:00Z");
            assert!(!Amount::parse(&rate["rates"].to_string()).unwrap().is_zero());
        }
    }
}

#[tokio::test]
async fn fiat_rates_nest_from_then_to() {
    let desk = Desk::open().await;
    let rates = ask(
        &desk,
        "/api/v1/rate/fiat",
        "{\"from\":[\"EUR\"],\"to\":[\"USD\",\"EUR\"]}",
    )
    .await;
    assert_eq!(
        rates.text,
        "{\"ratesMap\":{\"EUR\":{\"EUR\":1,\"USD\":1.15}}}"
    );
    let message = ask(
        &desk,
        "/api/v1/rate/fiat",
        "{\"from\":[\"BTC\"],\"to\":[\"EUR\"]}",
    )
    .await
    .refused("001");
    assert_eq!(message, "payload.from[0]=[Currency BTC is not supported]");
}

#[tokio::test]
async fn wrong_questions_are_refused() {
    let desk = Desk::open().await;
    for (payload, message) in [
        (
            "{}",
            "payload.fromCurrencies=[must not be null], payload.toCurrencies=[must not be null]",
        ),
        (
            "{\"fromCurrencies\":[],\"toCurrencies\":[\"EUR\"]}",
            "payload.fromCurrencies=[must not be empty]",
        ),
        (
            "{\"fromCurrencies\":[\"X\"],\"toCurrencies\":[\"EUR\"]}",
            "payload.fromCurrencies[0]=[Currency X is not supported]",
        ),
        (
            "{\"fromCurrencies\":[\"BTC\"],\"toCurrencies\":\"EUR\"}",
            "payload.toCurrencies=[must be an array]",
        ),
    ] {
        assert_eq!(
            ask(&desk, "/api/v1/rate", payload).await.refused("001"),
            message
        );
    }
}

#[tokio::test]
async fn they_move_with_virtual_time_within_bounds() {
    let desk = Desk::open().await;
    let parse = |value: Value| Amount::parse(&value.to_string()).unwrap();
    let mut seen = Vec::new();
    for _ in 0..200 {
        let rate = parse(quote(&desk, "BTC", "USD").await);
        let (low, high) = (
            Amount::parse("85536").unwrap(),
            Amount::parse("87264").unwrap(),
        );
        assert!(low <= rate && rate <= high, "{rate}");
        seen.push(rate);
        desk.advance(900).await;
    }
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(seen.windows(5).all(|pair| pair[0] != pair[4]));
}

#[tokio::test]
async fn a_fixed_rate_holds_until_it_is_freed() {
    let desk = Desk::open().await;
    let moving = quote(&desk, "BTC", "EUR").await;
    let fixed = desk
        .control(
            "rates",
            &json!({ "fromCurrency": "BTC", "toCurrency": "EUR", "rate": "61000.5" }),
        )
        .await
        .ok();
    assert_eq!(
        fixed,
        json!({ "fromCurrency": "BTC", "toCurrency": "EUR", "rate": "61000.5" })
    );
    assert_eq!(quote(&desk, "BTC", "EUR").await.to_string(), "61000.5");
    desk.advance(3600).await;
    assert_eq!(quote(&desk, "BTC", "EUR").await.to_string(), "61000.5");
    // The other way round it is its inverse.
    desk.rate("BTC", "EUR", "50000").await;
    assert_eq!(quote(&desk, "EUR", "BTC").await.to_string(), "0.00002");
    desk.rate("EUR", "BTC", "0.00004").await;
    assert_eq!(quote(&desk, "BTC", "EUR").await.to_string(), "25000");
    desk.client
        .delete(format!("{}/sandbox/v1/rates", desk.base))
        .send()
        .await
        .unwrap();
    let freed = quote(&desk, "BTC", "EUR").await;
    assert_ne!(freed, moving);
    assert_ne!(freed.to_string(), "25000");
}

#[tokio::test]
async fn a_rate_may_come_as_a_number() {
    let desk = Desk::open().await;
    let url = format!("{}/sandbox/v1/rates", desk.base);
    let body = "{\"fromCurrency\":\"ETH\",\"toCurrency\":\"USD\",\"rate\":2500.10}";
    let answer = desk
        .client
        .post(url)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.text().await.unwrap(),
        "{\"fromCurrency\":\"ETH\",\"toCurrency\":\"USD\",\"rate\":\"2500.10\"}"
    );
}

#[tokio::test]
async fn wrong_rates_are_refused() {
    let desk = Desk::open().await;
    for (from, to, rate, code) in [
        ("XXX", "EUR", json!("1"), "currency_unknown"),
        ("BTC", "GBP", json!("1"), "currency_unknown"),
        ("BTC", "BTC", json!("1"), "currency_same"),
        ("BTC", "EUR", json!("0"), "rate_zero"),
        ("BTC", "EUR", json!("-1"), "field_invalid"),
        ("BTC", "EUR", json!("1e3"), "field_invalid"),
        ("BTC", "EUR", json!(true), "field_invalid"),
        ("BTC", "EUR", json!("0.12345678901"), "rate_out_of_range"),
        ("BTC", "EUR", json!("1000000000000"), "rate_out_of_range"),
    ] {
        let body = json!({ "fromCurrency": from, "toCurrency": to, "rate": rate });
        desk.control("rates", &body).await.denied(400, code);
    }
    assert_eq!(
        desk.read("/sandbox/v1/rates").await.ok(),
        json!({ "rates": [] })
    );
}

#[tokio::test]
async fn the_smallest_and_largest_rates_still_make_an_invoice() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        for rate in ["0.0000000001", "999999999999"] {
            desk.rate(currency.code, "EUR", rate).await;
            let invoice = desk.invoice(currency.code).await;
            let amount = Amount::from_json_number(&invoice["amount"].to_string()).unwrap();
            assert!(!amount.is_zero(), "{} at {rate}", currency.code);
        }
    }
}
