//! Lists: the deposits of an invoice, one of them, and the invoices of an external id.

use serde_json::{Value, json};

use crate::desk::Desk;

#[tokio::test]
async fn the_history_has_what_counts_newest_first() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    let first = desk.deposit(&invoice, "1.50", "confirmed").await;
    desk.deposit(&invoice, "2", "mempool").await;
    desk.advance(60).await;
    let second = desk.deposit(&invoice, "3", "confirmed").await;
    let ask = async |more: &str| {
        let payload = format!("{{\"id\":{}{more}}}", invoice["id"]);
        desk.call("/api/v1/invoice/deposit-history", &payload).await
    };
    let history = ask("").await.ok();
    assert_eq!(
        (&history["page"], &history["size"]),
        (&json!(0), &json!(20))
    );
    assert_eq!(
        (&history["total"], &history["totalElements"]),
        (&json!(1), &json!(2))
    );
    let items = history["result"].as_array().unwrap();
    assert_eq!(
        (&items[0]["id"], &items[1]["id"]),
        (&second["id"], &first["id"])
    );
    assert_eq!(items[1]["amount"].to_string(), "1.5");
    assert_eq!(
        (&items[1]["currency"], &items[1]["createdDate"]),
        (&json!("USDT"), &json!("2026-01-05T10:00:00"))
    );
    assert_eq!(items[1]["transactionHash"], first["transactionHash"]);
    assert!(items[1]["addressFrom"].as_str().unwrap().starts_with("0x"));

    let page = ask(",\"pageNumber\":1,\"size\":1,\"direction\":\"ASC\"")
        .await
        .ok();
    assert_eq!(
        (&page["result"][0]["id"], &page["total"]),
        (&second["id"], &json!(2))
    );
    assert_eq!(
        ask(",\"pageNumber\":4294967295,\"size\":1000").await.ok()["result"],
        json!([])
    );
    for (wrong, message) in [
        (
            ",\"pageNumber\":-1",
            "payload.pageNumber=[must be a whole number from 0 to 4294967295]",
        ),
        (
            ",\"size\":0",
            "payload.size=[must be a whole number from 1 to 1000]",
        ),
        (
            ",\"size\":1.5",
            "payload.size=[must be a whole number from 1 to 1000]",
        ),
        (
            ",\"direction\":\"UP\"",
            "payload.direction=[must be ASC or DESC]",
        ),
    ] {
        assert_eq!(ask(wrong).await.refused("001"), message);
    }
}

#[tokio::test]
async fn one_deposit_is_found_under_its_own_invoice_only() {
    let desk = Desk::open().await;
    let (invoice, other) = (desk.invoice("USDT").await, desk.invoice("USDT").await);
    let deposit = desk.deposit(&invoice, "1", "confirmed").await;
    let ask = async |invoice: &Value, id: &Value| {
        let payload = format!(
            "{{\"idempotencyKey\":{},\"transactionId\":{id}}}",
            invoice["idempotencyKey"]
        );
        desk.call("/api/v1/invoice/deposit", &payload).await
    };
    assert_eq!(
        ask(&invoice, &deposit["id"]).await.ok()["transactionHash"],
        deposit["transactionHash"]
    );
    assert_eq!(
        ask(&other, &deposit["id"]).await.refused("004"),
        "Transaction is not found"
    );
    assert_eq!(
        ask(&invoice, &json!("x")).await.refused("001"),
        "payload.transactionId=[must be a UUID]"
    );
    assert_eq!(
        ask(&invoice, &Value::Null).await.refused("001"),
        "payload.transactionId=[must not be null]"
    );
}

#[tokio::test]
async fn invoices_are_listed_by_external_id() {
    let desk = Desk::open().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let payload =
            "{\"currency\":\"BTC\",\"amount\":1,\"description\":\"x\",\"externalId\":\"order-7\"}";
        made.push(
            desk.call("/api/v1/invoice/single/create", payload)
                .await
                .ok(),
        );
    }
    desk.invoice("BTC").await;
    let ask = async |payload: &str| desk.call("/api/v1/invoice/external", payload).await;
    let newest = ask("{\"externalId\":\"order-7\",\"size\":2}").await.ok();
    assert_eq!(newest["result"], json!([made[2], made[1]]));
    assert_eq!(
        (&newest["total"], &newest["totalElements"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(
        ask("{\"externalId\":\"nobody\"}").await.ok()["result"],
        json!([])
    );
    assert_eq!(
        ask("{}").await.refused("001"),
        "payload.externalId=[must not be null]"
    );
}
