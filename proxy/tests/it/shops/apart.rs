//! Two shops that happen to use the same ids: of orders, customers, retries, products and invoices.

use calypso_proxy::Delivered;
use serde_json::{Value, json};

use super::{GARDEN, GARDEN_KEY, PAYMENT, Two, garden_id};
use crate::support::receiving::DEPOSIT;
use crate::support::{MERCHANT_KEY, SHOP, text};

#[tokio::test]
async fn an_id_of_an_order_lists_the_shops_own_checkouts_alone() {
    let two = Two::start().await;
    let mut made = Vec::new();
    for key in [MERCHANT_KEY, GARDEN_KEY, MERCHANT_KEY] {
        two.advance(1);
        made.push(two.made_by(key, PAYMENT).await);
    }
    for (key, expected) in [
        (MERCHANT_KEY, vec![&made[2], &made[0]]),
        (GARDEN_KEY, vec![&made[1]]),
    ] {
        let path = "/v1/checkouts?externalId=order-1001";
        let listed = two.call(key, "GET", path, None).await.expect(200).json();
        let listed = listed["checkouts"].as_array().unwrap().clone();
        let ids: Vec<&Value> = listed.iter().map(|checkout| &checkout["id"]).collect();
        assert_eq!(ids, expected);
    }
    // A place in the other's list is a place in the own list, and leads to nothing of the other's.
    let cursor = format!("{}.{}", i64::from(i32::MAX) * 1000, made[0]);
    for key in [MERCHANT_KEY, GARDEN_KEY] {
        let path = format!("/v1/checkouts?externalId=order-1001&cursor={cursor}");
        let listed = two.call(key, "GET", &path, None).await;
        if listed.status == 200 {
            let others = if key == GARDEN_KEY {
                [&made[0], &made[2]]
            } else {
                [&made[1]; 2]
            };
            assert!(others.iter().all(|id| !listed.text().contains(id.as_str())));
        }
    }
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_the_shop_it_was_sent_to() {
    let two = Two::start().await;
    let first = two
        .ask(MERCHANT_KEY, PAYMENT, "cart-1")
        .await
        .expect(201)
        .json();
    let garden = two
        .ask(GARDEN_KEY, PAYMENT, "cart-1")
        .await
        .expect(201)
        .json();
    assert_ne!(first["id"], garden["id"]);
    for (key, expected) in [(MERCHANT_KEY, &first), (GARDEN_KEY, &garden)] {
        let again = two.ask(key, PAYMENT, "cart-1").await.expect(201).json();
        assert_eq!(again["id"], expected["id"]);
        let other = PAYMENT.replace("25.00", "26.00");
        assert_eq!(
            two.ask(key, &other, "cart-1").await.code(),
            "idempotency_key_reused"
        );
    }
    // Another body under the other's key is a first request.
    let other = PAYMENT.replace("25.00", "26.00");
    two.ask(MERCHANT_KEY, PAYMENT, "cart-2").await.expect(201);
    two.ask(GARDEN_KEY, &other, "cart-2").await.expect(201);
    // Pages draw theirs.
    let drawn = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    let mut ids = Vec::new();
    for origin in [SHOP, GARDEN, SHOP, GARDEN] {
        let headers = [("origin", origin), ("idempotency-key", drawn)];
        let made = two
            .post("/v1/checkouts", r#"{"product":"demo-order"}"#, &headers)
            .await;
        ids.push(made.expect(201).json()["id"].clone());
    }
    assert_eq!((&ids[0], &ids[1]), (&ids[2], &ids[3]));
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn equal_customers_have_addresses_and_deposits_of_their_own() {
    let mut two = Two::start().await;
    let mut shown = Vec::new();
    for key in [MERCHANT_KEY, GARDEN_KEY] {
        let id = two.made_by(key, DEPOSIT).await;
        let view = two.choose(&id, "TRX").await.expect(200).json();
        shown.push((key, id, text(&view, "/receiving/address").to_owned()));
    }
    assert_ne!(shown[0].2, shown[1].2);
    assert_eq!(two.books().await.customers, 2);
    two.gateway
        .deposit_in(&shown[0].2, "TRX", "5", "confirmed")
        .await;
    two.garden
        .deposit_in(&shown[1].2, "TRX", "7", "confirmed")
        .await;
    for restarted in [false, true] {
        for ((key, id, _), received) in shown.iter().zip(["5", "7"]) {
            let told = two.told_to(key, id).await;
            assert_eq!(told["receiving"]["received"], received, "{told}");
            let totals = &told["merchant"]["totals"];
            assert_eq!(totals.as_array().unwrap().len(), 1, "{totals}");
            assert_eq!(totals[0]["received"], received);
            let path = format!("/v1/checkouts/{id}/deposits");
            let listed = two.call(key, "GET", &path, None).await.expect(200).json();
            assert_eq!(listed["deposits"].as_array().unwrap().len(), 1, "{listed}");
        }
        if !restarted {
            two.proxy.restarted().await;
        }
    }
    // The watcher reads each at its own gateway.
    two.gateway
        .deposit_in(&shown[0].2, "TRX", "1", "confirmed")
        .await;
    two.garden
        .deposit_in(&shown[1].2, "TRX", "2", "confirmed")
        .await;
    two.wait(24 * 60 * 60 * 1000);
    two.gateway.sandbox.clock().advance_seconds(6 * 60);
    let round = two.proxy.proxy.watch_once().await.unwrap();
    assert_eq!((round.customers, round.failed), (2, 0));
    assert_eq!(two.books().await.deposits, 4);
}

#[tokio::test]
async fn one_shops_money_moves_its_own_checkout_alone() {
    let two = Two::start().await;
    let mut shown = Vec::new();
    for key in [MERCHANT_KEY, GARDEN_KEY] {
        let id = two.made_by(key, PAYMENT).await;
        let view = two.choose(&id, "TRX").await.expect(200).json();
        shown.push((key, id, view["invoice"].clone()));
    }
    let (address, amount) = (text(&shown[1].2, "/address"), text(&shown[1].2, "/amount"));
    two.garden.deposit(address, amount, "confirmed").await;
    let told = two.told_to(GARDEN_KEY, &shown[1].1).await;
    assert_eq!(told["state"], "paid", "{told}");
    let told = two.told_to(MERCHANT_KEY, &shown[0].1).await;
    assert_eq!(told["state"], "awaiting", "{told}");
    assert_eq!(told["merchant"]["deposits"], json!([]));
    // Each gateway was asked for its own invoice, under its own account.
    for (gateway, account) in [(&two.gateway, "aa"), (&two.garden, "bb")] {
        let requests = gateway.requests().await;
        let made: Vec<_> = requests
            .iter()
            .filter(|request| request["path"] == crate::support::CREATE)
            .collect();
        assert_eq!(made.len(), 1);
        assert!(
            requests
                .iter()
                .all(|request| request["answer"]["status"] != 401)
        );
        let said = serde_json::to_string(&requests).unwrap();
        let own = format!("0x{account:0>40}");
        let others = format!("0x{:0>40}", if account == "aa" { "bb" } else { "aa" });
        assert!(said.contains(&own) && !said.contains(&others));
    }
}

#[tokio::test]
async fn two_gateways_may_call_their_invoices_the_same() {
    let two = Two::start().await;
    let rename = |_: &str, answer: String| {
        let Ok(mut body) = serde_json::from_str::<Value>(&answer) else {
            return answer;
        };
        if body["invoiceAddress"].is_string() {
            body["id"] = json!("7");
        }
        body.to_string()
    };
    let (mut invoices, mut ids) = (Vec::new(), Vec::new());
    for (key, gateway) in [(MERCHANT_KEY, &two.gateway), (GARDEN_KEY, &two.garden)] {
        gateway.rewrite(rename);
        let id = two.made_by(key, PAYMENT).await;
        let view = two.choose(&id, "TRX").await.expect(200).json();
        invoices.push(view["invoice"].clone());
        ids.push(id);
        gateway.honest();
    }
    for (key, id) in [(MERCHANT_KEY, &ids[0]), (GARDEN_KEY, &ids[1])] {
        let path = format!("/v1/checkouts/{id}");
        let told = two.call(key, "GET", &path, None).await.expect(200).json();
        assert_eq!(told["merchant"]["invoices"][0]["id"], "7", "{told}");
    }
    // News of one is read at its own gateway, and nowhere else.
    let before = two.asked().await;
    let news = two.proxy.proxy.invoice_has_changed(&garden_id(), "7").await;
    assert_eq!(
        news.unwrap(),
        Delivered::NotRead,
        "no invoice there is called so any more"
    );
    let after = two.asked().await;
    assert_eq!(before.0, after.0, "the first shop's gateway was not asked");
    assert!(before.1 < after.1);
}

#[tokio::test]
async fn news_of_one_shops_invoice_is_nothing_to_the_other() {
    let two = Two::start().await;
    let id = two.made_by(MERCHANT_KEY, PAYMENT).await;
    two.choose(&id, "TRX").await.expect(200);
    let path = format!("/v1/checkouts/{id}");
    let told = two
        .call(MERCHANT_KEY, "GET", &path, None)
        .await
        .expect(200)
        .json();
    let named = text(&told, "/merchant/invoices/0/id");
    let before = two.asked().await;
    let news = two
        .proxy
        .proxy
        .invoice_has_changed(&garden_id(), named)
        .await;
    assert_eq!(news.unwrap(), Delivered::NotOurs);
    assert_eq!(two.asked().await, before);
}

#[tokio::test]
async fn estimates_are_by_the_rates_of_the_shops_own_gateway() {
    let two = Two::start().await;
    two.gateway.rate("BTC", "EUR", "50000").await;
    two.garden.rate("BTC", "EUR", "25000").await;
    let mut estimates = Vec::new();
    for key in [MERCHANT_KEY, GARDEN_KEY] {
        let id = two.made_by(key, PAYMENT).await;
        let view = two.show(&id).await;
        let currencies = view["currencies"].as_array().unwrap().clone();
        let mut btc = currencies.into_iter().filter(|one| one["code"] == "BTC");
        estimates.push(btc.next().unwrap()["estimate"].clone());
    }
    assert_eq!(estimates, [json!("0.0005"), json!("0.001")]);
}
