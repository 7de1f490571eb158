//! Every JSON example of the reference: answers parse into their types, requests are produced digit for digit.

use std::collections::BTreeSet;
use std::path::PathBuf;

use calypso::{
    Client, Error, ErrorCode, Invoice, InvoiceKind, InvoiceRef, PaymentWidget, SingleFiatInvoice,
    SingleFiatWidget, WidgetKind, WidgetState,
};
use checkout::{Amount, InvoiceStatus, Timestamp};
use serde::de::DeserializeOwned;

use super::gateway::{Answer, Gateway, KEY, SECRET, ok};
use super::json;

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/vectors/gateway"
    ))
}

fn text(name: &str) -> String {
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
    let gateway = Gateway::new([answer]);
    let result = call(gateway.client()).await.unwrap();
    let [sent] = <[_; 1]>::try_from(gateway.requests())
        .ok()
        .expect("one request");
    assert_eq!(sent.path, format!("/api/v1{path}"));
    assert!(sent.head.starts_with("POST "), "{}", sent.head);
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
        "2.18-rate.answer",
        "2.18-rate.request",
        "2.2-widget-single-fiat-find.request",
        "2.4-widget-unlimited-linked-find.answer",
        "2.6-invoice-get.request",
        "2.7-invoice-single-fiat-create.request",
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
    order.external_id = Some("order-1001".into());
    order.return_url = Some("https://shop.example/done".parse().unwrap());
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
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        (*path, *status, code),
        ("/api/v1/rate", 400, &ErrorCode::BadRequest)
    );
    assert_eq!(
        message,
        "payload.lowerBound=[Scale incorrect. Must be less than or equal to 6]"
    );
    assert_eq!(trace_id.as_deref(), Some("5f0c6b6d2a7e4c11"));
    assert!(!error.may_have_taken_effect());
    let error = client.rates(&["BTC"], &["EUR"]).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::Internal));
    assert!(
        error.may_have_taken_effect(),
        "an internal error says nothing about the effect"
    );
}
