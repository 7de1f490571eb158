//! The other three types of invoices: priced in crypto, with a lower bound, without end.

use calypso_sandbox::Settings;
use checkout::Amount;
use serde_json::{Value, json};

use crate::desk::{Desk, settings};

async fn create(desk: &Desk, kind: &str, fields: &str) -> crate::desk::Answer {
    let payload = format!("{{\"currency\":\"USDT\",\"description\":\"x\"{fields}}}");
    desk.call(&format!("/api/v1/invoice/{kind}/create"), &payload)
        .await
}

#[tokio::test]
async fn single_has_the_price_it_was_given_for_ever() {
    let desk = Desk::open().await;
    let invoice = create(&desk, "single", ",\"amount\":12.50,\"type\":\"SINGLE\"")
        .await
        .ok();
    assert_eq!(
        (invoice["type"].as_str(), invoice["amount"].to_string()),
        (Some("SINGLE"), "12.5".to_owned())
    );
    for absent in [
        "fiatAmount",
        "fiatCurrency",
        "lastFiatUpdated",
        "lowerBound",
        "fee",
    ] {
        assert!(invoice.get(absent).is_none(), "{absent}");
    }
    desk.advance(3600).await;
    assert_eq!(desk.get(&invoice).await, invoice);
    let deposit = desk.deposit(&invoice, "1", "mempool").await;
    desk.advance_deposit(&deposit, "dropped").await;
    desk.advance(3600).await;
    assert_eq!(desk.get(&invoice).await, invoice);
    desk.deposit(&invoice, "12.4375", "confirmed").await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
    desk.advance(5).await;
    assert_eq!(desk.get(&invoice).await["fee"].to_string(), "0.124375");
}

#[tokio::test]
async fn single_expires_and_refuses_wrong_amounts() {
    let desk = Desk::open().await;
    for (fields, reason) in [
        ("", "payload.amount=[must not be null]"),
        (",\"amount\":0", "payload.amount=[must be greater than 0]"),
        (
            ",\"amount\":0.0000001",
            "payload.amount=[Scale incorrect. Must be less than or equal to 6]",
        ),
        (",\"amount\":\"1\"", "payload.amount=[must be a number]"),
    ] {
        assert_eq!(create(&desk, "single", fields).await.refused("001"), reason);
    }
    let invoice = create(&desk, "single", ",\"amount\":1").await.ok();
    desk.advance(86_400).await;
    assert_eq!(desk.get(&invoice).await["state"], "ARCHIVED");
}

#[tokio::test]
async fn bound_takes_one_payment_from_its_bound_on() {
    let desk = Desk::open().await;
    let message = create(&desk, "bound", ",\"lowerBound\":0.0000001")
        .await
        .refused("001");
    assert_eq!(
        message,
        "payload.lowerBound=[Scale incorrect. Must be less than or equal to 6]"
    );
    for (amount, state, intervention) in [
        ("10", "PAID", Value::Null),
        ("1000000", "PAID", Value::Null),
        ("9.999999", "PENDING_INTERVENTION", json!("UNDERPAY")),
    ] {
        let invoice = create(&desk, "bound", ",\"lowerBound\":10,\"fiatAvailable\":true")
            .await
            .ok();
        assert_eq!(invoice["type"], "BOUND");
        assert_eq!(
            (invoice["lowerBound"].to_string(), &invoice["fiatAvailable"]),
            ("10".to_owned(), &json!(true))
        );
        assert!(invoice.get("amount").is_none());
        desk.deposit(&invoice, amount, "confirmed").await;
        let after = desk.get(&invoice).await;
        assert_eq!(
            (after["state"].as_str(), &after["interventionType"]),
            (Some(state), &intervention),
            "{amount}"
        );
    }
}

#[tokio::test]
async fn unlimited_keeps_taking_money_from_anybody() {
    let desk = Desk::open().await;
    let ignored = ",\"amount\":5,\"fiatAmount\":5,\"expiration\":\"2020-01-01T00:00Z\"";
    let invoice = create(&desk, "unlimited", ignored).await.ok();
    assert_eq!(invoice["type"], "UNLIMITED");
    for absent in ["amount", "fiatAmount", "expiration", "lowerBound"] {
        assert!(invoice.get(absent).is_none(), "{absent}");
    }
    // The commission of making it: about one dollar.
    let fee = Amount::parse(&invoice["fee"].to_string()).unwrap();
    assert!(
        fee > Amount::parse("0.99").unwrap() && fee < Amount::parse("1.01").unwrap(),
        "{fee}"
    );
    let mut sum = 0;
    for (place, amount) in [7, 1, 100].into_iter().enumerate() {
        desk.advance(30 * 86_400).await;
        let body = json!({ "address": invoice["invoiceAddress"], "amount": amount.to_string(), "stage": "confirmed",
            "from": format!("sender {place}") });
        let deposit = desk.control("deposits", &body).await.ok();
        sum += amount;
        let after = desk.get(&invoice).await;
        assert_eq!(
            (
                after["state"].as_str(),
                after["totalDebitAmount"].to_string()
            ),
            (Some("PENDING_PAYMENT"), sum.to_string())
        );
        assert_eq!(after["lastDepositHash"], deposit["transactionHash"]);
        assert_eq!(after["isInterventionResolved"], true);
    }
}

