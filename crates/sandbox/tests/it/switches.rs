//! The documented alternatives: each switch writes what its documents write, and the client reads it.

use calypso::webhook::{Delivery, Event, EventKind, FiatAmounts, InvoiceEvent, Verifier};
use calypso_sandbox::{
    ComplianceName, Dialect, EvmCase, ExternalId, FiatValue, Fractions, Ids, PaidEnvelope,
    Settings, TransactionId, Viewed,
};
use checkout::Amount;
use serde_json::{Value, json};

use crate::desk::{Desk, settings};
use crate::webhooks::{Ear, subscribe};

const DAY: u64 = 86_400;

/// A desk whose sandbox speaks a dialect, and an ear that hears of its invoices.
async fn speaking(dialect: Dialect) -> (Desk, Ear, Value) {
    let desk = Desk::with(Settings {
        dialect,
        ..settings()
    })
    .await;
    let ear = Ear::open().await;
    let subscription = subscribe(&desk, &ear.url).await;
    (desk, ear, subscription)
}

/// The next delivery as the client reads it, and as it came.
async fn hear(ear: &mut Ear, subscription: &Value) -> (Delivery, Value) {
    let (headers, body) = ear.raw().await;
    let text = |field: &str| subscription[field].as_str().unwrap();
    let verifier = Verifier::new().with(text("publicKey"), text("secretKey"));
    let delivery = verifier.verify(&headers, &body).unwrap();
    (delivery, serde_json::from_slice(&body).unwrap())
}

async fn hear_all(ear: &mut Ear, subscription: &Value, count: usize) -> Vec<(Delivery, Value)> {
    let mut heard = Vec::new();
    for _ in 0..count {
        heard.push(hear(ear, subscription).await);
    }
    heard
}

fn about(delivery: &Delivery) -> &InvoiceEvent {
    match &delivery.event {
        Event::Invoice(event) => event,
        other => panic!("expected an invoice's event, got {other:?}"),
    }
}

/// Created, received, paid and credited, of an invoice over 25 EUR.
async fn paid(desk: &Desk, ear: &mut Ear, subscription: &Value) -> (Value, Vec<(Delivery, Value)>) {
    let invoice = desk.invoice("USDT").await;
    desk.deposit(&invoice, &invoice["amount"].to_string(), "confirmed")
        .await;
    desk.advance(5).await;
    let heard = hear_all(ear, subscription, 4).await;
    (invoice, heard)
}

#[tokio::test]
async fn unless_told_everything_is_written_in_the_first_way() {
    let (desk, mut ear, subscription) = speaking(Dialect::default()).await;
    let (invoice, heard) = paid(&desk, &mut ear, &subscription).await;
    assert_ne!(
        invoice["invoiceAddress"].as_str().unwrap(),
        invoice["invoiceAddress"].as_str().unwrap().to_lowercase()
    );
    for (_, envelope) in &heard {
        let data = &envelope["data"];
        assert_eq!(data["parentExternalId"], invoice["id"]);
        assert!(envelope.get("viewed").is_none() && data.get("externalId").is_none());
        assert!(envelope["requestId"].is_string() && envelope["eventType"].is_string());
    }
    let received = &heard[1].1["data"];
    assert!(received["transactionId"].is_string() && received.get("transactionIds").is_none());
    assert!(received["fiatAmount"]["EUR"].is_number());
}

#[tokio::test]
async fn numbers_name_invoices_in_answers_webhooks_and_calls() {
    let dialect = Dialect {
        ids: Ids::Number,
        ..Dialect::default()
    };
    let (desk, mut ear, subscription) = speaking(dialect).await;
    let other = desk.invoice("BTC").await;
    hear(&mut ear, &subscription).await;
    let (invoice, heard) = paid(&desk, &mut ear, &subscription).await;
    let id = invoice["id"].as_u64().unwrap();
    assert_ne!(other["id"], invoice["id"]);
    for (delivery, envelope) in &heard {
        assert_eq!(envelope["data"]["parentExternalId"], id);
        assert_eq!(about(delivery).invoice_id, Some(id.to_string()));
    }
    // The client sends ids as text; as a number it is the same.
    for name in [format!("\"{id}\""), id.to_string()] {
        let found = desk
            .call("/api/v1/invoice", &format!("{{\"id\":{name}}}"))
            .await
            .ok();
        assert_eq!(
            (&found["id"], &found["state"]),
            (&json!(id), &json!("COMPLETED"))
        );
    }
    for unknown in ["\"0\"", "\"999\"", "\"-1\"", "\"1.0\""] {
        desk.call("/api/v1/invoice", &format!("{{\"id\":{unknown}}}"))
            .await
            .refused("004");
    }
}

