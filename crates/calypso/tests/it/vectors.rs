//! Every JSON example of the reference: answers parse into their types, requests are produced digit for digit.

use std::collections::BTreeSet;
use std::path::PathBuf;

use calypso::webhook::{EventKind, WebhookOrder};
use calypso::{
    BoundInvoice, Client, ComplianceState, Error, GatewayErrorCode, Invoice, InvoiceKey,
    InvoiceKind, InvoiceRef, Paging, PaymentWidget, SingleFiatInvoice, SingleFiatWidget,
    SingleInvoice, TransactionState, UnlimitedInvoice, UnlimitedWidget, WidgetKind, WidgetState,
};
use checkout::{Amount, InvoiceStatus, Timestamp};
use serde::de::DeserializeOwned;

use super::gateway::{Answer, Gateway, KEY, SECRET, ok};
use super::json;
use super::reading::invoice;

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/vectors/gateway"
    ))
}

pub(crate) fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn read<A: DeserializeOwned>(name: &str) -> A {
    serde_json::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Makes a call against a gateway that answers with one vector, and compares what was sent with another.
async fn sends<T>(
    request: &str,
    path: &str,
    answer: Answer,
    call: impl AsyncFn(Client) -> Result<T, Error>,
) -> T {
    sends_by("POST", request, path, answer, call).await
}

async fn sends_by<T>(
    method: &str,
    request: &str,
    path: &str,
    answer: Answer,
    call: impl AsyncFn(Client) -> Result<T, Error>,
) -> T {
    let gateway = Gateway::new([answer]);
    let result = call(gateway.client()).await.unwrap();
    let [sent] = <[_; 1]>::try_from(gateway.requests())
        .ok()
        .expect("one request");
    assert_eq!(sent.path, format!("/api/v1{path}"));
    assert!(
        sent.head.starts_with(&format!("{method} ")),
        "{}",
        sent.head
    );
    assert_eq!(
        json::parse(sent.text()),
        json::parse(&text(request)),
        "{request}"
    );
    assert_eq!(sent.header("Key"), Some(KEY));
    assert_eq!(sent.header("Content-Type"), Some("application/json"));
    let sign = sent.header("Sign").expect("a signature");
    assert!(
        calypso::sign::verify(&SECRET.into(), &sent.body, sign),
        "the signature is over the bytes that came"
    );
    result
}

#[test]
fn no_vector_is_left_out() {
    let known = BTreeSet::from([
        "1.2-envelope.request",
        "1.5-error-internal.answer",
        "1.5-error-validation.answer",
        "2.0-invoice.answer",
        "2.1-widget-single-fiat-create.answer",
        "2.1-widget-single-fiat-create.request",
        "2.10-invoice-bound-create.request",
        "2.12-deposit-history.answer",
        "2.13-deposit.request",
        "2.16-webhook-create.answer",
        "2.16-webhook-create.request",
        "2.17-webhook-delete.request",
        "2.18-rate-fiat.answer",
        "2.18-rate-fiat.request",
        "2.18-rate.answer",
        "2.18-rate.request",
        "2.2-widget-single-fiat-find.request",
        "2.20-purse-transaction.answer",
        "2.3-widget-unlimited-linked-create.request",
        "2.4-widget-unlimited-linked-find.answer",
        "2.6-invoice-get.request",
        "2.7-invoice-single-fiat-create.request",
        "2.8-invoice-single-create.request",
        "2.9-invoice-unlimited-create.answer",
        "2.9-invoice-unlimited-create.request",
        "5.5-compliance-declined.event",
        "5.5-create-invoice.delivery",
        "5.5-create-unlimited-invoice.event",
        "5.5-expired.event",
        "5.5-funds-received.delivery",
        "5.5-mempool-found.event",
        "5.5-paid.delivery",
        "5.5-pending-intervention.delivery",
        "5.5-translation-completed.delivery",
        "5.6-purse-expired.event",
    ]);
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .replace(".json", "")
        })
        .collect();
    assert_eq!(
        files.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known
    );
}

#[tokio::test]
async fn an_invoice_is_asked_for_by_its_id() {
    for request in ["1.2-envelope.request", "2.6-invoice-get.request"] {
        let which = InvoiceRef::Id("d9732536-acdd-41bd-87c3-ec40aeeb6a37".into());
        let invoice = sends(
            request,
            "/invoice",
            ok(text("2.0-invoice.answer")),
            async |client| client.invoice(&which).await,
        )
        .await;
        assert_eq!(invoice.id, "d9732536-acdd-41bd-87c3-ec40aeeb6a37");
    }
}

