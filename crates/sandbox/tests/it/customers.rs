//! Customers with permanent addresses, and what is paid to them.

use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

async fn ask(desk: &Desk, path: &str, payload: &Value) -> Answer {
    desk.call(
        &format!("/api/v1/customer-purse/{path}"),
        &payload.to_string(),
    )
    .await
}

async fn customer(desk: &Desk) -> Value {
    ask(
        desk,
        "customer/create",
        &json!({ "email": "a@shop.example", "externalId": "user-7" }),
    )
    .await
    .ok()
}

async fn address(desk: &Desk, customer: &Value, currency: &str) -> Value {
    let payload = json!({ "customerId": customer["id"], "currency": currency });
    ask(desk, "address/get", &payload).await.ok()
}

async fn pay(desk: &Desk, purse: &Value, amount: &str, currency: &str, stage: &str) -> Answer {
    let body = json!({ "address": purse["address"], "amount": amount, "stage": stage, "currency": currency });
    desk.control("deposits", &body).await
}

#[tokio::test]
async fn customers_are_made_and_changed() {
    let desk = Desk::open().await;
    let made = customer(&desk).await;
    let expected = json!({ "id": made["id"], "email": "a@shop.example", "externalId": "user-7", "blocked": false });
    assert_eq!(made, expected);
    let changed = ask(
        &desk,
        "customer/update",
        &json!({ "id": made["id"], "description": "x" }),
    )
    .await
    .ok();
    assert_eq!(
        (&changed["email"], &changed["description"]),
        (&json!("a@shop.example"), &json!("x"))
    );
    assert_ne!(customer(&desk).await["id"], made["id"]);
    let nobody = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";
    let message = ask(&desk, "customer/update", &json!({ "id": nobody }))
        .await
        .refused("004");
    assert_eq!(message, "Customer is not found");
    assert_eq!(
        ask(&desk, "customer/update", &json!({}))
            .await
            .refused("001"),
        "payload.id=[must not be null]"
    );
    assert_eq!(
        ask(&desk, "customer/create", &json!({ "email": 5 }))
            .await
            .refused("001"),
        "payload.email=[must be a string]"
    );
    ask(
        &desk,
        "address/get",
        &json!({ "customerId": nobody, "currency": "ETH" }),
    )
    .await
    .refused("004");
    let message = ask(&desk, "address/get", &json!({ "customerId": made["id"] }))
        .await
        .refused("001");
    assert_eq!(message, "payload.currency=[must not be null]");
}

#[tokio::test]
async fn one_address_serves_a_family_of_networks() {
    let desk = Desk::open().await;
    let customer = customer(&desk).await;
    let ether = address(&desk, &customer, "ETH").await;
    for relative in ["USDT", "USDT_BSC", "POL", "BNB", "ETH"] {
        assert_eq!(address(&desk, &customer, relative).await, ether);
    }
    let mut others = vec![ether.clone()];
    for other in ["BTC", "LTC", "XDG", "USDT_TRX", "USDT_TON"] {
        let purse = address(&desk, &customer, other).await;
        assert!(!others.contains(&purse), "{other}");
        let network = checkout::Currency::find(other).unwrap().network;
        checkout::Address::parse(network, purse["address"].as_str().unwrap()).unwrap();
        others.push(purse);
    }
    pay(&desk, &ether, "1", "USDT_BSC", "confirmed").await.ok();
    pay(&desk, &ether, "1", "USDT_TRX", "confirmed")
        .await
        .denied(400, "currency_wrong");
    pay(&desk, &ether, "0.0000001", "USDT", "confirmed")
        .await
        .denied(400, "amount_too_precise");
    let invoice = desk.invoice("ETH").await;
    let wrong = json!({ "address": invoice["invoiceAddress"] });
    pay(&desk, &wrong, "1", "USDT", "confirmed")
        .await
        .denied(400, "currency_wrong");
    pay(&desk, &wrong, "1", "ETH", "confirmed").await.ok();
}