#[tokio::test]
async fn unlimited_is_archived_after_three_months_without_money() {
    let desk = Desk::open().await;
    let day = 86_400;
    let (idle, fed) = (
        create(&desk, "unlimited", "").await.ok(),
        create(&desk, "unlimited", "").await.ok(),
    );
    desk.advance(50 * day).await;
    desk.deposit(&fed, "1", "confirmed").await;
    desk.advance(40 * day - 1).await;
    assert_eq!(desk.get(&idle).await["state"], "PENDING_PAYMENT");
    desk.advance(1).await;
    assert_eq!(desk.get(&idle).await["state"], "ARCHIVED");
    assert_eq!(desk.get(&fed).await["state"], "PENDING_PAYMENT");
    assert_eq!(desk.deposit(&idle, "1", "confirmed").await["lost"], true);
    desk.advance(50 * day).await;
    assert_eq!(desk.get(&fed).await["state"], "ARCHIVED");
}

#[tokio::test]
async fn a_key_belongs_to_one_type() {
    let desk = Desk::open().await;
    let key = ",\"idempotencyKey\":\"1be6a518-6dcd-477d-96af-dd914b1300ce\",\"amount\":5,\"lowerBound\":5";
    let invoice = create(&desk, "single", key).await.ok();
    assert_eq!(create(&desk, "single", key).await.ok(), invoice);
    create(&desk, "bound", key).await.refused("016");
    create(&desk, "unlimited", key).await.refused("016");
}

#[tokio::test]
async fn the_commission_can_be_left_out() {
    let desk = Desk::with(Settings {
        unlimited_commission_usd: Amount::ZERO,
        ..settings()
    })
    .await;
    assert!(
        create(&desk, "unlimited", "")
            .await
            .ok()
            .get("fee")
            .is_none()
    );
}

#[tokio::test]
async fn unlimited_linked_widgets_make_invoices_without_end() {
    let desk = Desk::open().await;
    let payload = "{\"cryptoCurrencies\":[\"USDT_TRX\",\"ETH\"],\"description\":\"Top-up\",\"externalId\":\"user-7\"}";
    let widget = desk
        .call("/api/v1/payment-widget/unlimited-linked/create", payload)
        .await
        .ok();
    assert_eq!(
        (&widget["widgetType"], &widget["widgetState"]),
        (&json!("UNLIMITED_LINKED"), &json!("IN_PROGRESS"))
    );
    assert!(widget.get("fiatAmount").is_none());
    let name = format!("{{\"requestId\":{}}}", widget["idempotencyKey"]);
    desk.call("/api/v1/payment-widget/single-fiat/find", &name)
        .await
        .refused("004");
    let key = widget["idempotencyKey"].as_str().unwrap();
    let chosen = desk
        .control(
            &format!("widgets/{key}/choose"),
            &json!({ "currency": "ETH" }),
        )
        .await
        .ok();
    let invoice = desk
        .call(
            "/api/v1/invoice",
            &format!("{{\"id\":{}}}", chosen["invoiceId"]),
        )
        .await
        .ok();
    assert_eq!(
        (&invoice["type"], &invoice["externalId"]),
        (&json!("UNLIMITED_LINKED"), &json!("user-7"))
    );
    desk.deposit(&invoice, "1", "confirmed").await;
    desk.advance(30 * 86_400).await;
    let found = desk
        .call("/api/v1/payment-widget/unlimited-linked/find", &name)
        .await
        .ok();
    assert_eq!(found["widgetState"], "ARCHIVED");
    assert_eq!(found["invoices"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get(&invoice).await["state"], "PENDING_PAYMENT");
}

#[tokio::test]
async fn the_currencies_are_listed() {
    let desk = Desk::open().await;
    let list = desk.call("/api/v1/currency", "null").await.ok();
    assert!(
        list["cryptoCurrencies"]
            .as_array()
            .unwrap()
            .contains(&json!("USDT_TRX"))
    );
    assert_eq!(list["fiatCurrencies"], json!(["EUR", "USD"]));
}
