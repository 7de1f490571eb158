//! What the merchant's server is told beyond what the buyer sees, and that nobody else is told it.

use checkout::Timestamp;
use serde_json::{Value, json};

use crate::support::{MERCHANT_KEY, Reply, SHOP, TestProxy, text};

const PAYMENT: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"order-1001"}"#;
const DEPOSIT: &str = r#"{"kind":"deposit","customer":"user-7","description":"Your address"}"#;
const FIND: &str = "/api/v1/customer-purse/transaction/find";

fn path(id: &str) -> String {
    format!("/v1/checkouts/{id}")
}

async fn told(shop: &TestProxy, id: &str) -> Value {
    shop.wait(60_000);
    shop.as_merchant(&path(id)).await.expect(200).json()
}

/// Pays an invoice of a checkout in full; its address.
async fn paid(shop: &TestProxy, id: &str, currency: &str) -> String {
    let view = shop.choose(id, currency).await.expect(200).json();
    let (address, amount) = (
        text(&view, "/invoice/address"),
        text(&view, "/invoice/amount"),
    );
    shop.gateway.deposit(address, amount, "confirmed").await;
    address.to_owned()
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn the_merchant_sees_fee_and_net_of_every_invoice() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let waiting = shop.choose(&id, "BTC").await.expect(200).json();
    let before = told(&shop, &id).await;
    let btc = &before["merchant"]["invoices"][0];
    assert_eq!(
        (&btc["fee"], &btc["net"], &btc["received"]),
        (&Value::Null, &Value::Null, &json!("0"))
    );
    assert_eq!(btc["address"], waiting["invoice"]["address"]);
    let address = paid(&shop, &id, "USDT_TRX").await;
    shop.advance(10);
    let view = told(&shop, &id).await;
    assert_eq!(
        (&view["state"], &view["externalId"]),
        (&json!("completed"), &json!("order-1001"))
    );
    let invoices = view["merchant"]["invoices"].as_array().unwrap();
    assert_eq!(invoices.len(), 2);
    let usdt = &invoices[1];
    assert_eq!(
        (&usdt["currency"], &usdt["state"], &usdt["status"]),
        (&json!("USDT_TRX"), &json!("completed"), &json!("COMPLETED"))
    );
    assert_eq!(usdt["address"], address);
    let exact = |pointer: &str| checkout::Amount::parse(text(usdt, pointer)).unwrap();
    assert!(!exact("/fee").is_zero());
    assert_eq!(
        exact("/net").checked_add(exact("/fee")).unwrap(),
        exact("/received")
    );
    // The gateway's own page for each invoice.
    let key = text(usdt, "/idempotencyKey");
    assert_eq!(
        usdt["hostedUrl"],
        format!("https://pay.gateway.example/invoice/{key}")
    );
    let request = shop.gateway.requests().await;
    assert!(
        request
            .iter()
            .any(|request| request["body"]["payload"]["idempotencyKey"] == key)
    );
    let deposits = view["merchant"]["deposits"].as_array().unwrap();
    assert_eq!(deposits.len(), 1);
    assert_eq!(
        (
            &deposits[0]["invoice"],
            &deposits[0]["late"],
            &deposits[0]["flags"]
        ),
        (&json!(key), &json!(false), &json!([]))
    );
    assert!(deposits[0]["from"].is_string() && deposits[0]["transaction"].is_string());
    let total = json!({"currency": "USDT_TRX", "received": usdt["received"], "pending": "0"});
    assert_eq!(view["merchant"]["totals"], json!([total]));
    assert_eq!(
        text(&view, "/url"),
        format!("https://pay.shop.example/pay/{id}")
    );
}

#[tokio::test]
async fn the_merchant_is_told_which_invoice_decides() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let decides = async || {
        let view = told(&shop, &id).await;
        let invoices = view["merchant"]["invoices"].as_array().unwrap();
        let told = |invoice: &Value| {
            let decides = invoice["decides"].as_bool().unwrap();
            (text(invoice, "/currency").to_owned(), decides)
        };
        let mut of_each: Vec<_> = invoices.iter().map(told).collect();
        of_each.sort_unstable();
        of_each
    };
    let named = |name: &str, decides| (name.to_owned(), decides);
    assert_eq!(decides().await, []);
    shop.choose(&id, "BTC").await.expect(200);
    assert_eq!(decides().await, [named("BTC", true)]);
    // While nothing is paid, the one picked last; then the one that was paid first, whatever is picked and paid after it.
    let usdt = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    assert_eq!(
        decides().await,
        [named("BTC", false), named("USDT_TRX", true)]
    );
    let btc = paid(&shop, &id, "BTC").await;
    shop.advance(10);
    let first = [named("BTC", true), named("USDT_TRX", false)];
    assert_eq!(decides().await, first);
    for (address, amount) in [
        (
            text(&usdt, "/invoice/address"),
            text(&usdt, "/invoice/amount"),
        ),
        (btc.as_str(), "1"),
    ] {
        shop.gateway.deposit(address, amount, "confirmed").await;
        shop.advance(10);
        assert_eq!(decides().await, first);
    }
    let buyer = shop.get(&path(&id)).await.expect(200);
    assert!(!buyer.text().contains("decides"), "{}", buyer.text());
}

