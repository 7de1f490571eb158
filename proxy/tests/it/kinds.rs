//! Top-ups and deposit addresses: any amount, any number of times, every deposit listed once, the sum exact.

use serde_json::{Value, json};

use crate::support::{OFFERED, TestProxy, text};

const TOPUP: &str = r#"{"kind":"topup","description":"Top up"}"#;
const DEPOSIT: &str =
    r#"{"kind":"deposit","customer":"user-7","description":"Your deposit address"}"#;
const UNLIMITED: &str = "/api/v1/invoice/unlimited/create";
const HISTORY: &str = "/api/v1/invoice/deposit-history";
const ADDRESS: &str = "/api/v1/customer-purse/address/get";
const FIND: &str = "/api/v1/customer-purse/transaction/find";

/// The part of the view that shows what has arrived.
async fn receiving(shop: &TestProxy, id: &str) -> Value {
    shop.fresh(id).await["receiving"].clone()
}

fn amounts(receiving: &Value) -> Vec<&str> {
    let deposits = receiving["deposits"].as_array().unwrap();
    deposits
        .iter()
        .map(|deposit| text(deposit, "/amount"))
        .collect()
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
    assert_eq!(shop.rows("checkouts"), 0);
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
    assert_eq!(shop.rows("deposits"), 3);
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
    assert_eq!(shop.rows("invoices"), 2);
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
    shop.wait(60_000);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(
        shop.rows("deposits"),
        0,
        "not as often as a payment: it is open for a year"
    );
    shop.wait(600_000);
    assert_eq!(shop.proxy.watch_once().await.unwrap().read, 1);
    assert_eq!(shop.rows("deposits"), 1);
}

#[tokio::test]
async fn every_page_of_a_long_history_is_read() {
    let shop = TestProxy::start().await;
    let topup = shop.made(TOPUP).await;
    let deposit = shop.made(DEPOSIT).await;
    let mut addresses = Vec::new();
    for id in [&topup, &deposit] {
        let view = shop.choose(id, "TRX").await.expect(200).json();
        addresses.push(text(&view, "/receiving/address").to_owned());
    }
    for _ in 0..230 {
        for address in &addresses {
            shop.gateway
                .deposit_in(address, "TRX", "0.100001", "confirmed")
                .await;
        }
    }
    for id in [&topup, &deposit] {
        let seen = receiving(&shop, id).await;
        assert_eq!(amounts(&seen).len(), 230);
        assert_eq!(seen["received"], "23.00023");
    }
    assert!(shop.gateway.calls(HISTORY).await >= 3);
    assert!(shop.gateway.calls(FIND).await >= 3);
}

#[tokio::test]
async fn a_deposit_checkout_lists_three_deposits_as_they_arrive() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let first = shop.show(&id).await;
    assert_eq!(
        (&first["kind"], &first["state"]),
        (&json!("deposit"), &json!("choosing"))
    );
    assert_eq!(first["receiving"], Value::Null);
    assert!(
        !first.to_string().contains("user-7"),
        "the customer's id is not the buyer's business"
    );
    let view = shop.choose(&id, "USDT_BSC").await.expect(200).json();
    assert_eq!(
        (&view["state"], &view["price"], &view["invoice"]),
        (&json!("awaiting"), &Value::Null, &Value::Null)
    );
    let address = text(&view, "/receiving/address").to_owned();

    shop.gateway
        .deposit_in(&address, "USDT_BSC", "0.1", "confirmed")
        .await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(
        (amounts(&seen), &seen["received"]),
        (vec!["0.1"], &json!("0.1"))
    );

    shop.advance(10);
    let pending = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "0.2", "mempool")
        .await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(amounts(&seen), ["0.1", "0.2"]);
    assert_eq!(seen["deposits"][1]["state"], "detected");
    assert_eq!(seen["received"], "0.1", "what is on its way does not count");
    shop.gateway.move_on(&pending, "confirmed").await;
    for _ in 0..3 {
        let seen = receiving(&shop, &id).await;
        assert_eq!(seen["deposits"][1]["state"], "confirmed");
        assert_eq!(seen["received"], "0.3");
    }

    shop.advance(10);
    let third = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "7.000001", "mempool")
        .await;
    shop.gateway.move_on(&third, "review").await;
    assert_eq!(
        receiving(&shop, &id).await["deposits"][2]["state"],
        "reviewing"
    );
    shop.gateway.move_on(&third, "confirmed").await;
    // Money in another currency of the same address is another sum.
    shop.gateway
        .deposit_in(&address, "BNB", "2", "confirmed")
        .await;
    let dropped = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "9", "mempool")
        .await;
    assert_eq!(amounts(&receiving(&shop, &id).await).len(), 4);
    shop.gateway.move_on(&dropped, "dropped").await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(amounts(&seen), ["0.1", "0.2", "7.000001"]);
    assert_eq!(seen["received"], "7.300001");
    let times: Vec<&str> = (0..3)
        .map(|place| text(&seen, &format!("/deposits/{place}/at")))
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(shop.fresh(&id).await["state"], "awaiting", "it stays open");
    let bnb = shop.choose(&id, "BNB").await.expect(200).json();
    assert_eq!(
        bnb["receiving"]["address"], view["receiving"]["address"],
        "one family, one address"
    );
    assert_eq!(
        bnb["receiving"]["received"], "2",
        "known with the first answer"
    );
}