#[test]
fn an_invoice_without_end_is_read_with_its_payments_and_their_fees() {
    let invoice: Invoice = read("2.9-invoice-unlimited-create.answer");
    assert_eq!(invoice.kind, InvoiceKind::Unlimited);
    assert_eq!(invoice.amount, None);
    assert_eq!(invoice.fee, Some(amount("0.0004")));
    assert_eq!(invoice.amount_in_invoice_wallet, Some(amount("0")));
    assert!(invoice.cart_items.is_empty());
    assert_eq!(invoice.expiration, Some(time("2022-10-05T06:54:41.421Z")));
    let [payment] = &invoice.invoice_payments[..] else {
        panic!("one payment: {:?}", invoice.invoice_payments);
    };
    assert_eq!(
        payment.transaction_id.as_deref(),
        Some("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    );
    let (paid, fee) = (payment.amount.unwrap(), payment.service_fee.unwrap());
    assert_eq!(fee, amount("0.0001"));
    assert_eq!(paid.checked_sub(fee).unwrap(), amount("0.0099"));
}

#[test]
fn the_invoice_is_read() {
    let invoice: Invoice = read("2.0-invoice.answer");
    assert_eq!(
        invoice.address,
        "0xc23670524181205cdddef7a7e471674779b20797"
    );
    assert_eq!(invoice.kind, InvoiceKind::SingleFiat);
    assert_eq!(invoice.amount, Some(amount("980")));
    assert!(invoice.total_debit_amount.is_zero());
    assert_eq!(invoice.currency, "USDC");
    assert_eq!(invoice.state, InvoiceStatus::PendingPayment);
    assert_eq!(invoice.intervention, None);
    assert_eq!(invoice.is_intervention_resolved, Some(true));
    assert_eq!(invoice.description.as_deref(), Some("invoice for client 1"));
    assert_eq!(invoice.created, Some(time("2022-09-05T06:54:41.421Z")));
    assert_eq!(invoice.expiration, Some(time("2022-10-05T06:54:41.421Z")));
    assert_eq!(
        invoice.idempotency_key.as_deref(),
        Some("d7067648-cf1f-4d95-afd1-3f7228992671")
    );
    assert_eq!(
        (invoice.fiat_amount, invoice.fiat_currency.as_deref()),
        (Some(amount("1000")), Some("EUR"))
    );
    assert_eq!(
        (invoice.external_id, invoice.last_deposit_hash, invoice.fee),
        (None, None, None)
    );
}

#[tokio::test]
async fn a_single_fiat_invoice_is_created() {
    let key = "1be6a518-6dcd-477d-96af-dd914b1300ce".parse().unwrap();
    let order = SingleFiatInvoice::new("USDC", amount("1000"), "EUR", "invoice for client 1", key);
    let invoice = sends(
        "2.7-invoice-single-fiat-create.request",
        "/invoice/single-fiat/create",
        ok(text("2.0-invoice.answer")),
        async |client| client.create_single_fiat_invoice(&order).await,
    )
    .await;
    assert_eq!(invoice.amount, Some(amount("980")));
}

#[tokio::test]
async fn a_single_fiat_widget_is_created_and_found() {
    let key = "e73ed7b1-a941-429e-9d59-315591bfeb68".parse().unwrap();
    let mut order = SingleFiatWidget::new(
        ["USDT_TRX", "USDC", "BTC"],
        amount("100"),
        "EUR",
        "Order 1001",
        key,
    );
    order.options.external_id = Some("order-1001".into());
    order.options.links.return_url = Some("https://shop.example/done".parse().unwrap());
    let made = sends(
        "2.1-widget-single-fiat-create.request",
        "/payment-widget/single-fiat/create",
        ok(text("2.1-widget-single-fiat-create.answer")),
        async |client| client.create_single_fiat_widget(&order).await,
    )
    .await;
    let found = sends(
        "2.2-widget-single-fiat-find.request",
        "/payment-widget/single-fiat/find",
        ok(text("2.1-widget-single-fiat-create.answer")),
        async |client| client.find_single_fiat_widget(key).await,
    )
    .await;
    assert_eq!(made, found);
    assert_eq!(made.idempotency_key, key.to_string());
    assert_eq!(made.crypto_currencies, ["USDT_TRX", "USDC", "BTC"]);
    assert_eq!(
        (made.fiat_amount, made.fiat_currency.as_deref()),
        (Some(amount("100")), Some("EUR"))
    );
    assert_eq!(
        (&made.kind, &made.state),
        (&WidgetKind::SingleFiat, &WidgetState::InProgress)
    );
    assert_eq!(made.invoices, []);
    assert_eq!(made.created, Some(time("2025-07-05T17:05:34.275Z")));
    assert_eq!(
        made.return_url.as_deref(),
        Some("https://shop.example/done")
    );
}

#[test]
fn a_widget_with_currencies_as_objects_is_read() {
    let widget: PaymentWidget = read("2.4-widget-unlimited-linked-find.answer");
    assert_eq!(widget.crypto_currencies, ["USDT_TRX"]);
    assert_eq!(widget.kind, WidgetKind::UnlimitedLinked);
    assert_eq!(widget.fiat_amount, None);
    let [invoice] = &widget.invoices[..] else {
        panic!("one invoice")
    };
    assert_eq!(invoice.invoice_id, "text");
    assert_eq!(invoice.crypto_currency.as_deref(), Some("USDT_TRX"));
    assert_eq!(
        invoice.invoice_idempotency_key.as_deref(),
        Some("123e4567-e89b-12d3-a456-426614174000")
    );
}

#[tokio::test]
async fn rates_are_asked_for_without_an_account() {
    let rates = sends(
        "2.18-rate.request",
        "/rate",
        ok(text("2.18-rate.answer")),
        async |client| client.rates(&["BTC"], &["EUR"]).await,
    )
    .await;
    let [rate] = &rates[..] else {
        panic!("one rate")
    };
    assert_eq!(
        (rate.from.as_str(), rate.to.as_str(), rate.rate),
        ("BTC", "EUR", amount("61000.5"))
    );
    assert_eq!(rate.at, Some(time("2025-11-23T18:15:47.775Z")));
}

#[tokio::test]
async fn refusals_are_read_with_their_code() {
    let gateway = Gateway::new([
        Answer::Body(400, text("1.5-error-validation.answer")),
        Answer::Body(500, text("1.5-error-internal.answer")),
    ]);
    let client = gateway.settings().retries(0).build().unwrap();
    let error = client.rates(&["BTC"], &["EUR"]).await.unwrap_err();
    let Error::Refused {
        path,
        status,
        code,
        message,
        trace_id,
        ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        (*path, *status, code),
        ("/api/v1/rate", 400, &GatewayErrorCode::BadRequest)
    );
    assert_eq!(
        message,
        "payload.lowerBound=[Scale incorrect. Must be less than or equal to 6]"
    );
    assert_eq!(trace_id.as_deref(), Some("5f0c6b6d2a7e4c11"));
    assert!(!error.may_have_taken_effect());
    let error = client.rates(&["BTC"], &["EUR"]).await.unwrap_err();
    assert_eq!(error.code(), Some(&GatewayErrorCode::Internal));
    assert!(
        error.may_have_taken_effect(),
        "an internal error says nothing about the effect"
    );
}

const KEY_OF_CLIENT_1: &str = "1be6a518-6dcd-477d-96af-dd914b1300ce";

#[tokio::test]
async fn a_single_invoice_is_created() {
    let order = SingleInvoice::new(
        amount("0.001"),
        "ETH",
        "invoice for client 1",
        KEY_OF_CLIENT_1.parse().unwrap(),
    );
    let answer = invoice(&[
        ("type", "\"SINGLE\""),
        ("currency", "\"ETH\""),
        ("amount", "0.0010"),
        ("fiatAmount", ""),
    ]);
    let made = sends(
        "2.8-invoice-single-create.request",
        "/invoice/single/create",
        ok(answer),
        async |client| client.create_single_invoice(&order).await,
    )
    .await;
    assert_eq!(made.kind, InvoiceKind::Single);
}

#[tokio::test]
async fn an_unlimited_invoice_is_created() {
    let order = UnlimitedInvoice::new(
        "ETH",
        "invoice for client 1",
        KEY_OF_CLIENT_1.parse().unwrap(),
    );
    let answer = invoice(&[
        ("type", "\"UNLIMITED\""),
        ("currency", "\"ETH\""),
        ("amount", ""),
        ("fee", "0.000042026017236"),
    ]);
    let made = sends(
        "2.9-invoice-unlimited-create.request",
        "/invoice/unlimited/create",
        ok(answer),
        async |client| client.create_unlimited_invoice(&order).await,
    )
    .await;
    assert_eq!(
        (made.amount, made.fee),
        (None, Some(amount("0.000042026017236")))
    );
}

#[tokio::test]
async fn a_bound_invoice_is_created() {
    let mut order = BoundInvoice::new(amount("10"), "USDT", "top-up", None);
    order.fiat_available = Some(true);
    let answer = invoice(&[
        ("type", "\"BOUND\""),
        ("currency", "\"USDT\""),
        ("amount", ""),
        ("lowerBound", "10.000000"),
    ]);
    let made = sends(
        "2.10-invoice-bound-create.request",
        "/invoice/bound/create",
        ok(answer),
        async |client| client.create_bound_invoice(&order).await,
    )
    .await;
    assert_eq!(
        (made.kind, made.lower_bound),
        (InvoiceKind::Bound, Some(amount("10")))
    );
}

#[tokio::test]
async fn an_unlimited_widget_is_created_and_found() {
    let mut order = UnlimitedWidget::new(["USDT_TRX", "ETH"], "Top-up", None);
    order.options.external_id = Some("user-7".into());
    let answer = || ok(text("2.4-widget-unlimited-linked-find.answer"));
    let made = sends(
        "2.3-widget-unlimited-linked-create.request",
        "/payment-widget/unlimited-linked/create",
        answer(),
        async |client| client.create_unlimited_widget(&order).await,
    )
    .await;
    let key = "e73ed7b1-a941-429e-9d59-315591bfeb68".parse().unwrap();
    // §2.4 has the request of §2.2.
    let found = sends(
        "2.2-widget-single-fiat-find.request",
        "/payment-widget/unlimited-linked/find",
        answer(),
        async |client| client.find_unlimited_widget(key).await,
    )
    .await;
    assert_eq!(made, found);
}

#[tokio::test]
async fn deposits_are_listed_and_read() {
    let which = InvoiceKey::Id("75867d4d-764c-4dd2-94a5-3e07a41c22ea".into());
    let listed = text("2.12-deposit-history.answer");
    let gateway = Gateway::new([ok(listed.clone())]);
    let paging = Paging {
        number: Some(2),
        size: Some(20),
        direction: None,
    };
    let page = gateway
        .client()
        .deposit_history(&which, paging)
        .await
        .unwrap();
    let sent = gateway.requests().remove(0);
    assert_eq!(sent.path, "/api/v1/invoice/deposit-history");
    assert!(
        sent.text().ends_with(
            r#""payload":{"id":"75867d4d-764c-4dd2-94a5-3e07a41c22ea","pageNumber":2,"size":20}}"#
        ),
        "{}",
        sent.text()
    );
    let [deposit] = &page.items[..] else {
        panic!("one deposit")
    };
    assert_eq!(
        deposit.transaction(),
        Some("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    );
    assert_eq!(
        (deposit.amount, deposit.currency.as_deref()),
        (amount("0.01"), Some("ETH"))
    );
    assert_eq!(deposit.created, Some(time("2022-09-05T07:39:18.929Z")));
    assert_eq!(
        (page.page, page.size, page.total, page.total_elements),
        (Some(0), Some(20), Some(1), Some(1))
    );

    let list = listed
        .split_once('[')
        .unwrap()
        .1
        .rsplit_once(']')
        .unwrap()
        .0;
    let bare = Gateway::new([ok(format!(" [{list}]"))]);
    let items = bare
        .client()
        .deposit_history(&which, Paging::default())
        .await
        .unwrap();
    assert_eq!(
        (items.items, items.total),
        (page.items.clone(), None),
        "a bare list will do"
    );

    let one = sends(
        "2.13-deposit.request",
        "/invoice/deposit",
        ok(list),
        async |client| {
            client
                .deposit(&which, "3fa85f64-5717-4562-b3fc-2c963f66afa6")
                .await
        },
    )
    .await;
    assert_eq!(one, page.items[0]);
}

#[tokio::test]
async fn invoices_are_listed_and_changed_by_their_names() {
    let page = format!(
        r#"{{"result":[{}],"page":0,"totalElements":1}}"#,
        invoice(&[])
    );
    let one = || ok(invoice(&[]));
    let gateway = Gateway::new([ok(page), one(), one(), one()]);
    let client = gateway.client();
    let found = client
        .invoices_by_external_id("order-1001", Paging::default())
        .await
        .unwrap();
    assert_eq!(found.items.len(), 1);
    let by_key = InvoiceKey::IdempotencyKey(KEY_OF_CLIENT_1.parse().unwrap());
    client.archive_invoice(&by_key).await.unwrap();
    client.return_to_paid(&by_key).await.unwrap();
    client
        .close_intervention(&InvoiceKey::Id("i-1".into()))
        .await
        .unwrap();
    let sent: Vec<_> = gateway
        .requests()
        .iter()
        .map(|request| {
            (
                request.path.clone(),
                request.text().split_once("payload").unwrap().1.to_owned(),
            )
        })
        .collect();
    let key = format!(r#"":{{"idempotencyKey":"{KEY_OF_CLIENT_1}"}}}}"#);
    let expected = [
        (
            "/api/v1/invoice/external",
            r#"":{"externalId":"order-1001"}}"#,
        ),
        ("/api/v1/invoice/archive", &key),
        ("/api/v1/invoice/return-to-paid", &key),
        ("/api/v1/invoice/close-intervention", r#"":{"id":"i-1"}}"#),
    ];
    assert_eq!(
        sent,
        expected.map(|(path, payload)| (path.to_owned(), payload.to_owned()))
    );
    assert_eq!(
        InvoiceRef::from(by_key),
        InvoiceRef::IdempotencyKey(KEY_OF_CLIENT_1.parse().unwrap())
    );
}

#[tokio::test]
async fn a_webhook_is_made_listed_changed_and_deleted() {
    let id = "bf9348b7-2c14-46d7-868c-b597852da319".parse().unwrap();
    let events = [
        EventKind::InvoicePaid,
        EventKind::InvoicePendingIntervention,
    ];
    let order = WebhookOrder::to_events(
        id,
        "https://shop.example/hooks".parse().unwrap(),
        events.clone(),
    );
    let answer = text("2.16-webhook-create.answer");
    for path in ["create", "change"] {
        let made = sends(
            "2.16-webhook-create.request",
            &format!("/subscription/webhook/{path}"),
            ok(answer.clone()),
            async |client| {
                if path == "create" {
                    client.create_webhook(&order).await
                } else {
                    client.change_webhook(&order).await
                }
            },
        )
        .await;
        assert_eq!(
            (
                made.request_id.as_str(),
                made.url.as_str(),
                &made.events[..]
            ),
            (
                "bf9348b7-2c14-46d7-868c-b597852da319",
                "https://shop.example/hooks",
                &events[..]
            )
        );
        assert_eq!(made.public_key.as_deref(), Some("text"));
        assert!(made.secret_key.is_some());
        assert_eq!(made.created, Some(time("2022-08-22T08:24:00.307Z")));
        assert!(
            !format!("{made:?}").contains("secret_key: Some(\"text"),
            "{made:?}"
        );
    }
    sends_by(
        "DELETE",
        "2.17-webhook-delete.request",
        "/subscription/webhook",
        ok(""),
        async |client| client.delete_webhook(id).await,
    )
    .await;

    let old = r#"{"requestId":7,"url":"https://shop.example","blockedByErrorCount":{"a":1},"notificationServiceTypes":["INVOICE","NEW"]}"#;
    let gateway = Gateway::new([ok(format!(r#"{{"subscriptions":[{answer},{old}]}}"#))]);
    let listed = gateway.client().webhooks().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(
        (
            listed[1].request_id.as_str(),
            listed[1].blocked_by_error_count.as_deref()
        ),
        ("7", Some(r#"{"a":1}"#))
    );
    assert!(listed[1].secret_key.is_none() && listed[1].events.is_empty());
    let sent = gateway.requests().remove(0);
    assert_eq!(
        json::parse(sent.text()),
        json::parse(&format!(
            r#"{{"timestamp":1700000000000,"account":"{}"}}"#,
            super::gateway::ACCOUNT
        )),
        "no payload"
    );
}

#[tokio::test]
async fn fiat_rates_are_listed() {
    let rates = sends(
        "2.18-rate-fiat.request",
        "/rate/fiat",
        ok(text("2.18-rate-fiat.answer")),
        async |client| client.fiat_rates(&["USD"], &["EUR"]).await,
    )
    .await;
    let [rate] = &rates[..] else {
        panic!("one rate")
    };
    assert_eq!(
        (rate.from.as_str(), rate.to.as_str(), rate.rate),
        ("USD", "EUR", amount("0.92"))
    );
}

#[tokio::test]
async fn a_purse_transaction_is_read() {
    let gateway = Gateway::new([ok(text("2.20-purse-transaction.answer"))]);
    let seen = gateway
        .client()
        .purse_transaction("3fa85f64-5717-4562-b3fc-2c963f66afa6")
        .await
        .unwrap();
    assert_eq!(
        (seen.state, seen.compliance),
        (TransactionState::Confirmed, Some(ComplianceState::Checked))
    );
    assert_eq!(
        (seen.amount, seen.currency.as_str()),
        (amount("100"), "USDT_TRX")
    );
    assert_eq!(seen.translation_to_account_completed, Some(true));
    assert_eq!(seen.created, Some(time("2025-07-30T10:53:50.356Z")));
    assert!(
        gateway.requests()[0]
            .text()
            .ends_with(r#""payload":{"transactionId":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}}"#)
    );
}
