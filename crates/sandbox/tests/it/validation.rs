//! Wrong payloads: 001, every wrong field named with its reason.

use crate::desk::Desk;

const CREATE: &str = "/api/v1/invoice/single-fiat/create";
const WIDGET: &str = "/api/v1/payment-widget/single-fiat/create";

/// A good payload with one field replaced, or left out when `value` is empty.
fn payload(currencies: (&str, &str), field: &str, value: &str) -> String {
    let good = [
        currencies,
        ("fiatAmount", "25.00"),
        ("fiatCurrency", "\"EUR\""),
        ("description", "\"Order 1\""),
    ];
    let mut fields: Vec<_> = good
        .into_iter()
        .filter(|(name, _)| *name != field)
        .collect();
    if !value.is_empty() {
        fields.push((field, value));
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

const UUID: &str = "must be a UUID";
const DATE: &str = "must be a date-time such as 2022-09-05T06:54:41.421Z";

#[tokio::test]
async fn each_wrong_field_of_an_invoice_is_named() {
    let desk = Desk::open().await;
    let table = [
        ("currency", "", "must not be null"),
        ("currency", "null", "must not be null"),
        ("currency", "17", "must be a string"),
        ("currency", "[\"BTC\"]", "must be a string"),
        ("currency", "\"DOGE\"", "Currency DOGE is not supported"),
        ("currency", "\"btc\"", "Currency btc is not supported"),
        ("fiatCurrency", "", "must not be null"),
        (
            "fiatCurrency",
            "\"GBP\"",
            "Currency GBP is not supported, must be one of EUR, USD",
        ),
        ("fiatAmount", "", "must not be null"),
        ("fiatAmount", "\"25.00\"", "must be a number"),
        ("fiatAmount", "true", "must be a number"),
        ("fiatAmount", "{}", "must be a number"),
        ("fiatAmount", "0", "must be greater than 0"),
        ("fiatAmount", "0.00", "must be greater than 0"),
        ("fiatAmount", "-1", "must be greater than 0"),
        (
            "fiatAmount",
            "25.001",
            "Scale incorrect. Must be less than or equal to 2",
        ),
        (
            "fiatAmount",
            "1e-3",
            "Scale incorrect. Must be less than or equal to 2",
        ),
        (
            "fiatAmount",
            "1000000000000.01",
            "must be less than or equal to 1000000000000",
        ),
        ("description", "", "must not be null"),
        ("description", "\"  \"", "must not be blank"),
        ("description", "5", "must be a string"),
        ("idempotencyKey", "\"\"", UUID),
        (
            "idempotencyKey",
            "\"e73ed7b1a941429e9d59315591bfeb68\"",
            UUID,
        ),
        (
            "idempotencyKey",
            "\"{e73ed7b1-a941-429e-9d59-315591bfeb6}\"",
            UUID,
        ),
        ("idempotencyKey", "7", "must be a string"),
        ("externalId", "7", "must be a string"),
        ("returnUrl", "{}", "must be a string"),
        ("expiration", "\"tomorrow\"", DATE),
        ("expiration", "\"2026-02-30T10:00Z\"", DATE),
        ("expiration", "1767610800000", "must be a string"),
        (
            "expiration",
            "\"2026-01-05T09:59:59.999\"",
            "must be in the future",
        ),
        (
            "expiration",
            "\"2026-01-05T10:00:00Z\"",
            "must be in the future",
        ),
        (
            "expiration",
            "\"2026-01-06T10:00:00Z\"",
            "must be less than 86400 seconds ahead",
        ),
    ];
    for (field, value, reason) in table {
        let payload = payload(("currency", "\"BTC\""), field, value);
        let message = desk.call(CREATE, &payload).await.refused("001");
        assert_eq!(message, format!("payload.{field}=[{reason}]"), "{payload}");
    }
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 0);
}

#[tokio::test]
async fn each_wrong_field_of_a_widget_is_named() {
    let desk = Desk::open().await;
    let table = [
        (
            "cryptoCurrencies",
            "cryptoCurrencies",
            "",
            "must not be null",
        ),
        (
            "cryptoCurrencies",
            "cryptoCurrencies",
            "[]",
            "must not be empty",
        ),
        (
            "cryptoCurrencies",
            "cryptoCurrencies",
            "\"BTC\"",
            "must be an array",
        ),
        (
            "cryptoCurrencies[1]",
            "cryptoCurrencies",
            "[\"BTC\",\"XXX\"]",
            "Currency XXX is not supported",
        ),
        (
            "cryptoCurrencies[0]",
            "cryptoCurrencies",
            "[null]",
            "must be a string",
        ),
        (
            "fiatAmount",
            "fiatAmount",
            "1.234",
            "Scale incorrect. Must be less than or equal to 2",
        ),
        (
            "fiatCurrency",
            "fiatCurrency",
            "\"BTC\"",
            "Currency BTC is not supported, must be one of EUR, USD",
        ),
        ("description", "description", "", "must not be null"),
        ("idempotencyKey", "idempotencyKey", "\"x\"", UUID),
        (
            "expiration",
            "expiration",
            "\"2026-02-04T10:00:00Z\"",
            "must be less than 2592000 seconds ahead",
        ),
    ];
    for (path, field, value, reason) in table {
        let payload = payload(("cryptoCurrencies", "[\"BTC\"]"), field, value);
        let message = desk.call(WIDGET, &payload).await.refused("001");
        assert_eq!(message, format!("payload.{path}=[{reason}]"), "{payload}");
    }
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let desk = Desk::open().await;
    let message = desk
        .call(CREATE, "{\"fiatAmount\":-1,\"fiatCurrency\":\"EUR\"}")
        .await
        .refused("001");
    let expected = "payload.currency=[must not be null], payload.fiatAmount=[must be greater than 0], \
        payload.description=[must not be null]";
    assert_eq!(message, expected);
}

#[tokio::test]
async fn a_payload_that_is_no_object_or_repeats_a_field_is_refused() {
    let desk = Desk::open().await;
    for (payload, start) in [
        ("null", "payload=[must not be null]"),
        ("[]", "payload=[must be an object]"),
        ("\"x\"", "payload=[must be an object]"),
        (
            "{\"currency\":\"BTC\",\"currency\":\"ETH\"}",
            "payload=[must be valid JSON: duplicate field `currency`",
        ),
        (
            "{\"returnUrl\":\"a\",\"return_url\":\"b\"}",
            "payload=[must be valid JSON: duplicate field `returnUrl`",
        ),
    ] {
        let message = desk.call(CREATE, payload).await.refused("001");
        assert!(message.starts_with(start), "{payload}: {message}");
    }
}

#[tokio::test]
async fn unknown_fields_and_other_spellings_are_taken() {
    let desk = Desk::open().await;
    let payload = "{\"currency\":{\"name\":\"USDC\",\"scale\":6},\"fiatAmount\":1e3,\"fiatCurrency\":\"EUR\",\
        \"description\":\"Order №1 \\\"x\\\"\",\"type\":\"SINGLE\",\"amount\":5,\"return_url\":\"https://shop.example/a\",\
        \"support_url\":\"https://shop.example/b\",\"logo_url\":\"https://shop.example/c\",\
        \"externalId\":\"order-1001\",\"expiration\":\"2026-01-05T12:30+01:00\"}";
    let invoice = desk.call(CREATE, payload).await.ok();
    assert_eq!(invoice["currency"], "USDC");
    assert_eq!(invoice["fiatAmount"].to_string(), "1000");
    assert_eq!(invoice["description"], "Order №1 \"x\"");
    assert_eq!(invoice["returnUrl"], "https://shop.example/a");
    assert_eq!(invoice["supportUrl"], "https://shop.example/b");
    assert_eq!(invoice["logoUrl"], "https://shop.example/c");
    assert_eq!(invoice["externalId"], "order-1001");
    assert_eq!(invoice["expiration"], "2026-01-05T11:30:00");
}

#[tokio::test]
async fn an_invoice_must_be_named_and_must_exist() {
    let desk = Desk::open().await;
    let get = "/api/v1/invoice";
    let message = desk.call(get, "{}").await.refused("001");
    assert_eq!(
        message,
        "payload=[one of id, idempotencyKey and externalId must not be null]"
    );
    assert_eq!(
        desk.call(get, "{\"id\":5}").await.refused("001"),
        "payload.id=[must be a string]"
    );
    assert_eq!(
        desk.call(get, "{\"idempotencyKey\":\"x\"}")
            .await
            .refused("001"),
        format!("payload.idempotencyKey=[{UUID}]")
    );
    for unknown in [
        "\"id\":\"x\"",
        "\"id\":\"d9732536-acdd-41bd-87c3-ec40aeeb6a37\"",
        "\"externalId\":\"order-1\"",
    ] {
        assert_eq!(
            desk.call(get, &format!("{{{unknown}}}"))
                .await
                .refused("004"),
            "Invoice is not found"
        );
    }
    let find = "/api/v1/payment-widget/single-fiat/find";
    assert_eq!(
        desk.call(find, "{}").await.refused("001"),
        "payload.requestId=[must not be null]"
    );
    let unknown = "{\"requestId\":\"d9732536-acdd-41bd-87c3-ec40aeeb6a37\"}";
    assert_eq!(
        desk.call(find, unknown).await.refused("004"),
        "Payment widget is not found"
    );
}