#[tokio::test]
async fn no_link_to_the_gateways_pages_without_their_base() {
    let shop = TestProxy::with(|config| config.shops[0].gateway.pay_url = None).await;
    let id = shop.made(PAYMENT).await;
    shop.choose(&id, "BTC").await.expect(200);
    let invoice = told(&shop, &id).await["merchant"]["invoices"][0].clone();
    assert_eq!(invoice["hostedUrl"], Value::Null);
    assert!(invoice.get("hostedUrl").is_some());
}

#[tokio::test]
async fn a_second_payment_and_a_late_one_are_told_with_their_invoices() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let address = paid(&shop, &id, "USDT_TRX").await;
    shop.advance(10);
    assert_eq!(told(&shop, &id).await["state"], "completed");
    shop.advance(4 * 3600);
    shop.gateway.deposit(&address, "3.5", "confirmed").await;
    shop.advance(3600);
    let view = told(&shop, &id).await;
    let invoice = &view["merchant"]["invoices"][0];
    assert!(invoice["secondPaymentAt"].is_string(), "{view}");
    assert!(text(invoice, "/paidAt") < text(invoice, "/secondPaymentAt"));
    let deposits = view["merchant"]["deposits"].as_array().unwrap();
    assert_eq!(deposits.len(), 2, "{view}");
    assert_eq!(
        (&deposits[0]["late"], &deposits[1]["late"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(deposits[1]["amount"], "3.5");
    assert_eq!(
        view["merchant"]["totals"][0]["received"],
        invoice["received"]
    );
}

#[tokio::test]
async fn a_customers_money_is_told_in_every_currency_and_without_a_choice() {
    let shop = TestProxy::start().await;
    let first = shop.made(DEPOSIT).await;
    let shown = shop.choose(&first, "ETH").await.expect(200).json();
    let address = text(&shown, "/receiving/address");
    for (currency, amount, stage) in [
        ("ETH", "1.5", "confirmed"),
        ("BNB", "0.25", "confirmed"),
        ("BNB", "0.5", "confirmed"),
        ("USDC", "7", "mempool"),
    ] {
        shop.gateway
            .deposit_in(address, currency, amount, stage)
            .await;
    }
    // Another checkout of the same customer, in which nothing was picked.
    let second = shop.made(DEPOSIT).await;
    for id in [&first, &second] {
        let view = told(&shop, id).await;
        let merchant = &view["merchant"];
        assert_eq!(
            (&merchant["customer"], &merchant["invoices"]),
            (&json!("user-7"), &json!([]))
        );
        assert_eq!(merchant["deposits"].as_array().unwrap().len(), 4);
        assert_eq!(
            merchant["totals"],
            json!([
                {"currency": "BNB", "received": "0.75", "pending": "0"},
                {"currency": "ETH", "received": "1.5", "pending": "0"},
                {"currency": "USDC", "received": "0", "pending": "7"},
            ])
        );
        assert_eq!(merchant["deposits"][0]["invoice"], Value::Null);
        let list = shop.as_merchant(&format!("{}/deposits", path(id))).await;
        let list = list.expect(200).json();
        assert_eq!(keys(&list), ["deposits", "flags", "totals"]);
        for part in keys(&list) {
            assert_eq!(list[part], merchant[part], "{part}");
        }
    }
    let buyer = shop.fresh(&first).await;
    assert_eq!(buyer["receiving"]["received"], "1.5");
}

#[tokio::test]
async fn a_corrected_deposit_is_flagged_with_both_figures() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let shown = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let address = text(&shown, "/receiving/address");
    shop.gateway
        .deposit_in(address, "USDT_TRX", "5", "confirmed")
        .await;
    told(&shop, &id).await;
    shop.gateway.rewrite(|path, page| {
        if path == FIND {
            page.replace("\"amount\":5", "\"amount\":4.9317")
                .replace("[{", "[{\"amount\":\"<b>\"},{")
        } else {
            page
        }
    });
    let view = told(&shop, &id).await;
    let deposit = &view["merchant"]["deposits"][0];
    assert_eq!(
        (&deposit["amount"], &deposit["state"]),
        (&json!("5"), &json!("confirmed"))
    );
    let flags = deposit["flags"].as_array().unwrap();
    assert_eq!(flags.len(), 1, "{deposit}");
    assert_eq!(
        (&flags[0]["kind"], &flags[0]["known"], &flags[0]["read"]),
        (
            &json!("amount_changed"),
            &json!("5 USDT_TRX"),
            &json!("4.9317 USDT_TRX")
        )
    );
    let flags = view["merchant"]["flags"].as_array().unwrap();
    assert_eq!(flags.len(), 1, "{view}");
    assert_eq!(
        (&flags[0]["kind"], &flags[0]["known"]),
        (&json!("unreadable"), &Value::Null)
    );
    assert!(text(&flags[0], "/read").contains("<b>"), "as data, in JSON");
    // Each is said once, in the log too.
    told(&shop, &id).await;
    let log = crate::support::logged();
    assert_eq!(log.matches("read=\"4.9317 USDT_TRX\"").count(), 1);
    let buyer = shop.show(&id).await.to_string();
    assert!(
        !buyer.contains("4.9317") && !buyer.contains("flags"),
        "{buyer}"
    );
}

#[tokio::test]
async fn the_merchant_is_told_what_the_gateway_contradicts_itself_about() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    shop.choose(&id, "USDT_TRX").await.expect(200);
    assert_eq!(told(&shop, &id).await["merchant"]["alarms"], json!([]));
    shop.gateway.rewrite(|path, page| {
        if path == crate::support::READ {
            page.replace("\"fiatCurrency\":\"EUR\"", "\"fiatCurrency\":\"USD\"")
        } else {
            page
        }
    });
    let view = told(&shop, &id).await;
    let alarm = &view["merchant"]["alarms"][0];
    assert_eq!(keys(alarm), ["at", "detail", "invoice", "kind"]);
    assert_eq!(alarm["kind"], "other_price");
    assert_eq!(
        alarm["invoice"],
        view["merchant"]["invoices"][0]["idempotencyKey"]
    );
    assert!(shop.show(&id).await.get("alarms").is_none());
}