#[tokio::test]
async fn deposits_are_named_by_a_list_or_by_both() {
    for (form, list, ids) in [
        (TransactionId::Array, true, false),
        (TransactionId::Both, false, true),
    ] {
        let dialect = Dialect {
            transaction_id: form,
            ..Dialect::default()
        };
        let (desk, mut ear, subscription) = speaking(dialect).await;
        let (_, heard) = paid(&desk, &mut ear, &subscription).await;
        let (received, envelope) = &heard[1];
        let data = &envelope["data"];
        assert_eq!(data["transactionId"].is_array(), list, "{data}");
        assert_eq!(data.get("transactionIds").is_some(), ids, "{data}");
        let mut named: Vec<_> = about(received).transactions().collect();
        named.dedup();
        let credited: Vec<_> = about(&heard[3].0).transactions().collect();
        assert_eq!(named, credited);
    }
}

#[tokio::test]
async fn no_external_id_is_null_and_a_given_one_stays() {
    let dialect = Dialect {
        external_id: ExternalId::Null,
        ..Dialect::default()
    };
    let (desk, mut ear, subscription) = speaking(dialect).await;
    for (field, shown) in [
        ("", Value::Null),
        (",\"externalId\":\"order-1\"", json!("order-1")),
    ] {
        let order = format!("{{\"currency\":\"ETH\",\"amount\":1,\"description\":\"x\"{field}}}");
        desk.call("/api/v1/invoice/single/create", &order)
            .await
            .ok();
        let (delivery, envelope) = hear(&mut ear, &subscription).await;
        assert_eq!(envelope["data"].get("externalId"), Some(&shown));
        assert_eq!(about(&delivery).external_id.as_deref(), shown.as_str());
    }
}

#[tokio::test]
async fn the_worth_in_fiat_is_empty_absent_or_always_there() {
    let said = async |fiat_amount: FiatValue| {
        let dialect = Dialect {
            fiat_amount,
            ..Dialect::default()
        };
        let (desk, mut ear, subscription) = speaking(dialect).await;
        desk.rate("ETH", "EUR", "2500").await;
        let order = "{\"currency\":\"ETH\",\"amount\":0.1,\"description\":\"x\"}";
        let invoice = desk.call("/api/v1/invoice/single/create", order).await.ok();
        desk.deposit(&invoice, "0.1", "confirmed").await;
        hear_all(&mut ear, &subscription, 3).await
    };
    let empty = said(FiatValue::Empty).await;
    assert_eq!(empty[1].1["data"]["fiatAmount"], json!({}));
    assert_eq!(
        about(&empty[1].0).fiat_amount,
        Some(FiatAmounts::PerCurrency(std::collections::BTreeMap::new()))
    );
    for (delivery, envelope) in said(FiatValue::Absent).await {
        assert!(envelope["data"].get("fiatAmount").is_none());
        assert!(envelope["data"].get("fiatCurrency").is_none());
        assert_eq!(about(&delivery).fiat_amount, None);
    }
    let filled = said(FiatValue::Filled).await;
    assert!(filled[2].1["data"].get("fiatAmount").is_none());
    let always = said(FiatValue::Always).await;
    let paid = about(&always[2].0);
    assert_eq!(
        paid.fiat_amount,
        Some(FiatAmounts::One(Amount::parse("250").unwrap()))
    );
    assert_eq!(paid.fiat_currency.as_deref(), Some("EUR"));
}

