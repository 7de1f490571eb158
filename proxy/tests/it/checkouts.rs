//! Making and showing checkouts: what is asked for is what is shown.

use crate::support::receiving::{TOPUP, UNLIMITED};
use crate::support::{OFFERED, TestProxy, text};

#[tokio::test]
async fn the_merchants_checkout_is_shown_as_it_was_made() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(3600);
    let body = format!(
        r#"{{"price":{{"amount":"19.90","currency":"USD"}},"description":"Größe 42 – <b>","currencies":["BTC","USDT_TRX"],"externalId":"order-1001",
            "expiresAt":"{expires}","returnUrl":"https://shop.example/done?x=1&y=2","supportUrl":"https://shop.example/help","logoUrl":null}}"#
    );
    let made = shop.merchant(&body, "k1").await.expect(201);
    assert_eq!(made.header("content-type"), "application/json");
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let id = text(&made, "/id").to_owned();
    assert_eq!(made["url"], format!("https://pay.shop.example/pay/{id}"));
    assert_eq!(made["state"], "choosing");
    assert_eq!(
        made["price"],
        serde_json::json!({"amount": "19.90", "currency": "USD"})
    );
    assert_eq!(made["description"], "Größe 42 – <b>");
    assert_eq!(made["expiresAt"], expires.to_string());
    assert_eq!(made["returnUrl"], "https://shop.example/done?x=1&y=2");
    assert_eq!(made["logoUrl"], serde_json::Value::Null);
    assert_eq!(made["invoice"], serde_json::Value::Null);
    let codes: Vec<&str> = made["currencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|currency| text(currency, "/code"))
        .collect();
    assert_eq!(codes, ["BTC", "USDT_TRX"], "in the merchant's order");
    assert!(made["externalId"].is_string(), "the merchant's own");

    let mut shown = shop.show(&id).await;
    assert!(
        shown.get("externalId").is_none(),
        "the merchant's own id is not the buyer's business"
    );
    for key in ["now", "url"] {
        shown.as_object_mut().unwrap().remove(key);
    }
    let mut made = made;
    for key in ["now", "url", "externalId"] {
        made.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(shown, made);
}

#[tokio::test]
async fn a_page_makes_one_from_the_price_list() {
    let shop = TestProxy::start().await;
    let made = shop
        .post(
            "/v1/checkouts",
            r#"{"product":"demo-order"}"#,
            &[("origin", "https://shop.example")],
        )
        .await
        .expect(201)
        .json();
    assert_eq!(
        made["price"],
        serde_json::json!({"amount": "25.00", "currency": "EUR"})
    );
    assert_eq!(made["description"], "Order 1001");
    assert_eq!(made["currencies"].as_array().unwrap().len(), OFFERED.len());
    let life = checkout::Timestamp::parse(text(&made, "/expiresAt"))
        .unwrap()
        .millis_since(checkout::Timestamp::parse(text(&made, "/now")).unwrap());
    assert!(
        (86_340_000..=86_400_000).contains(&life),
        "one day, not {life}"
    );
}

#[tokio::test]
async fn estimates_come_from_one_call_a_minute_and_are_absent_when_the_gateway_is() {
    let shop = TestProxy::start().await;
    shop.gateway.rate("USDT_TRX", "EUR", "0.9153").await;
    let id = shop.checkout().await;
    for _ in 0..5 {
        let shown = shop.show(&id).await;
        assert_eq!(
            text(&shown, "/currencies/0/estimate"),
            "27.32",
            "25.00 / 0.9153, rounded up"
        );
    }
    assert_eq!(shop.gateway.calls("/api/v1/rate").await, 1);
    shop.wait(60_000);
    shop.show(&id).await;
    shop.show(&id).await;
    assert_eq!(shop.gateway.calls("/api/v1/rate").await, 2);

    let mut silent = TestProxy::start().await;
    silent.gateway.stop().await;
    let id = silent.checkout().await;
    let shown = silent.show(&id).await;
    assert!(
        shown["currencies"]
            .as_array()
            .unwrap()
            .iter()
            .all(|currency| currency["estimate"].is_null())
    );
}

#[tokio::test]
async fn ids_are_unlike_each_other() {
    let shop = TestProxy::start().await;
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(shop.checkout().await);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    assert!(
        ids.iter()
            .all(|id| uuid::Uuid::parse_str(id).unwrap().get_version_num() == 4)
    );
}

#[tokio::test]
async fn the_shops_links_reach_the_buyer_of_a_product() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    let written = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"https://pay.shop.example\"\ndatabase = \"proxy.sqlite3\"\n\
         return_url = \"https://shop.example/thanks\"\nsupport_url = \"https://shop.example/help\"\n\
         [gateway]\nbase_url = \"http://127.0.0.1:9\"\naccount = \"{}\"\nkey = \"k\"\n\
         [[products]]\nkey = \"beans\"\nprice = \"25.00\"\ncurrency = \"EUR\"\ndescription = \"Beans\"\n\
         support_url = \"https://shop.example/beans\"\nlogo_url = \"https://shop.example/beans.svg\"\n",
        crate::support::ACCOUNT
    );
    std::fs::write(&path, written).unwrap();
    let secrets = [
        ("CALYPSO_PROXY_MERCHANT_KEY", "0123456789abcdef"),
        ("CALYPSO_PROXY_GATEWAY__SECRET", "s3cret"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let read = calypso_proxy::Config::load_with(&path, secrets).unwrap();
    let shop = TestProxy::with(|config| {
        config.shops[0].links = read.shops[0].links.clone();
        config.shops[0].products = read.shops[0].products.clone();
    })
    .await;
    let made = shop
        .post("/v1/checkouts", r#"{"product":"beans"}"#, &[])
        .await
        .expect(201)
        .json();
    for (field, expected) in [
        ("/returnUrl", "https://shop.example/thanks"),
        ("/supportUrl", "https://shop.example/beans"),
        ("/logoUrl", "https://shop.example/beans.svg"),
    ] {
        assert_eq!(text(&made, field), expected);
    }
    // The gateway gets them with the invoice, and a page cannot set them.
    let id = text(&made, "/id").to_owned();
    shop.choose(&id, "BTC").await.expect(200);
    let requests = shop.gateway.requests().await;
    let create = requests
        .iter()
        .find(|request| request["path"] == crate::support::CREATE)
        .unwrap();
    assert_eq!(
        text(create, "/body/payload/returnUrl"),
        "https://shop.example/thanks"
    );
    let refused = shop
        .post(
            "/v1/checkouts",
            r#"{"product":"beans","returnUrl":"https://evil.example"}"#,
            &[],
        )
        .await;
    assert_eq!(refused.code(), "field_unknown");
}

#[tokio::test]
async fn a_payment_says_nothing_of_kinds() {
    let shop = TestProxy::start().await;
    let plain = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let named = plain.replacen('{', r#"{"kind":"payment","customer":null,"#, 1);
    for (key, body) in [("plain", plain), ("named", &named)] {
        let made = shop.merchant(body, key).await.expect(201).json();
        let mut keys: Vec<&str> = made
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        let expected = [
            "attestation",
            "currencies",
            "description",
            "expiresAt",
            "externalId",
            "id",
            "invoice",
            "logoUrl",
            "now",
            "pollAfterMs",
            "price",
            "returnUrl",
            "state",
            "supportUrl",
            "url",
        ];
        assert_eq!(keys, expected, "{key}");
        let view = shop
            .choose(text(&made, "/id"), "BTC")
            .await
            .expect(200)
            .json();
        assert!(view.get("kind").is_none() && view.get("receiving").is_none());
        assert!(view["invoice"].is_object());
    }
    assert_eq!(shop.gateway.calls(UNLIMITED).await, 0);
}

#[tokio::test]
async fn what_does_not_fit_its_kind_is_refused_by_name() {
    let shop = TestProxy::start().await;
    let price = r#""price":{"amount":"1","currency":"EUR"}"#;
    let long = "x".repeat(129);
    let table = [
        (format!(r#""kind":"topup",{price}"#), "price_not_accepted"),
        (
            r#""kind":"topup","amount":"5""#.to_owned(),
            "price_not_accepted",
        ),
        (
            r#""kind":"topup","customer":"user-7""#.to_owned(),
            "customer_not_accepted",
        ),
        (
            format!(r#""kind":"deposit","customer":"user-7",{price}"#),
            "price_not_accepted",
        ),
        (r#""kind":"deposit""#.to_owned(), "customer_missing"),
        (
            r#""kind":"deposit","customer":null"#.to_owned(),
            "customer_missing",
        ),
        (
            r#""kind":"deposit","customer":"""#.to_owned(),
            "customer_malformed",
        ),
        (
            r#""kind":"deposit","customer":" ""#.to_owned(),
            "customer_malformed",
        ),
        (
            r#""kind":"deposit","customer":7"#.to_owned(),
            "customer_malformed",
        ),
        (
            r#""kind":"deposit","customer":"a\u0007b""#.to_owned(),
            "customer_malformed",
        ),
        (
            r#""kind":"deposit","customer":"a\u202eb""#.to_owned(),
            "customer_malformed",
        ),
        (
            format!(r#""kind":"deposit","customer":"{long}""#),
            "customer_malformed",
        ),
        (
            format!(r#""customer":"user-7",{price}"#),
            "customer_not_accepted",
        ),
        (
            format!(r#""kind":"payment","customer":"user-7",{price}"#),
            "customer_not_accepted",
        ),
        (r#""kind":"payment""#.to_owned(), "field_invalid"),
        (format!(r#""kind":"subscription",{price}"#), "kind_unknown"),
        (r#""kind":"TOPUP""#.to_owned(), "kind_unknown"),
        (r#""kind":"""#.to_owned(), "kind_unknown"),
        (r#""kind":3"#.to_owned(), "field_invalid"),
        (
            r#""kind":"topup","kind":"payment""#.to_owned(),
            "duplicate_key",
        ),
        (
            r#""kind":"topup","product":"demo-order""#.to_owned(),
            "field_unknown",
        ),
    ];
    for (place, (fields, code)) in table.iter().enumerate() {
        let reply = shop
            .merchant(
                &format!(r#"{{"description":"x",{fields}}}"#),
                &place.to_string(),
            )
            .await;
        assert_eq!(reply.code(), *code, "{fields}");
    }
    assert_eq!(shop.books().await.checkouts, 0);
    // A page sells what is on the price list, and that is a payment.
    for body in [
        r#"{"product":"demo-order","kind":"topup"}"#,
        r#"{"product":"demo-order","customer":"user-7"}"#,
    ] {
        let reply = shop.post("/v1/checkouts", body, &[]).await;
        assert_eq!(reply.code(), "field_unknown", "{body}");
    }
    let reply = shop.post("/v1/checkouts", TOPUP, &[]).await;
    assert_eq!(reply.code(), "merchant_key_missing");
}