#[tokio::test]
async fn the_buyer_is_told_nothing_of_it_and_the_two_answers_never_stand_for_each_other() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    paid(&shop, &id, "BTC").await;
    shop.advance(10);
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let ask = async |authorized: bool, tag: &str| -> Reply {
        let mut headers = vec![];
        if authorized {
            headers.push(("authorization", bearer.as_str()));
        }
        if !tag.is_empty() {
            headers.push(("if-none-match", tag));
        }
        shop.request("GET", &path(&id), &headers, None).await
    };
    let (buyer, merchant) = (
        ask(false, "").await.expect(200),
        ask(true, "").await.expect(200),
    );
    let seen = buyer.json();
    assert!(
        seen.get("externalId").is_none()
            && seen.get("merchant").is_none()
            && seen.get("url").is_none()
    );
    assert!(!buyer.text().contains("order-1001") && !buyer.text().contains("hostedUrl"));
    // The merchant's answer is the buyer's with three members more.
    let mut more = merchant.json();
    for member in ["externalId", "merchant", "url", "now", "pollAfterMs"] {
        more.as_object_mut().unwrap().remove(member).unwrap();
    }
    let mut seen = seen;
    for member in ["now", "pollAfterMs"] {
        seen.as_object_mut().unwrap().remove(member).unwrap();
    }
    assert_eq!(more, seen);
    let (buyers, merchants) = (buyer.header("etag"), merchant.header("etag"));
    assert_ne!(buyers, merchants);
    assert_eq!(ask(true, &buyers).await.status, 200);
    assert_eq!(ask(false, &merchants).await.status, 200);
    assert_eq!(ask(true, &merchants).await.status, 304);
    assert_eq!(ask(false, &buyers).await.status, 304);
    for reply in [&buyer, &merchant] {
        assert!(
            reply.header("vary").contains("Authorization"),
            "{}",
            reply.header("vary")
        );
        assert_eq!(reply.header("cache-control"), "private, no-cache");
    }
}

