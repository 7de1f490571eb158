//! `POST /v1/checkouts`: everything that is refused, to the merchant's server and to a page.

use super::make;
use super::shop::{PAYMENT, PLAIN, PRODUCT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::order_token::{ORDER_KEY, signed, with_order_tokens};
use crate::support::{MERCHANT_KEY, Reply, SHOP, behind_a_proxy};

const PATH: &str = "/v1/checkouts";
/// Enough for every limit.
const MANY: usize = 1_000;

/// A payment with other fields beside its price.
fn payment(fields: &str) -> String {
    format!(
        r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"Order 1001"{fields}}}"#
    )
}

fn priced(amount: &str, currency: &str) -> String {
    format!(
        r#"{{"price":{{"amount":"{amount}","currency":"{currency}"}},"description":"Order 1001"}}"#
    )
}

#[rustfmt::skip]
fn wrong_orders() -> Vec<(&'static str, &'static str, String)> {
    let customer = "x".repeat(129);
    let too_large = payment(&format!(r#","externalId":"{}""#, "x".repeat(65_536)));
    vec![
        ("body_not_json", "no JSON", "{\"price\"".to_owned()),
        ("field_invalid", "a list", "[]".to_owned()),
        ("body_too_large", "64 KiB and more", too_large),
        ("duplicate_key", "a key twice", payment(r#","description":"another""#)),
        ("field_invalid", "no description", r#"{"price":{"amount":"25.00","currency":"EUR"}}"#.to_owned()),
        ("field_invalid", "a number for a text", payment(r#","externalId":7"#)),
        ("field_invalid", "an expiry that is no time", payment(r#","expiresAt":"tomorrow""#)),
        ("field_unknown", "a misspelt field", payment(r#","expireAt":"2026-05-05T12:00:00Z""#)),
        ("kind_unknown", "a kind of its own", r#"{"kind":"gift","description":"Order 1001"}"#.to_owned()),
        ("price_malformed", "a comma", priced("25,00", "EUR")),
        ("price_not_positive", "nothing to pay", priced("0.00", "EUR")),
        ("price_too_precise", "a tenth of a cent", priced("25.001", "EUR")),
        ("price_currency_unknown", "pounds", priced("25.00", "GBP")),
        ("price_not_accepted", "a top-up with a price", r#"{"kind":"topup","price":{"amount":"1","currency":"EUR"},"description":"d"}"#.to_owned()),
        ("customer_missing", "a deposit of nobody", r#"{"kind":"deposit","description":"d"}"#.to_owned()),
        ("customer_malformed", "a customer of 129 characters", format!(r#"{{"kind":"deposit","customer":"{customer}","description":"d"}}"#)),
        ("customer_not_accepted", "a payment with a customer", payment(r#","customer":"customer-7""#)),
        ("currency_not_offered", "a currency that there is not", payment(r#","currencies":["GOLD"]"#)),
        ("field_invalid", "no currency", payment(r#","currencies":[]"#)),
        ("expiry_in_past", "now", payment(r#","expiresAt":"2026-05-04T12:00:00Z""#)),
        ("expiry_too_far", "31 days ahead", payment(r#","expiresAt":"2026-06-04T12:00:00Z""#)),
        ("url_invalid", "a script for a link", payment(r#","returnUrl":"javascript:alert(1)""#)),
    ]
}

#[tokio::test]
async fn the_merchants_server_makes_checkouts() {
    let shop = Shop::open().await;
    shop.priced(PAYMENT).await;
    shop.priced(PLAIN).await;
    let mut said = Transcript::of("POST", PATH, Who::Merchant);
    make::by_the_merchant(&mut said, &shop).await;

    let bearer = format!("Bearer {MERCHANT_KEY}");
    let (key, json) = (
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    );
    let post = async |headers: &[(&str, &str)]| {
        shop.request("POST", PATH, headers, Some(PAYMENT.as_bytes()))
            .await
    };
    for (code, case, headers) in [
        ("merchant_key_missing", "a price without a key", &[json][..]),
        (
            "merchant_key_wrong",
            "another key",
            &[json, ("authorization", "Bearer nobody")],
        ),
        (
            "idempotency_key_missing",
            "no key for the order",
            &[json, key],
        ),
        (
            "idempotency_key_malformed",
            "an empty one",
            &[json, key, ("idempotency-key", "")],
        ),
        (
            "idempotency_key_reused",
            "that of another order",
            &[json, key, ("idempotency-key", "order-1002")],
        ),
        (
            "content_type_not_json",
            "no content type",
            &[key, ("idempotency-key", "a")],
        ),
    ] {
        said.refused(case, code, &post(headers).await);
    }
    for (code, case, body) in wrong_orders() {
        said.refused(case, code, &shop.merchant(&body, "wrong").await);
    }
    said.refused_everywhere(&shop, PATH).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.merchant(PAYMENT, "new").await,
    );
    said.compare();
}

#[tokio::test]
async fn a_page_makes_checkouts_of_products() {
    let shop = Shop::with(behind_a_proxy).await;
    shop.priced(PAYMENT).await;
    let mut said = Transcript::of("POST", PATH, Who::Page);
    make::by_a_page(&mut said, &shop).await;

    let key = ("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324");
    for (code, case, headers, body) in [
        (
            "merchant_key_missing",
            "a server that forgot its key",
            &[][..],
            PAYMENT,
        ),
        (
            "amount_not_accepted",
            "a price",
            &[("origin", SHOP)],
            PAYMENT,
        ),
        (
            "amount_not_accepted",
            "an amount beside the product",
            &[("origin", SHOP)],
            r#"{"product":"demo-order","amount":"1"}"#,
        ),
        (
            "unknown_product",
            "a product that there is not",
            &[("origin", SHOP)],
            r#"{"product":"moon"}"#,
        ),
        ("field_invalid", "nothing", &[("origin", SHOP)], "{}"),
        (
            "field_unknown",
            "a field too many",
            &[("origin", SHOP)],
            r#"{"product":"demo-order","currencies":["BTC"]}"#,
        ),
        (
            "order_tokens_not_configured",
            "a signed order",
            &[("origin", SHOP)],
            r#"{"order":"e30.e30.e30"}"#,
        ),
        (
            "idempotency_key_malformed",
            "an empty key",
            &[("origin", SHOP), ("idempotency-key", "")],
            PRODUCT,
        ),
        (
            "idempotency_key_reused",
            "another body",
            &[("origin", SHOP), key],
            r#"{ "product":"demo-order"}"#,
        ),
        (
            "body_not_json",
            "no JSON",
            &[("origin", SHOP)],
            "product=demo-order",
        ),
        (
            "duplicate_key",
            "two products",
            &[("origin", SHOP)],
            r#"{"product":"demo-order","product":"gift-card"}"#,
        ),
    ] {
        said.refused(case, code, &shop.post(PATH, body, headers).await);
    }
    signed_orders(&mut said).await;
    let plain = shop
        .request("POST", PATH, &[("origin", SHOP)], Some(PRODUCT.as_bytes()))
        .await;
    said.refused("no content type", "content_type_not_json", &plain);
    let long = format!(r#"{{"product":"{}"}}"#, "x".repeat(65_536));
    said.refused(
        "64 KiB and more",
        "body_too_large",
        &shop.post(PATH, &long, &[("origin", SHOP)]).await,
    );
    said.refused(
        "too many of one network",
        "rate_limited",
        &one_too_many(&shop).await,
    );
    said.refused_everywhere(&shop, PATH).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.post(PATH, PRODUCT, &[]).await,
    );
    said.compare();
}

/// What is said to tokens that are none, not of this store, over, or of an order at another price.
async fn signed_orders(said: &mut Transcript) {
    let shop = Shop::with(with_order_tokens).await;
    let good = shop.order_claims("order-1001", 600);
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(&claims, ORDER_KEY)
    };
    let show = async |token: &str| {
        let body = serde_json::json!({ "order": token }).to_string();
        shop.post(PATH, &body, &[("origin", SHOP)]).await
    };
    show(&signed(&good, ORDER_KEY)).await.expect(201);
    for (code, case, token) in [
        (
            "order_token_malformed",
            "an amount that is a number",
            with("amount", 25.into()),
        ),
        (
            "order_token_malformed",
            "a claim that there is not",
            with("aud", "garden".into()),
        ),
        (
            "order_token_wrong",
            "another key",
            signed(&good, "another-key-that-nobody-has-configured"),
        ),
        (
            "order_token_wrong",
            "another store's token",
            with("store", "garden".into()),
        ),
        (
            "order_changed",
            "another price",
            with("amount", "24.00".into()),
        ),
    ] {
        said.refused(case, code, &show(&token).await);
    }
    let over = signed(&shop.order_claims("order-1002", -1), ORDER_KEY);
    said.refused(
        "a token that is over",
        "order_token_expired",
        &show(&over).await,
    );
}

/// The first answer to a network that is no checkout.
async fn one_too_many(shop: &Shop) -> Reply {
    for _ in 0..MANY {
        let reply = shop
            .post(PATH, PRODUCT, &[("x-forwarded-for", "203.0.113.7")])
            .await;
        if reply.status != 201 {
            return reply;
        }
    }
    panic!("one network makes {MANY} checkouts");
}
