//! The way of one payment: create, get by each of its names, pay, see it paid, see it credited.

use serde_json::Value;

use crate::desk::Desk;

fn fields(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn a_fresh_invoice_has_the_documented_fields_and_no_others() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("BTC").await;
    let expected = [
        "amount",
        "createdDate",
        "currency",
        "description",
        "expiration",
        "fiatAmount",
        "fiatCurrency",
        "id",
        "idempotencyKey",
        "invoiceAddress",
        "isInterventionResolved",
        "state",
        "subscriptionEnabled",
        "totalDebitAmount",
        "type",
    ];
    assert_eq!(fields(&invoice), expected);
    assert_eq!(invoice["type"], "SINGLE_FIAT");
    assert_eq!(invoice["state"], "PENDING_PAYMENT");
    assert_eq!(invoice["totalDebitAmount"].to_string(), "0");
    assert_eq!(invoice["isInterventionResolved"], true);
    assert_eq!(invoice["subscriptionEnabled"], false);
    assert_eq!(invoice["createdDate"], "2026-01-05T10:00:00");
    assert_eq!(invoice["expiration"], "2026-01-06T10:00:00");
}

#[tokio::test]
async fn numbers_keep_their_digits() {
    let desk = Desk::open().await;
    desk.rate("ETH", "EUR", "2716.38").await;
    let payload = "{\"currency\":\"ETH\",\"fiatAmount\":25.10,\"fiatCurrency\":\"EUR\",\"description\":\"x\"}";
    let answer = desk
        .call("/api/v1/invoice/single-fiat/create", payload)
        .await;
    // 25.10 / 2716.38 = 0.0092402388…, rounded up at eight decimals.
    assert!(
        answer.text.contains("\"amount\":0.00924024,"),
        "{}",
        answer.text
    );
    assert!(
        answer.text.contains("\"fiatAmount\":25.10,"),
        "{}",
        answer.text
    );
    let invoice = answer.ok();
    desk.deposit(&invoice, "0.009240240000000001", "mempool")
        .await;
    desk.deposit(&invoice, "0.000000000000000001", "confirmed")
        .await;
    let text = desk
        .call("/api/v1/invoice", &format!("{{\"id\":{}}}", invoice["id"]))
        .await
        .text;
    assert!(
        text.contains("\"totalDebitAmount\":0.000000000000000001,"),
        "{text}"
    );
}

#[tokio::test]
async fn an_invoice_is_found_by_each_of_its_names() {
    let desk = Desk::open().await;
    let create = |currency: &str, key: &str| {
        format!(
            "{{\"currency\":\"{currency}\",\"fiatAmount\":25,\"fiatCurrency\":\"EUR\",\"description\":\"x\",\
             \"externalId\":\"order-7\",\"idempotencyKey\":\"{key}\"}}"
        )
    };
    let path = "/api/v1/invoice/single-fiat/create";
    let first = desk
        .call(path, &create("BTC", "1be6a518-6dcd-477d-96af-dd914b1300ce"))
        .await
        .ok();
    let second = desk
        .call(path, &create("ETH", "2BE6A518-6DCD-477D-96AF-DD914B1300CE"))
        .await
        .ok();
    assert_eq!(
        second["idempotencyKey"],
        "2be6a518-6dcd-477d-96af-dd914b1300ce"
    );
    assert_eq!(desk.get(&first).await, first);
    let by_key = format!("{{\"idempotencyKey\":{}}}", first["idempotencyKey"]);
    assert_eq!(desk.call("/api/v1/invoice", &by_key).await.ok(), first);
    // Several may share an external id: the newest is meant.
    assert_eq!(
        desk.call("/api/v1/invoice", "{\"externalId\":\"order-7\"}")
            .await
            .ok(),
        second
    );
}

#[tokio::test]
async fn an_invoice_is_seen_paid_and_credited() {
    let desk = Desk::open().await;
    desk.rate("USDT_TRX", "EUR", "0.9153").await;
    let invoice = desk.invoice("USDT_TRX").await;
    // 25 / 0.9153 = 27.31344914…, rounded up at six decimals.
    assert_eq!(invoice["amount"].to_string(), "27.31345");

    let deposit = desk.deposit(&invoice, "27.31345", "mempool").await;
    assert_eq!(deposit["stage"], "mempool");
    let seen = desk.get(&invoice).await;
    assert_eq!(seen["state"], "MEM_POOL_FOUND");
    assert_eq!(seen["totalDebitAmount"].to_string(), "0");
    assert!(seen.get("lastDepositHash").is_none() && seen.get("fee").is_none());

    desk.advance_deposit(&deposit, "confirmed").await;
    let paid = desk.get(&invoice).await;
    assert_eq!(paid["state"], "PAID");
    assert_eq!(paid["totalDebitAmount"].to_string(), "27.31345");
    assert_eq!(paid["lastDepositHash"], deposit["transactionHash"]);
    assert_eq!(paid["fee"].to_string(), "0.273135");

    desk.advance(4).await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
    desk.advance(1).await;
    let completed = desk.get(&invoice).await;
    assert_eq!(completed["state"], "COMPLETED");
    assert_eq!(completed["fee"].to_string(), "0.273135");
    assert_eq!(completed["isInterventionResolved"], true);

    desk.advance(7 * 86_400).await;
    assert_eq!(desk.get(&invoice).await, completed);
}

#[tokio::test]
async fn money_after_the_payment_is_counted_and_moves_nothing() {
    let desk = Desk::open().await;
    desk.rate("USDC", "EUR", "1").await;
    let invoice = desk.invoice("USDC").await;
    desk.deposit(&invoice, "25", "confirmed").await;
    let more = desk.deposit(&invoice, "10", "confirmed").await;
    let paid = desk.get(&invoice).await;
    assert_eq!(
        (paid["state"].as_str(), paid["totalDebitAmount"].to_string()),
        (Some("PAID"), "35".to_owned())
    );
    assert_eq!(paid["lastDepositHash"], more["transactionHash"]);
    desk.advance(5).await;
    let completed = desk.get(&invoice).await;
    assert_eq!(
        (completed["state"].as_str(), completed["fee"].to_string()),
        (Some("COMPLETED"), "0.35".to_owned())
    );
}