#[tokio::test]
async fn only_the_merchants_key_opens_the_merchants_calls() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let wrong = "Bearer merchant-canary-5d1c9a70e4b3".to_owned();
    for path in [
        format!("/v1/checkouts/{id}/deposits"),
        "/v1/checkouts?externalId=order-1001".to_owned(),
    ] {
        assert_eq!(
            shop.get(&path).await.code(),
            "merchant_key_missing",
            "{path}"
        );
        let reply = shop
            .request("GET", &path, &[("authorization", &wrong)], None)
            .await;
        assert_eq!(reply.code(), "merchant_key_wrong", "{path}");
        let reply = shop.request("GET", &path, &[("origin", SHOP)], None).await;
        assert_eq!(reply.code(), "merchant_key_missing", "{path}");
        let bearer = format!("Bearer {MERCHANT_KEY}");
        let page = [("origin", SHOP), ("authorization", bearer.as_str())];
        let reply = shop.request("GET", &path, &page, None).await;
        assert_eq!(reply.code(), "origin_not_allowed", "{path}");
        assert_eq!(
            shop.request("DELETE", &path, &[], None).await.code(),
            "method_not_allowed"
        );
    }
    let reply = shop
        .request("GET", &path(&id), &[("authorization", &wrong)], None)
        .await;
    assert_eq!(
        reply.code(),
        "merchant_key_wrong",
        "never the buyer's view in its place"
    );
}