#[tokio::test]
async fn an_unsound_answer_shows_nothing_and_changes_nothing() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    shop.gateway.rewrite(|path, text| {
        if path == ADDRESS {
            r#"{"id":"p","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeD"}"#.to_owned()
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&id, "ETH").await.code(), "gateway_unsound");
    assert_eq!(shop.show(&id).await["state"], "choosing");
    shop.gateway.honest();
    let view = shop.choose(&id, "ETH").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    shop.gateway
        .deposit_in(&address, "ETH", "1.5", "confirmed")
        .await;
    let before = receiving(&shop, &id).await;
    assert_eq!(before["received"], "1.5");
    for (from, to) in [
        ("\"amount\":1.5", "\"amount\":15"),
        ("\"result\":[{", "\"result\":[{\"id\":\"\",\"x\":"),
        ("[{", "["),
    ] {
        shop.gateway.rewrite(move |path, text| {
            if path == FIND {
                text.replace(from, to)
            } else {
                text
            }
        });
        assert_eq!(receiving(&shop, &id).await, before, "{to}");
    }
    shop.gateway.honest();
    // An address that another customer has is nobody's.
    let other = shop.made(&DEPOSIT.replace("user-7", "user-8")).await;
    shop.gateway.rewrite(move |path, text| {
        if path == ADDRESS {
            format!(r#"{{"id":"p","address":"{address}"}}"#)
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&other, "ETH").await.code(), "gateway_unsound");
}

#[tokio::test]
async fn an_address_the_gateway_has_not_named_for_a_day_is_not_shown() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "BTC").await.expect(200).json();
    let old = text(&view, "/receiving/address").to_owned();
    shop.gateway.fault(ADDRESS, "error500", 1000).await;
    shop.advance(3600);
    assert_eq!(shop.fresh(&id).await["receiving"]["address"], old);
    shop.advance(24 * 3600);
    let view = shop.fresh(&id).await;
    assert_eq!(
        (&view["state"], &view["receiving"]),
        (&json!("choosing"), &Value::Null)
    );
    shop.gateway.no_faults().await;
    // The gateway lets go of an address that was never used; then there is a new one, and never the old one again.
    shop.advance(40 * 86_400);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "awaiting");
    assert_ne!(text(&view, "/receiving/address"), old);
}

#[tokio::test]
async fn a_deposit_checkout_closes_at_its_expiry() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(3600);
    let body = DEPOSIT.replacen('{', &format!(r#"{{"expiresAt":"{expires}","#), 1);
    let id = shop.made(&body).await;
    shop.choose(&id, "BTC").await.expect(200);
    shop.advance(3601);
    assert_eq!(shop.show(&id).await["state"], "expired");
    assert_eq!(shop.choose(&id, "ETH").await.code(), "checkout_closed");
}

#[tokio::test]
async fn the_hosted_page_shows_every_kind() {
    let shop = TestProxy::start().await;
    for body in [TOPUP, DEPOSIT] {
        let id = shop.made(body).await;
        let page = shop.get(&format!("/pay/{id}")).await.expect(200).text();
        assert!(page.contains(&id) && !page.contains("user-7"), "{page}");
    }
}
