//! Every bad input has its own named error, and nothing is made or changed by it.

use crate::support::{MERCHANT_KEY, TestProxy};

/// A merchant's body with fields replaced or added: `price`, `description` and whatever else.
fn body(price: &str, rest: &str) -> String {
    format!(r#"{{"price":{price},"description":"Order 1001"{rest}}}"#)
}

const PRICE: &str = r#"{"amount":"25.00","currency":"EUR"}"#;

async fn nothing_was_made(shop: &TestProxy) {
    assert_eq!(
        (
            shop.books().await.checkouts,
            shop.books().await.idempotency_keys,
            shop.books().await.attempts()
        ),
        (0, 0, 0)
    );
    assert!(shop.gateway.invoices_made().await.is_empty());
}

#[tokio::test]
async fn fields_of_the_merchants_request() {
    let shop = TestProxy::start().await;
    let price = |amount: &str, currency: &str| {
        body(
            &format!(r#"{{"amount":"{amount}","currency":"{currency}"}}"#),
            "",
        )
    };
    let at = |seconds: i64| {
        body(
            PRICE,
            &format!(r#","expiresAt":"{}""#, shop.now().plus_seconds(seconds)),
        )
    };
    let long = "x".repeat(501);
    let table: Vec<(&str, String)> = vec![
        ("price_too_precise", price("25.001", "EUR")),
        ("price_too_precise", price("25.000", "USD")),
        ("price_not_positive", price("0", "EUR")),
        ("price_not_positive", price("0.00", "EUR")),
        ("price_not_positive", price("-25.00", "EUR")),
        ("price_not_positive", price("-0", "EUR")),
        ("price_malformed", price("", "EUR")),
        ("price_malformed", price("25,00", "EUR")),
        ("price_malformed", price("1e3", "EUR")),
        ("price_malformed", price(" 25", "EUR")),
        ("price_malformed", price("+25", "EUR")),
        ("price_malformed", price("025", "EUR")),
        ("price_malformed", price("\u{662}\u{665}", "EUR")),
        ("price_malformed", price("9999999999999", "EUR")),
        ("price_currency_unknown", price("25.00", "GBP")),
        ("price_currency_unknown", price("25.00", "eur")),
        ("price_currency_unknown", price("25.00", "USDT")),
        (
            "field_invalid",
            body(r#"{"amount":25.00,"currency":"EUR"}"#, ""),
        ),
        ("field_invalid", body(r#"{"amount":"25.00"}"#, "")),
        ("field_invalid", body(r#"{"currency":"EUR"}"#, "")),
        ("field_invalid", body(r#""25.00 EUR""#, "")),
        ("field_invalid", body("null", "")),
        ("field_invalid", format!(r#"{{"price":{PRICE}}}"#)),
        (
            "field_invalid",
            format!(r#"{{"price":{PRICE},"description":""}}"#),
        ),
        (
            "field_invalid",
            format!(r#"{{"price":{PRICE},"description":"a\u0000b"}}"#),
        ),
        (
            "field_invalid",
            format!(r#"{{"price":{PRICE},"description":"a\u202eb"}}"#),
        ),
        (
            "field_invalid",
            format!(r#"{{"price":{PRICE},"description":"{long}"}}"#),
        ),
        ("field_invalid", body(PRICE, r#","externalId":"""#)),
        ("field_invalid", body(PRICE, r#","currencies":[]"#)),
        ("field_invalid", body(PRICE, r#","currencies":"BTC""#)),
        ("field_invalid", body(PRICE, r#","currencies":["BTC",1]"#)),
        (
            "field_invalid",
            body(PRICE, r#","currencies":["BTC","BTC"]"#),
        ),
        ("field_invalid", body(PRICE, r#","expiresAt":"tomorrow""#)),
        (
            "field_invalid",
            body(PRICE, r#","expiresAt":"2026-11-21T08:25:00+01:00""#),
        ),
        ("field_invalid", body(PRICE, r#","expiresAt":1795250000"#)),
        (
            "currency_not_offered",
            body(PRICE, r#","currencies":["DOGE"]"#),
        ),
        (
            "currency_not_offered",
            body(PRICE, r#","currencies":["btc"]"#),
        ),
        (
            "field_unknown",
            body(PRICE, r#","expiersAt":"2030-01-01T00:00:00Z""#),
        ),
        (
            "field_unknown",
            body(r#"{"amount":"25.00","currency":"EUR","vat":"1"}"#, ""),
        ),
        ("field_unknown", body(PRICE, r#","product":"demo-order""#)),
        ("expiry_in_past", at(-1)),
        ("expiry_in_past", at(-86_400)),
        (
            "expiry_in_past",
            body(PRICE, r#","expiresAt":"1970-01-01T00:00:00Z""#),
        ),
        ("expiry_too_far", at(30 * 86_400 + 60)),
        (
            "expiry_too_far",
            body(PRICE, r#","expiresAt":"9999-12-31T23:59:59Z""#),
        ),
        (
            "url_invalid",
            body(PRICE, r#","returnUrl":"javascript:alert(1)""#),
        ),
        ("url_invalid", body(PRICE, r#","returnUrl":"/done""#)),
        (
            "url_invalid",
            body(PRICE, r#","supportUrl":"mailto:help@shop.example""#),
        ),
        (
            "url_invalid",
            body(PRICE, r#","logoUrl":"data:image/svg+xml,<svg/>""#),
        ),
        (
            "url_invalid",
            body(PRICE, r#","logoUrl":"https://user@shop.example/logo.png""#),
        ),
        (
            "duplicate_key",
            body(PRICE, r#","description":"Order 1002""#),
        ),
        (
            "duplicate_key",
            body(r#"{"amount":"25.00","amount":"0.01","currency":"EUR"}"#, ""),
        ),
        (
            "duplicate_key",
            body(PRICE, r#","descripti\u006fn":"Order 1002""#),
        ),
    ];
    for (number, (code, body)) in table.iter().enumerate() {
        let reply = shop.merchant(body, &format!("key-{number}")).await;
        assert_eq!(reply.code(), *code, "{body}");
    }
    nothing_was_made(&shop).await;
    // Not stored either: the same key works with a right body.
    shop.merchant(&body(PRICE, ""), "key-0").await.expect(201);
}

#[tokio::test]
async fn expiries_just_inside_are_taken() {
    let shop = TestProxy::start().await;
    for (key, seconds) in [("soon", 60), ("late", 30 * 86_400 - 60)] {
        let expires = shop.now().plus_seconds(seconds);
        let reply = shop
            .merchant(&body(PRICE, &format!(r#","expiresAt":"{expires}""#)), key)
            .await
            .expect(201);
        assert_eq!(reply.json()["expiresAt"], expires.to_string());
    }
}

#[tokio::test]
async fn bodies_that_are_not_what_was_asked_for() {
    let shop = TestProxy::start().await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let json = ("content-type", "application/json");
    let send = async |headers: &[(&str, &str)], body: &[u8]| {
        let mut all = vec![("authorization", bearer.as_str()), ("idempotency-key", "k")];
        all.extend_from_slice(headers);
        shop.request("POST", "/v1/checkouts", &all, Some(body))
            .await
            .code()
    };
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"nonsense",
        b"{}{}",
        b"{} trailing",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"{\"a\":\"\xc3\x28\"}",
        br#"{"a":"\ud800"}"#,
        b"{'a':1}",
        b"a=1&b=2",
        deep.as_bytes(),
    ];
    for body in bodies {
        assert_eq!(
            send(&[json], body).await,
            "body_not_json",
            "{:?}",
            String::from_utf8_lossy(&body[..body.len().min(30)])
        );
    }
    for body in ["[]", "null", "1", "\"text\"", "true"] {
        assert_eq!(
            send(&[json], body.as_bytes()).await,
            "field_invalid",
            "{body}"
        );
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "text/json",
        "",
    ] {
        assert_eq!(
            send(&[("content-type", kind)], b"{}").await,
            "content_type_not_json",
            "{kind}"
        );
    }
    assert_eq!(send(&[], b"{}").await, "content_type_not_json");
    assert_eq!(send(&[json, json], b"{}").await, "content_type_not_json");
    let large = format!(r#"{{"description":"{}"}}"#, "x".repeat(64 * 1024));
    assert_eq!(send(&[json], large.as_bytes()).await, "body_too_large");
    let gzipped = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    assert_eq!(
        send(&[json, ("content-encoding", "gzip")], &gzipped).await,
        "body_not_json"
    );
    nothing_was_made(&shop).await;
    // A different spelling of the same content type is fine, and so is a body of exactly the limit.
    let fitting = body(PRICE, "");
    let padded = format!("{fitting}{}", " ".repeat(64 * 1024 - fitting.len()));
    let all = [
        ("authorization", bearer.as_str()),
        ("idempotency-key", "k"),
        ("content-type", "Application/JSON; Charset=UTF-8"),
    ];
    shop.request("POST", "/v1/checkouts", &all, Some(padded.as_bytes()))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_a_page_must_not_say() {
    let shop = TestProxy::start().await;
    for (code, body) in [
        (
            "amount_not_accepted",
            r#"{"product":"demo-order","amount":"0.01"}"#,
        ),
        (
            "amount_not_accepted",
            r#"{"product":"demo-order","price":{"amount":"0.01","currency":"EUR"}}"#,
        ),
        (
            "amount_not_accepted",
            r#"{"product":"demo-order","price":null}"#,
        ),
        (
            "amount_not_accepted",
            r#"{"product":"demo-order","discount":"24.99"}"#,
        ),
        (
            "field_unknown",
            r#"{"product":"demo-order","currencies":["BTC"]}"#,
        ),
        (
            "field_unknown",
            r#"{"product":"demo-order","description":"Gold"}"#,
        ),
        (
            "field_unknown",
            r#"{"product":"demo-order","expiresAt":"2030-01-01T00:00:00Z"}"#,
        ),
        (
            "field_unknown",
            r#"{"product":"demo-order","currency":"BTC"}"#,
        ),
        ("order_tokens_not_configured", r#"{"order":"eyJ"}"#),
        ("unknown_product", r#"{"product":"demo-order2"}"#),
        ("unknown_product", r#"{"product":""}"#),
        ("unknown_product", r#"{"product":"Demo-Order"}"#),
        ("field_invalid", r#"{"product":1}"#),
        ("field_invalid", r#"{"product":null}"#),
        (
            "duplicate_key",
            r#"{"product":"gift-card","product":"demo-order"}"#,
        ),
    ] {
        assert_eq!(
            shop.post("/v1/checkouts", body, &[]).await.code(),
            code,
            "{body}"
        );
    }
    // From a page that names no product, a price is the page's; from anywhere else it is a merchant who forgot the key.
    let priced = body(PRICE, "");
    let from_page = shop
        .post(
            "/v1/checkouts",
            &priced,
            &[("origin", "https://shop.example")],
        )
        .await;
    assert_eq!(from_page.code(), "amount_not_accepted");
    assert_eq!(
        shop.post("/v1/checkouts", &priced, &[("idempotency-key", "k")])
            .await
            .code(),
        "merchant_key_missing"
    );
    nothing_was_made(&shop).await;
}

#[tokio::test]
async fn wrong_merchant_keys() {
    let shop = TestProxy::start().await;
    let (short, long) = (
        &MERCHANT_KEY[..MERCHANT_KEY.len() - 1],
        format!("{MERCHANT_KEY}x"),
    );
    let upper = MERCHANT_KEY.to_uppercase();
    for value in [
        "Bearer wrong".to_owned(),
        format!("Bearer {short}"),
        format!("Bearer {long}"),
        format!("Bearer {upper}"),
        format!("Bearer  {MERCHANT_KEY}"),
        format!("Basic {MERCHANT_KEY}"),
        MERCHANT_KEY.to_owned(),
        "Bearer".to_owned(),
        String::new(),
    ] {
        let reply = shop
            .post(
                "/v1/checkouts",
                &body(PRICE, ""),
                &[("authorization", &value), ("idempotency-key", "k")],
            )
            .await;
        assert_eq!(reply.code(), "merchant_key_wrong", "{value}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    let right = format!("Bearer {MERCHANT_KEY}");
    let twice = [
        ("authorization", right.as_str()),
        ("authorization", right.as_str()),
        ("idempotency-key", "k"),
    ];
    assert_eq!(
        shop.post("/v1/checkouts", &body(PRICE, ""), &twice)
            .await
            .code(),
        "merchant_key_wrong"
    );
    // A wrong key does not turn the merchant into a page.
    let reply = shop
        .post(
            "/v1/checkouts",
            r#"{"product":"demo-order"}"#,
            &[("authorization", "Bearer wrong")],
        )
        .await;
    assert_eq!(reply.code(), "merchant_key_wrong");
    nothing_was_made(&shop).await;
}

#[tokio::test]
async fn ids_and_currencies_that_are_not_there() {
    let shop = TestProxy::start().await;
    let unknown = "00000000-0000-4000-8000-000000000000";
    for id in [
        "1",
        "abc",
        "0D6C3F0E-0000-4000-8000-000000000000",
        "0d6c3f0e000040008000000000000000",
        "%00",
        "%ff",
        "..%2f..",
        "0d6c3f0e-0000-1000-8000-000000000000",
    ] {
        assert_eq!(
            shop.get(&format!("/v1/checkouts/{id}")).await.code(),
            "checkout_id_malformed",
            "{id}"
        );
        assert_eq!(
            shop.choose(id, "BTC").await.code(),
            "checkout_id_malformed",
            "{id}"
        );
    }
    assert_eq!(
        shop.get(&format!("/v1/checkouts/{unknown}")).await.code(),
        "checkout_not_found"
    );
    assert_eq!(
        shop.choose(unknown, "BTC").await.code(),
        "checkout_not_found"
    );
    nothing_was_made(&shop).await;

    let id = shop.checkout().await;
    let path = format!("/v1/checkouts/{id}/invoice");
    for (code, body) in [
        ("currency_not_offered", r#"{"currency":"DAI"}"#),
        ("currency_not_offered", r#"{"currency":"usdt_trx"}"#),
        ("currency_not_offered", r#"{"currency":""}"#),
        ("currency_not_offered", r#"{"currency":"EUR"}"#),
        ("field_invalid", r#"{"currency":null}"#),
        ("field_invalid", r"{}"),
        ("field_invalid", r#"{"currency":["BTC"]}"#),
        (
            "amount_not_accepted",
            r#"{"currency":"BTC","amount":"0.00000001"}"#,
        ),
        ("amount_not_accepted", r#"{"currency":"BTC","price":"1"}"#),
        ("field_unknown", r#"{"currency":"BTC","address":"x"}"#),
        ("duplicate_key", r#"{"currency":"BTC","currency":"ETH"}"#),
        ("body_not_json", "currency=BTC"),
    ] {
        assert_eq!(shop.post(&path, body, &[]).await.code(), code, "{body}");
    }
    let plain = shop
        .request(
            "POST",
            &path,
            &[("content-type", "text/plain")],
            Some(br#"{"currency":"BTC"}"#),
        )
        .await;
    assert_eq!(plain.code(), "content_type_not_json");
    // A product's own list is narrower than the proxy's.
    let card = shop
        .post("/v1/checkouts", r#"{"product":"gift-card"}"#, &[])
        .await
        .expect(201)
        .json();
    assert_eq!(
        shop.choose(card["id"].as_str().unwrap(), "USDT_TRX")
            .await
            .code(),
        "currency_not_offered"
    );
    assert_eq!(shop.books().await.attempts(), 0);
    assert!(shop.gateway.invoices_made().await.is_empty());
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let shop = TestProxy::start().await;
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v1/checkouts/",
        "//v1/checkouts",
        "/v2/checkouts",
        "/v1/checkouts/x/y/z",
        "/api/v1/invoice",
        "/assets/",
        "/.env",
        "/pay",
        "/v1/checkouts;x=1",
    ] {
        assert_eq!(shop.get(path).await.code(), "not_found", "{path}");
    }
    for (method, path, allow) in [
        ("DELETE", "/v1/checkouts", "POST,GET,HEAD"),
        ("POST", "/v1/checkouts/x/deposits", "GET,HEAD"),
        ("PUT", "/v1/checkouts/x", "GET,HEAD"),
        ("GET", "/v1/checkouts/x/invoice", "POST"),
        ("POST", "/calypso-pay.js", "GET,HEAD"),
        ("POST", "/pay/x", "GET,HEAD"),
        ("TRACE", "/v1/checkouts", "POST,GET,HEAD"),
    ] {
        let reply = shop.request(method, path, &[], None).await;
        assert_eq!(reply.code(), "method_not_allowed", "{method} {path}");
        assert_eq!(reply.header("allow"), allow, "{method} {path}");
    }
}