#[tokio::test]
async fn checkouts_are_found_by_the_merchants_own_id() {
    let shop = TestProxy::start().await;
    let find = async |query: &str| shop.as_merchant(&format!("/v1/checkouts?{query}")).await;
    let made = shop.merchant(PAYMENT, "a").await.expect(201).json();
    assert_eq!(
        made["externalId"], "order-1001",
        "answered where it was given"
    );
    let plain = PAYMENT.replace(r#","externalId":"order-1001""#, "");
    let unnamed = shop.merchant(&plain, "b").await.expect(201).json();
    assert_eq!(unnamed["externalId"], Value::Null);
    let page = shop
        .post("/v1/checkouts", r#"{"product":"demo-order"}"#, &[])
        .await
        .expect(201);
    assert!(page.json().get("externalId").is_none());
    let list = find("externalId=order-1001").await.expect(200);
    assert_eq!(list.header("cache-control"), "no-store");
    let list = list.json();
    assert_eq!(keys(&list), ["checkouts", "cursor"]);
    assert_eq!(list["cursor"], Value::Null);
    let checkouts = list["checkouts"].as_array().unwrap();
    assert_eq!(checkouts.len(), 1);
    assert_eq!(checkouts[0]["id"], made["id"]);
    assert!(checkouts[0]["merchant"]["invoices"].is_array());
    // Exactly this id: no pattern, no other case, nothing decoded twice.
    for other in [
        "order-100",
        "ORDER-1001",
        "order-10%25",
        "order-____",
        "%6frder-1001%00",
        "order%252d1001",
    ] {
        let reply = find(&format!("externalId={other}")).await;
        let found = reply.status == 200 && reply.json()["checkouts"] != json!([]);
        assert!(!found, "{other}: {}", reply.text());
    }
    let spelt = find("externalId=%6frder-1001").await.expect(200).json();
    assert_eq!(spelt["checkouts"][0]["id"], made["id"]);
}

#[tokio::test]
async fn a_long_list_goes_on_at_its_cursor() {
    let shop = TestProxy::start().await;
    let mut made = Vec::new();
    for number in 0..230 {
        if number % 50 == 0 {
            shop.advance(1);
        }
        made.push(shop.made(PAYMENT).await);
    }
    let (mut found, mut times) = (Vec::new(), Vec::new());
    let mut query = "externalId=order-1001".to_owned();
    for count in [100, 100, 30] {
        let list = shop
            .as_merchant(&format!("/v1/checkouts?{query}"))
            .await
            .expect(200)
            .json();
        let checkouts = list["checkouts"].as_array().unwrap();
        assert_eq!(checkouts.len(), count);
        // Compared as times: a text with a fraction does not sort with one that has none.
        let made_at = |checkout| {
            text(checkout, "/merchant/createdAt")
                .parse::<Timestamp>()
                .unwrap()
        };
        times.extend(checkouts.iter().map(made_at));
        found.extend(
            checkouts
                .iter()
                .map(|checkout| text(checkout, "/id").to_owned()),
        );
        if let Some(cursor) = list["cursor"].as_str() {
            query = format!("externalId=order-1001&cursor={cursor}");
        } else {
            assert_eq!(count, 30);
        }
    }
    assert!(
        times.is_sorted_by(|newer, older| newer >= older),
        "the newest first"
    );
    found.sort_unstable();
    made.sort_unstable();
    assert_eq!(found, made, "each once");
}

#[tokio::test]
async fn a_list_is_asked_for_in_one_way() {
    let shop = TestProxy::start().await;
    shop.made(PAYMENT).await;
    let long = format!("externalId={}", "x".repeat(256));
    for (query, code) in [
        ("?externalId=", "field_invalid"),
        ("?externalId=+", "field_invalid"),
        ("?externalId=a%00b", "field_invalid"),
        ("?externalId=a%0Ab", "field_invalid"),
        ("?externalId=a%E2%80%AEb", "field_invalid"),
        (&format!("?{long}"), "field_invalid"),
        ("?externalId=a&externalId=b", "duplicate_key"),
        ("?externalId=a&external%49d=b", "duplicate_key"),
        ("?externalId=a&cursor=", "field_invalid"),
        ("?externalId=a&cursor=1", "field_invalid"),
        (
            "?externalId=a&cursor=x.00000000-0000-4000-8000-000000000000",
            "field_invalid",
        ),
        (
            "?externalId=a&cursor=01.00000000-0000-4000-8000-000000000000",
            "field_invalid",
        ),
        (
            "?externalId=a&cursor=1.00000000-0000-4000-8000-00000000000G",
            "field_invalid",
        ),
        (
            "?externalId=a&cursor=99999999999999999999.00000000-0000-4000-8000-000000000000",
            "field_invalid",
        ),
        ("?externalId=a&state=Paid", "field_invalid"),
        ("?externalId=a&state=paid,", "field_invalid"),
        ("?externalId=a&state=loading", "field_invalid"),
        ("?externalid=a", "field_unknown"),
        ("?externalId=a&limit=01", "field_invalid"),
        ("?externalId=a&limit=4294967297", "field_invalid"),
        ("?from=1795250000000", "field_invalid"),
        ("?to=2026-02-30T00:00:00Z", "field_invalid"),
    ] {
        let reply = shop.as_merchant(&format!("/v1/checkouts{query}")).await;
        assert_eq!(reply.code(), code, "{query}");
    }
    for (id, code) in [
        ("nonsense", "checkout_id_malformed"),
        ("00000000-0000-4000-8000-000000000000", "checkout_not_found"),
    ] {
        let reply = shop
            .as_merchant(&format!("/v1/checkouts/{id}/deposits"))
            .await;
        assert_eq!(reply.code(), code);
    }
}

#[tokio::test]
async fn links_are_taken_in_both_spellings() {
    let shop = TestProxy::start().await;
    for (camel, snake) in [
        ("returnUrl", "return_url"),
        ("supportUrl", "support_url"),
        ("logoUrl", "logo_url"),
    ] {
        let with = |rest: &str| PAYMENT.replacen('{', &format!("{{{rest},"), 1);
        for (key, name) in [camel, snake].into_iter().enumerate() {
            let body = with(&format!(r#""{name}":"https://shop.example/x""#));
            let made = shop
                .merchant(&body, &format!("{camel}-{key}"))
                .await
                .expect(201)
                .json();
            assert_eq!(made[camel], "https://shop.example/x", "{name}");
            assert!(made.get(snake).is_none());
        }
        let count = shop.books().await.checkouts;
        for (rest, code) in [
            (
                format!(r#""{camel}":"https://a.example/","{snake}":"https://b.example/""#),
                "duplicate_key",
            ),
            (
                format!(r#""{camel}":"https://a.example/","{snake}":"https://a.example/""#),
                "duplicate_key",
            ),
            (
                format!(r#""{camel}":null,"{snake}":"https://a.example/""#),
                "duplicate_key",
            ),
            (
                format!(r#""{snake}":"https://a.example/","{snake}":"https://a.example/""#),
                "duplicate_key",
            ),
            (format!(r#""{snake}":"javascript:alert(1)""#), "url_invalid"),
            (format!(r#""{snake}":7"#), "field_invalid"),
            (
                format!(r#""{}":"https://a.example/""#, snake.to_uppercase()),
                "field_unknown",
            ),
            (
                format!(r#""{}":"https://a.example/""#, snake.replace('_', "-")),
                "field_unknown",
            ),
        ] {
            let reply = shop.merchant(&with(&rest), "bad").await;
            assert_eq!(reply.code(), code, "{rest}");
            if code == "url_invalid" {
                assert!(
                    reply.text().contains(snake),
                    "named as it was sent: {}",
                    reply.text()
                );
            }
        }
        assert_eq!(shop.books().await.checkouts, count);
        // Not taken from pages.
        let body = format!(r#"{{"product":"demo-order","{snake}":"https://a.example/"}}"#);
        assert_eq!(
            shop.post("/v1/checkouts", &body, &[]).await.code(),
            "field_unknown"
        );
    }
}
