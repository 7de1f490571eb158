//! Tolerant reading: every variation the reference lists, and what is refused all the same.

use calypso::{Invoice, InvoiceKind, PaymentWidget, Rate, WidgetKind, WidgetState};
use checkout::{InterventionKind, InvoiceStatus};

/// A complete invoice with some fields replaced; `""` leaves a field out.
pub(crate) fn invoice(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("id", "\"i-1\""),
        ("invoiceAddress", "\"T1\""),
        ("type", "\"SINGLE_FIAT\""),
        ("amount", "27.314"),
        ("totalDebitAmount", "0"),
        ("currency", "\"USDT_TRX\""),
        ("state", "\"PENDING_PAYMENT\""),
        ("fiatAmount", "25"),
        ("fiatCurrency", "\"EUR\""),
    ];
    for change in changes {
        fields.retain(|field| field.0 != change.0);
        fields.push(*change);
    }
    let fields: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key:?}:{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn read(changes: &[(&str, &str)]) -> Invoice {
    let text = invoice(changes);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refuses(changes: &[(&str, &str)]) -> String {
    serde_json::from_str::<Invoice>(&invoice(changes))
        .unwrap_err()
        .to_string()
}

#[test]
fn amounts_keep_every_digit() {
    let cases = [
        ("0", "0"),
        ("980", "980"),
        ("0.000042026017236", "0.000042026017236"),
        (
            "123456789.123456789012345678",
            "123456789.123456789012345678",
        ),
        ("4.2E-8", "0.000000042"),
        ("1e3", "1000"),
        ("1.50", "1.50"),
        ("9007199254740993", "9007199254740993"),
        ("\"27.314\"", "27.314"),
    ];
    for (json, printed) in cases {
        assert_eq!(
            read(&[("amount", json)]).amount.unwrap().to_string(),
            printed,
            "{json}"
        );
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for json in [
        "-1",
        "-0.5",
        "1e999999",
        "1e-999999",
        "{}",
        "[]",
        "true",
        "\"\"",
        "\"1,5\"",
        "\"NaN\"",
        "\" 1\"",
        "\"+1\"",
        "\"١\"",
    ] {
        assert!(
            refuses(&[("amount", json)]).contains("expected an amount"),
            "{json}"
        );
    }
    assert!(
        refuses(&[("totalDebitAmount", "")]).contains("totalDebitAmount"),
        "what was received cannot be guessed"
    );
    refuses(&[("totalDebitAmount", "null")]);
}

#[test]
fn ids_are_text_or_numbers() {
    assert_eq!(read(&[("id", "9677")]).id, "9677");
    assert_eq!(
        read(&[("id", "123456789012345678901234567890")]).id,
        "123456789012345678901234567890"
    );
    assert_eq!(read(&[("id", "\"a\\u0062\"")]).id, "ab");
    assert_eq!(
        read(&[("externalId", "17")]).external_id.as_deref(),
        Some("17")
    );
    for json in ["null", "{}", "[]", "true", ""] {
        refuses(&[("id", json)]);
    }
}

#[test]
fn currencies_are_names_or_objects() {
    assert_eq!(read(&[("currency", "\"BTC\"")]).currency, "BTC");
    assert_eq!(
        read(&[(
            "currency",
            r#"{"name":"BTC","scale":8,"networkData":{"type":"x"}}"#
        )])
        .currency,
        "BTC"
    );
    assert_eq!(
        read(&[("fiatCurrency", r#"{"name":"USD"}"#)])
            .fiat_currency
            .as_deref(),
        Some("USD")
    );
    for json in ["null", "{}", "1", "[\"BTC\"]"] {
        refuses(&[("currency", json)]);
    }
}

#[test]
fn null_is_a_missing_field() {
    let fields = [
        "amount",
        "interventionType",
        "isInterventionResolved",
        "lastDepositHash",
        "createdDate",
        "expiration",
        "lastFiatUpdated",
        "fiatAmount",
        "fiatCurrency",
        "idempotencyKey",
        "externalId",
        "description",
        "fee",
        "lowerBound",
        "returnUrl",
        "logoUrl",
        "supportUrl",
        "fiatAvailable",
        "subscriptionEnabled",
        "autoconversion",
    ];
    let nulls: Vec<_> = fields.iter().map(|field| (*field, "null")).collect();
    let missing: Vec<_> = fields.iter().map(|field| (*field, "")).collect();
    assert_eq!(read(&nulls), read(&missing));
    assert_eq!(read(&nulls).amount, None);
}

#[test]
fn unknown_fields_are_ignored_and_unknown_values_kept() {
    let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    let invoice = read(&[
        ("amountInInvoiceWallet", "1e99999"),
        ("cartItems", "[]"),
        ("newThing", &deep),
        ("type", "\"ROUND\""),
        ("state", "\"ON_HOLD\""),
        ("interventionType", "\"MIXED\""),
    ]);
    assert_eq!(invoice.kind, InvoiceKind::Unknown("ROUND".into()));
    assert_eq!(invoice.state, InvoiceStatus::Unknown("ON_HOLD".into()));
    assert_eq!(
        invoice.intervention,
        Some(InterventionKind::Unknown("MIXED".into()))
    );
    assert_eq!(invoice.kind.to_string(), "ROUND");
}

#[test]
fn a_date_of_no_known_form_is_not_taken_for_a_missing_one() {
    assert!(refuses(&[("expiration", "\"tomorrow\"")]).contains("tomorrow"));
    refuses(&[("expiration", "1700000000000")]);
}

#[test]
fn a_doubled_field_is_refused() {
    let text = invoice(&[]).replace("\"state\"", "\"state\":\"PAID\",\"state\"");
    assert!(
        serde_json::from_str::<Invoice>(&text)
            .unwrap_err()
            .to_string()
            .contains("duplicate field")
    );
}

#[test]
fn a_widget_needs_only_its_key_kind_and_state() {
    let text = r#"{"idempotencyKey":7,"widgetType":"OTHER","widgetState":"PAUSED","invoices":null,"cryptoCurrencies":null}"#;
    let widget: PaymentWidget = serde_json::from_str(text).unwrap();
    assert_eq!(widget.idempotency_key, "7");
    assert_eq!(
        (widget.kind, widget.state),
        (
            WidgetKind::Unknown("OTHER".into()),
            WidgetState::Unknown("PAUSED".into())
        )
    );
    assert!(widget.invoices.is_empty() && widget.crypto_currencies.is_empty());
}

#[test]
fn a_widgets_invoice_may_have_a_number_for_an_id() {
    let text = r#"{"idempotencyKey":"k","widgetType":"SINGLE_FIAT","widgetState":"COMPLETED",
        "cryptoCurrencies":["BTC",{"name":"ETH"}],"invoices":[{"invoiceId":12,"cryptoCurrency":{"name":"ETH"}}]}"#;
    let widget: PaymentWidget = serde_json::from_str(text).unwrap();
    assert_eq!(widget.crypto_currencies, ["BTC", "ETH"]);
    assert_eq!(
        (
            widget.invoices[0].invoice_id.as_str(),
            widget.invoices[0].crypto_currency.as_deref()
        ),
        ("12", Some("ETH"))
    );
}

#[test]
fn a_rate_may_be_in_exponent_form_and_without_a_date() {
    let text = r#"{"fromCurrency":{"name":"XDG"},"toCurrency":"EUR","rates":1.2345E-1}"#;
    let rate: Rate = serde_json::from_str(text).unwrap();
    assert_eq!(
        (rate.from.as_str(), rate.rate.to_string().as_str(), rate.at),
        ("XDG", "0.12345", None)
    );
}

#[test]
fn payments_and_items_are_lists_null_or_not_there() {
    for (field, value) in [
        ("invoicePayments", "null"),
        ("cartItems", "null"),
        ("invoicePayments", "[]"),
        ("amountInInvoiceWallet", "null"),
    ] {
        let invoice = read(&[(field, value)]);
        assert!(invoice.invoice_payments.is_empty() && invoice.cart_items.is_empty());
        assert_eq!(invoice.amount_in_invoice_wallet, None);
    }
    let invoice = read(&[
        ("cartItems", "[{\"price\":1.10},\"tea\"]"),
        (
            "invoicePayments",
            "[{\"id\":7,\"serviceFee\":0.000042026017236,\"colour\":\"red\"},{}]",
        ),
        ("amountInInvoiceWallet", "0.100000000000000001"),
    ]);
    assert_eq!(invoice.cart_items, ["{\"price\":1.10}", "\"tea\""]);
    let payments = &invoice.invoice_payments;
    assert_eq!(payments[0].transaction_id.as_deref(), Some("7"));
    assert_eq!(
        payments[0].service_fee.unwrap().to_string(),
        "0.000042026017236"
    );
    assert_eq!((payments[1].amount, payments[1].service_fee), (None, None));
    assert_eq!(
        invoice.amount_in_invoice_wallet.unwrap().to_string(),
        "0.100000000000000001"
    );
}

#[test]
fn old_fields_that_cannot_be_read_do_not_hide_the_invoice() {
    let invoice = read(&[
        ("amountInInvoiceWallet", "true"),
        ("cartItems", "{}"),
        (
            "invoicePayments",
            "[{\"serviceFee\":\"much\"},7,{\"serviceFee\":1}]",
        ),
    ]);
    assert_eq!(invoice.amount_in_invoice_wallet, None);
    assert!(invoice.cart_items.is_empty());
    let fees: Vec<_> = invoice
        .invoice_payments
        .iter()
        .map(|payment| payment.service_fee)
        .collect();
    assert_eq!(fees, [Some(checkout::Amount::parse("1").unwrap())]);
}