#[tokio::test]
async fn the_envelope_of_a_paid_invoice_is_as_in_the_published_example() {
    let dialect = Dialect {
        viewed: Viewed::False,
        paid: PaidEnvelope::Bare,
        ..Dialect::default()
    };
    let (desk, mut ear, subscription) = speaking(dialect).await;
    let (_, heard) = paid(&desk, &mut ear, &subscription).await;
    for (delivery, envelope) in &heard {
        assert_eq!(envelope["viewed"], false);
        assert_eq!(delivery.viewed, Some(false));
    }
    let (delivery, envelope) = &heard[2];
    assert!(envelope.get("requestId").is_none() && envelope.get("eventType").is_none());
    assert_eq!(delivery.kind, EventKind::InvoicePaid);
    assert!(heard[1].1["eventType"].is_string());
}

#[tokio::test]
async fn a_review_has_its_other_name() {
    let dialect = Dialect {
        compliance: ComplianceName::Check,
        ..Dialect::default()
    };
    let (desk, mut ear, subscription) = speaking(dialect).await;
    let invoice = desk.invoice("USDT").await;
    let deposit = desk.deposit(&invoice, "1", "mempool").await;
    desk.advance_deposit(&deposit, "review").await;
    let heard = hear_all(&mut ear, &subscription, 3).await;
    let (delivery, envelope) = &heard[2];
    assert_eq!(envelope["eventType"], "INVOICE_COMPLIANCE_CHECK");
    assert_eq!(envelope["data"]["type"], "INVOICE_COMPLIANCE_CHECK");
    assert_eq!(delivery.kind, EventKind::InvoicePendingCompliance);
}

#[tokio::test]
async fn addresses_in_lower_case_and_six_digits_of_a_second_are_everywhere() {
    let dialect = Dialect {
        addresses: EvmCase::Lower,
        dates: Fractions::Six,
        ..Dialect::default()
    };
    let (desk, mut ear, subscription) = speaking(dialect).await;
    assert_eq!(subscription["createdDate"], "2026-01-05T10:00:00.000000");
    let (invoice, heard) = paid(&desk, &mut ear, &subscription).await;
    let address = invoice["invoiceAddress"].as_str().unwrap();
    assert_eq!(address, address.to_lowercase());
    for field in ["createdDate", "expiration"] {
        assert!(invoice[field].as_str().unwrap().ends_with(":00.000000"));
    }
    let data = &heard[1].1["data"];
    let sender = data["senderAddress"].as_str().unwrap();
    assert_eq!(sender, sender.to_lowercase());
    for (_, envelope) in &heard {
        assert_eq!(envelope["createdDate"].as_str().unwrap().len(), 26);
    }
    for field in ["createdDate", "paymentDate"] {
        assert_eq!(data[field].as_str().unwrap().len(), 26, "{field}");
    }
    // Only the case of Ethereum's addresses means nothing.
    let tron = desk.invoice("USDT_TRX").await;
    let address = tron["invoiceAddress"].as_str().unwrap();
    assert_ne!(address, address.to_lowercase());
}

#[tokio::test]
async fn one_subscription_can_be_written_differently_from_all_others() {
    let (desk, mut ear, subscription) = speaking(Dialect::default()).await;
    let name = subscription["requestId"].as_str().unwrap();
    let path = format!("webhooks/{name}/dialect");
    let change = json!({
        "ids": "number", "transactionId": "array", "externalId": "null", "fiatAmount": "empty", "viewed": "false",
        "addresses": "lower", "dates": "six",
    });
    let whole = desk.control(&path, &change).await.ok();
    assert_eq!(
        whole,
        json!({
            "ids": "number", "transactionId": "array", "externalId": "null", "fiatAmount": "empty", "viewed": "false",
            "paid": "full", "compliance": "pending", "addresses": "lower", "dates": "six",
        })
    );
    assert_eq!(desk.read(&format!("/sandbox/v1/{path}")).await.ok(), whole);
    let (invoice, heard) = paid(&desk, &mut ear, &subscription).await;
    // Answers stay as they are, and the number of a webhook names the invoice to read.
    assert!(invoice["id"].is_string());
    let number = heard[1].1["data"]["parentExternalId"].as_u64().unwrap();
    let found = desk
        .call("/api/v1/invoice", &format!("{{\"id\":\"{number}\"}}"))
        .await
        .ok();
    assert_eq!(found["id"], invoice["id"]);
    assert!(heard[1].1["data"]["transactionId"].is_array());
    desk.control(&path, &json!({})).await.ok();
    let (invoice, heard) = paid(&desk, &mut ear, &subscription).await;
    assert_eq!(heard[1].1["data"]["parentExternalId"], invoice["id"]);
    for (wrong, code) in [
        (json!({ "ids": "uuid" }), "body_invalid"),
        (json!({ "viewed": true }), "body_invalid"),
        (json!({ "colour": "red" }), "body_invalid"),
        (json!([]), "body_invalid"),
    ] {
        desk.control(&path, &wrong).await.denied(400, code);
    }
    desk.control("webhooks/x/dialect", &json!({}))
        .await
        .denied(404, "subscription_unknown");
}