#[tokio::test]
async fn a_payment_goes_through_its_states() {
    let desk = Desk::open().await;
    let purse = address(&desk, &customer(&desk).await, "USDT").await;
    let get = async |deposit: &Value| {
        let found = ask(
            &desk,
            "transaction/get",
            &json!({ "transactionId": deposit["id"] }),
        )
        .await
        .ok();
        let text = |field: &str| found[field].as_str().unwrap().to_owned();
        (
            text("transactionState"),
            text("complianceState"),
            found["translationToAccountCompleted"].as_bool().unwrap(),
        )
    };
    let states = |one: &str, other: &str, credited| (one.to_owned(), other.to_owned(), credited);
    let deposit = pay(&desk, &purse, "100.5", "USDT", "mempool").await.ok();
    assert_eq!(
        get(&deposit).await,
        states("MEM_POOL_FOUND", "UNCHECKED", false)
    );
    desk.advance_deposit(&deposit, "review").await;
    assert_eq!(
        get(&deposit).await,
        states("PENDING_COMPLIANCE_CHECK", "IN_PROGRESS", false)
    );
    desk.advance_deposit(&deposit, "confirmed").await;
    assert_eq!(get(&deposit).await, states("CONFIRMED", "CHECKED", false));
    desk.advance(5).await;
    assert_eq!(get(&deposit).await, states("CONFIRMED", "CHECKED", true));
    let declined = pay(&desk, &purse, "1", "USDT", "mempool").await.ok();
    desk.advance_deposit(&declined, "declined").await;
    assert_eq!(get(&declined).await, states("DECLINED", "DECLINE", false));
    let dropped = pay(&desk, &purse, "1", "USDT", "mempool").await.ok();
    desk.advance_deposit(&dropped, "dropped").await;
    ask(
        &desk,
        "transaction/get",
        &json!({ "transactionId": dropped["id"] }),
    )
    .await
    .refused("004");

    let found = ask(
        &desk,
        "transaction/get",
        &json!({ "transactionId": deposit["id"] }),
    )
    .await
    .ok();
    assert_eq!(
        (&found["amount"], &found["currency"]),
        (&json!(100.5), &json!("USDT"))
    );
    assert_eq!(found["transactionHash"], deposit["transactionHash"]);
    // A deposit to an invoice is none of these.
    let invoice = desk.invoice("USDT").await;
    let other = desk.deposit(&invoice, "1", "confirmed").await;
    ask(
        &desk,
        "transaction/get",
        &json!({ "transactionId": other["id"] }),
    )
    .await
    .refused("004");
}

#[tokio::test]
async fn payments_are_found_by_customer_currency_and_state() {
    let desk = Desk::open().await;
    let (one, other) = (customer(&desk).await, customer(&desk).await);
    let (first, second) = (
        address(&desk, &one, "ETH").await,
        address(&desk, &other, "ETH").await,
    );
    for (purse, currency, stage) in [
        (&first, "ETH", "confirmed"),
        (&first, "USDT", "confirmed"),
        (&first, "USDT", "mempool"),
        (&second, "USDT", "mempool"),
    ] {
        pay(&desk, purse, "1", currency, stage).await.ok();
    }
    let count = async |payload: Value| {
        let found = ask(&desk, "transaction/find", &payload).await.ok();
        assert_eq!(
            found["result"].as_array().unwrap().len(),
            found["totalElements"].as_u64().unwrap() as usize
        );
        found["totalElements"].as_u64().unwrap()
    };
    assert_eq!(count(json!({})).await, 4);
    assert_eq!(count(json!({ "customerId": one["id"] })).await, 3);
    assert_eq!(
        count(json!({ "currencyFilter": { "equals": "USDT" } })).await,
        3
    );
    assert_eq!(
        count(json!({ "currencyFilter": { "notIn": ["USDT"] } })).await,
        1
    );
    assert_eq!(
        count(json!({ "currencyFilter": { "in": ["ETH", "BTC"] } })).await,
        1
    );
    let confirmed = json!({ "equals": "CONFIRMED" });
    assert_eq!(
        count(json!({ "customerId": one["id"], "transactionStateFilter": confirmed })).await,
        2
    );
    assert_eq!(
        count(
            json!({ "transactionStateFilter": { "contains": "MEM" }, "customerId": other["id"] })
        )
        .await,
        1
    );
    let page = ask(
        &desk,
        "transaction/find",
        &json!({ "pageNumber": 1, "pageSize": 3 }),
    )
    .await
    .ok();
    assert_eq!(
        (page["result"].as_array().unwrap().len(), &page["total"]),
        (1, &json!(2))
    );
    ask(
        &desk,
        "transaction/find",
        &json!({ "currencyFilter": "USDT" }),
    )
    .await
    .refused("001");
    let nobody = json!({ "customerId": "d9732536-acdd-41bd-87c3-ec40aeeb6a37" });
    ask(&desk, "transaction/find", &nobody).await.refused("004");
}

#[tokio::test]
async fn an_address_is_watched_while_it_is_used() {
    let desk = Desk::open().await;
    let day = 86_400;
    let customer = customer(&desk).await;
    let (idle, used) = (
        address(&desk, &customer, "BTC").await,
        address(&desk, &customer, "ETH").await,
    );
    desk.advance(29 * day).await;
    pay(&desk, &used, "1", "ETH", "confirmed").await.ok();
    desk.advance(day).await;
    let late = pay(&desk, &idle, "1", "BTC", "confirmed").await.ok();
    assert_eq!(late["lost"], true);
    ask(
        &desk,
        "transaction/get",
        &json!({ "transactionId": late["id"] }),
    )
    .await
    .refused("004");
    assert_ne!(address(&desk, &customer, "BTC").await, idle);
    desk.advance(363 * day).await;
    assert_eq!(address(&desk, &customer, "ETH").await, used);
    desk.advance(day).await;
    assert_ne!(address(&desk, &customer, "ETH").await, used);
}