#[tokio::test]
async fn an_invoice_can_live_ninety_days_and_be_credited_late() {
    let days = 90 * u32::try_from(DAY).unwrap();
    let desk = Desk::with(Settings {
        tron_invoice_seconds: days,
        invoice_seconds: days,
        max_invoice_seconds: days,
        crediting_seconds: 7200,
        ..settings()
    })
    .await;
    let invoice = desk.invoice("USDT_TRX").await;
    assert_eq!(invoice["expiration"], "2026-04-05T10:00:00");
    let order = |expiration: &str| {
        format!(
            "{{\"currency\":\"ETH\",\"amount\":1,\"description\":\"x\",\"expiration\":\"{expiration}\"}}"
        )
    };
    let single = "/api/v1/invoice/single/create";
    desk.call(single, &order("2026-04-05T09:59:59Z")).await.ok();
    desk.call(single, &order("2026-04-05T10:00:00Z"))
        .await
        .refused("001");
    desk.deposit(&invoice, &invoice["amount"].to_string(), "confirmed")
        .await;
    desk.advance(7199).await;
    assert_eq!(desk.get(&invoice).await["state"], "PAID");
    desk.advance(1).await;
    assert_eq!(desk.get(&invoice).await["state"], "COMPLETED");
}

#[tokio::test]
async fn an_invoice_without_end_shows_what_its_published_example_shows() {
    let create = async |desk: &Desk| {
        let order = "{\"currency\":\"ETH\",\"description\":\"x\"}";
        desk.call("/api/v1/invoice/unlimited/create", order)
            .await
            .ok()
    };
    let desk = Desk::open().await;
    let invoice = create(&desk).await;
    assert_eq!(invoice["cartItems"], json!([]));
    assert_eq!(invoice["invoicePayments"], json!([]));
    assert_eq!(invoice["amountInInvoiceWallet"], 0);
    assert!(invoice.get("expiration").is_none());
    let first = desk.deposit(&invoice, "0.5", "confirmed").await;
    desk.advance(5).await;
    let second = desk.deposit(&invoice, "0.25", "confirmed").await;
    desk.deposit(&invoice, "1", "mempool").await;
    let shown = desk.get(&invoice).await;
    assert_eq!(shown["amountInInvoiceWallet"].to_string(), "0.25");
    assert_eq!(
        shown["invoicePayments"],
        json!([
            { "transactionId": first["id"], "amount": 0.5, "serviceFee": 0.005 },
            { "transactionId": second["id"], "amount": 0.25 },
        ])
    );
    let limited = desk.invoice("ETH").await;
    for field in ["amountInInvoiceWallet", "cartItems", "invoicePayments"] {
        assert!(limited.get(field).is_none(), "{field}");
    }

    let desk = Desk::with(Settings {
        unlimited_expiration: true,
        ..settings()
    })
    .await;
    let invoice = create(&desk).await;
    assert_eq!(invoice["expiration"], "2026-02-04T10:00:00");
    desk.advance(31 * DAY).await;
    let still = desk.get(&invoice).await;
    assert_eq!(still["state"], "PENDING_PAYMENT");
    assert_eq!(still["expiration"], invoice["expiration"]);
}
