//! Deliveries: every documented shape is understood, every changed bit is noticed, nothing makes the reader panic.

use calypso::sign::sign;
use calypso::webhook::{
    Delivery, Event, EventKind, FiatAmounts, InvoiceEvent, Level, PurseEvent, Service, Verifier,
    WebhookError,
};
use calypso::{InvoiceRef, SecretString};
use checkout::{Amount, Timestamp};
use http::{HeaderMap, HeaderValue};

use super::random::Random;
use super::vectors::text;

const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SECRET: &str = "b823a6b9ea72408583cef9ec8d67fa52";
const INVOICE: &str = "d9732536-acdd-41bd-87c3-ec40aeeb6a37";

const DELIVERIES: [&str; 5] = [
    "5.5-create-invoice.delivery",
    "5.5-funds-received.delivery",
    "5.5-paid.delivery",
    "5.5-pending-intervention.delivery",
    "5.5-translation-completed.delivery",
];
fn verifier() -> Verifier {
    Verifier::new().with(KEY, SECRET)
}

fn headers(key: &str, sign: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("key", HeaderValue::from_str(key).unwrap());
    headers.insert("sign", HeaderValue::from_str(sign).unwrap());
    headers
}

fn deliver(body: &str) -> Result<Delivery, WebhookError> {
    verifier().verify(
        &headers(KEY, &sign(&SECRET.into(), body.as_bytes())),
        body.as_bytes(),
    )
}

/// A delivery of nothing but an event.
fn event(kind: &str, data: &str) -> Delivery {
    let body = format!(r#"{{"id":1,"eventType":"{kind}","data":{data}}}"#);
    deliver(&body).unwrap_or_else(|error| panic!("{body}: {error}"))
}

fn invoice_event(delivery: &Delivery) -> &InvoiceEvent {
    let Event::Invoice(event) = &delivery.event else {
        panic!("{delivery:?}")
    };
    event
}

fn purse_event(delivery: &Delivery) -> &PurseEvent {
    let Event::Purse(event) = &delivery.event else {
        panic!("{delivery:?}")
    };
    event
}

fn amount(text: &str) -> Option<Amount> {
    Some(Amount::parse(text).unwrap())
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn the_event_of_a_new_invoice_is_read() {
    let delivery = deliver(&text("5.5-create-invoice.delivery")).unwrap();
    assert_eq!(
        delivery.subscription.as_deref(),
        Some("bf9348b7-2c14-46d7-868c-b597852da319")
    );
    assert_eq!(
        (delivery.id.as_deref(), &delivery.kind),
        (Some("1"), &EventKind::InvoiceCreated)
    );
    assert_eq!(
        (&delivery.level, &delivery.service),
        (&Some(Level::Success), &Some(Service::Invoice))
    );
    assert_eq!(delivery.created, time("2022-03-15T12:13:05.909Z"));
    let event = invoice_event(&delivery);
    assert_eq!(
        (
            event.amount,
            event.currency.as_deref(),
            event.fiat_currency.as_deref()
        ),
        (amount("0.01"), Some("ETH"), Some("USD"))
    );
    assert_eq!(event.text(), Some("Invoice example"));
    assert_eq!(
        delivery.invoice(),
        Some(InvoiceRef::Id("3".into())),
        "a number for an id"
    );
}

#[test]
fn the_event_of_received_funds_is_read() {
    let delivery = deliver(&text("5.5-funds-received.delivery")).unwrap();
    assert_eq!(delivery.kind, EventKind::InvoiceFundsReceived);
    let event = invoice_event(&delivery);
    assert_eq!(
        (event.amount, event.external_id.as_deref()),
        (amount("0.001043"), None)
    );
    assert_eq!(event.fiat_amount, Some(FiatAmounts::PerCurrency([].into())));
    assert_eq!(
        event.transactions().collect::<Vec<_>>(),
        ["3fa85f64-5717-4562-b3fc-2c963f66afa6"]
    );
    assert_eq!(
        event.sender_address.as_deref(),
        Some("0xf127e5b7666f51aa346f374213113298014f5969")
    );
    assert_eq!(event.paid, time("2022-08-25T12:54:48.605Z"));
    assert_eq!(delivery.invoice(), Some(InvoiceRef::Id(INVOICE.into())));
}

#[test]
fn a_payment_without_event_type_and_subscription_is_read() {
    let delivery = deliver(&text("5.5-paid.delivery")).unwrap();
    assert_eq!(
        (delivery.subscription, delivery.kind, delivery.viewed),
        (None, EventKind::InvoicePaid, Some(false))
    );
    assert_eq!(
        (delivery.id.as_deref(), delivery.level),
        (Some("9677"), Some(Level::Info))
    );
}

#[test]
fn the_other_deliveries_are_read() {
    let delivery = deliver(&text("5.5-pending-intervention.delivery")).unwrap();
    assert_eq!(delivery.kind, EventKind::InvoicePendingIntervention);
    assert_eq!(
        invoice_event(&delivery).amount,
        None,
        "it does not say how much"
    );

    let delivery = deliver(&text("5.5-translation-completed.delivery")).unwrap();
    assert_eq!(delivery.kind, EventKind::InvoiceTranslationCompleted);
    let event = invoice_event(&delivery);
    assert_eq!(
        (
            event.amount,
            event.service_fee,
            event.external_id.as_deref()
        ),
        (amount("0.01"), amount("0.0001"), Some("1234"))
    );
    let Some(FiatAmounts::PerCurrency(fiat)) = &event.fiat_amount else {
        panic!("{event:?}")
    };
    assert_eq!(fiat["EUR"].to_string(), "0.919371150133309");
    assert_eq!(fiat["USD"].to_string(), "1.0");
}

#[test]
fn events_are_read_from_their_data() {
    let delivery = event(
        "INVOICE_CREATE_UNLIMITED_INVOICE",
        &text("5.5-create-unlimited-invoice.event"),
    );
    assert_eq!(
        (delivery.kind.clone(), invoice_event(&delivery).amount),
        (EventKind::UnlimitedInvoiceCreated, None)
    );

    let delivery = event("INVOICE_MEMPOOL_FOUND", &text("5.5-mempool-found.event"));
    assert_eq!(delivery.kind, EventKind::InvoiceMempoolFound);
    assert_eq!(invoice_event(&delivery).real_amount, amount("0.001043"));
    assert_eq!(invoice_event(&delivery).text(), Some("test"));

    let delivery = event("INVOICE_EXPIRED", &text("5.5-expired.event"));
    assert_eq!(
        invoice_event(&delivery).expired,
        time("2022-09-06T06:54:41.421Z")
    );

    let delivery = event(
        "INVOICE_COMPLIANCE_DECLINED",
        &text("5.5-compliance-declined.event"),
    );
    assert_eq!(delivery.kind, EventKind::InvoiceComplianceDeclined);
    assert_eq!(
        invoice_event(&delivery).transactions().count(),
        1,
        "a list of ids"
    );

    let delivery = event("CUSTOMER_PURSE_EXPIRED", &text("5.6-purse-expired.event"));
    let purse = purse_event(&delivery);
    assert_eq!(
        (purse.customer_blocked, purse.address.as_deref()),
        (Some(false), Some("TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX"))
    );
    assert_eq!(delivery.invoice(), None);
}

#[test]
fn every_known_event_has_typed_data_or_is_kept() {
    for kind in EventKind::KNOWN {
        let delivery = event(kind.as_str(), r#"{"amount":1,"future":[]}"#);
        assert_eq!(delivery.kind, *kind);
        let expected = match kind.as_str().split('_').next().unwrap() {
            "INVOICE" => matches!(delivery.event, Event::Invoice(_)),
            "CUSTOMER" => matches!(delivery.event, Event::Purse(_)),
            "PAYOUT" => matches!(delivery.event, Event::Payout(_)),
            "TOP" | "WALLET" => matches!(delivery.event, Event::TopUp(_)),
            "FIAT" => matches!(delivery.event, Event::Other(_)),
            other => panic!("{other}"),
        };
        assert!(expected, "{delivery:?}");
    }
}

#[test]
fn unknown_events_are_kept_as_data() {
    let delivery = event(
        "RECURRENT_PAID",
        r#"{ "type":"RECURRENT_PAID", "amount": 1e400, "x":[null] }"#,
    );
    assert_eq!(delivery.kind, EventKind::Unknown("RECURRENT_PAID".into()));
    assert_eq!(
        delivery.event,
        Event::Other(r#"{ "type":"RECURRENT_PAID", "amount": 1e400, "x":[null] }"#.into())
    );
    let body = r#"{"level":"LOUD","service":"TOP_UP","data":{"type":"NEW"}}"#;
    let delivery = deliver(body).unwrap();
    assert_eq!(
        (delivery.level, delivery.service),
        (
            Some(Level::Unknown("LOUD".into())),
            Some(Service::Unknown("TOP_UP".into()))
        )
    );
}

#[test]
fn every_variation_seen_is_understood() {
    let read = |field: &str, json: &str| {
        let delivery = event(
            "INVOICE_PAID",
            &format!(r#"{{"type":"INVOICE_PAID","{field}":{json}}}"#),
        );
        invoice_event(&delivery).clone()
    };
    assert_eq!(
        read("fiatAmount", "25.10").fiat_amount,
        Some(FiatAmounts::One(Amount::parse("25.10").unwrap()))
    );
    assert_eq!(read("fiatAmount", "null").fiat_amount, None);
    assert_eq!(
        read("fiatAmount", r#"{"EUR":null}"#).fiat_amount,
        Some(FiatAmounts::PerCurrency([].into()))
    );
    assert_eq!(
        read("fiatcurrency", "\"EUR\"").fiat_currency.as_deref(),
        Some("EUR")
    );
    assert_eq!(
        read("fiatCurrency", r#"{"name":"EUR"}"#)
            .fiat_currency
            .as_deref(),
        Some("EUR")
    );
    assert_eq!(
        read("parentExternalId", "123").invoice_id.as_deref(),
        Some("123")
    );
    assert_eq!(read("parentExternalId", "null").invoice_id, None);
    for (json, expected) in [
        ("\"a\"", vec!["a"]),
        ("[\"a\",\"b\"]", vec!["a", "b"]),
        ("[]", vec![]),
        ("null", vec![]),
        ("7", vec!["7"]),
    ] {
        for field in ["transactionId", "transactionIds"] {
            assert_eq!(
                read(field, json).transactions().collect::<Vec<_>>(),
                expected,
                "{field} {json}"
            );
        }
    }
    let by_key = event(
        "INVOICE_PAID",
        r#"{"idempotencyKey":"1be6a518-6dcd-477d-96af-dd914b1300ce"}"#,
    );
    assert!(matches!(
        by_key.invoice(),
        Some(InvoiceRef::IdempotencyKey(_))
    ));
    assert_eq!(
        event("INVOICE_PAID", r#"{"idempotencyKey":"no uuid"}"#).invoice(),
        None
    );

    for (wild, kind) in [
        (
            "INVOICE_COMPLIANCE_CHECK",
            EventKind::InvoicePendingCompliance,
        ),
        ("CUSTOMER_PURSE_MEMPOOL_FOUND", EventKind::PurseMempoolFound),
        (
            "CUSTOMER_PURSE_PENDING_COMLIANCE",
            EventKind::PursePendingCompliance,
        ),
        (
            "CUSTOMER_PURSE_COMLIANCE_DECLINED",
            EventKind::PurseComplianceDeclined,
        ),
    ] {
        assert_eq!(event(wild, "{}").kind, kind);
    }
    for (json, expected) in [
        ("17", "17"),
        ("\"BTC\"", "BTC"),
        (r#"{"name":"BTC"}"#, "BTC"),
    ] {
        let delivery = event(
            "CUSTOMER_PURSE_MEM_POOL_FOUND",
            &format!(r#"{{"currency":{json},"transactionId":5}}"#),
        );
        assert_eq!(purse_event(&delivery).currency.as_deref(), Some(expected));
        assert_eq!(purse_event(&delivery).transaction_id.as_deref(), Some("5"));
    }
}

#[test]
fn what_is_signed_but_no_delivery_is_named() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "\u{feff}{}",
        r#"{"data":null}"#,
        r#"{"data":{}}"#,
        r#"{"data":{"type":null}}"#,
        r#"{"data":[]}"#,
        r#"{"eventType":"INVOICE_PAID"}"#,
        r#"{"eventType":5,"data":{}}"#,
        r#"{"eventType":"INVOICE_PAID","data":{"amount":-1}}"#,
        r#"{"eventType":"INVOICE_PAID","data":{"amount":"abc"}}"#,
        r#"{"eventType":"INVOICE_PAID","data":{"createdDate":"soon"}}"#,
        r#"{"eventType":"INVOICE_PAID","data":{}}{}"#,
        r#"{"eventType":"INVOICE_PAID","data":{},"data":{}}"#,
    ] {
        let error = deliver(body).unwrap_err();
        assert!(
            matches!(error, WebhookError::NotADelivery(_)),
            "{body}: {error:?}"
        );
    }
    let error =
        deliver(r#"{"eventType":"INVOICE_PAID","data":{"amount":"hidden-words"}}"#).unwrap_err();
    assert!(
        !error.to_string().contains("hidden"),
        "an error does not quote the body: {error}"
    );
}

#[test]
fn headers_must_be_there_once() {
    let body = text(DELIVERIES[0]);
    let good = sign(&SECRET.into(), body.as_bytes());
    let verify = |headers: &HeaderMap| verifier().verify(headers, body.as_bytes()).map(drop);
    assert_eq!(verify(&headers(KEY, &good)), Ok(()));

    for name in ["key", "sign"] {
        let mut missing = headers(KEY, &good);
        missing.remove(name);
        assert!(matches!(
            verify(&missing),
            Err(WebhookError::MissingHeader(_))
        ));
        let mut doubled = headers(KEY, &good);
        let value = doubled[name].clone();
        doubled.append(name, value);
        assert!(matches!(
            verify(&doubled),
            Err(WebhookError::RepeatedHeader(_))
        ));
    }
    assert_eq!(verify(&headers("", &good)), Err(WebhookError::UnknownKey));
    assert_eq!(
        verify(&headers(&KEY.to_uppercase(), &good)),
        Err(WebhookError::UnknownKey)
    );
    let listed = format!("{good},{good}");
    for wrong in [
        "",
        &good.to_uppercase(),
        &good[..127],
        &format!("{good}0"),
        &format!("sha512={good}"),
        &listed,
        &"0".repeat(128),
    ] {
        assert_eq!(
            verify(&headers(KEY, wrong)),
            Err(WebhookError::WrongSignature),
            "{wrong}"
        );
    }
    let mut odd = headers(KEY, &good);
    odd.insert("sign", HeaderValue::from_bytes(&[0xff; 128]).unwrap());
    assert_eq!(verify(&odd), Err(WebhookError::WrongSignature));
}

#[test]
fn each_subscription_has_its_own_pair() {
    let body = text(DELIVERIES[0]);
    let own: SecretString = "other".into();
    let verifier = verifier()
        .with("k2", "other")
        .with(KEY, "rotated")
        .with("", "x")
        .with("k3", "");
    assert_eq!(verifier.len(), 3, "empty keys and secrets are left out");
    let verify = |key: &str, secret: &str| {
        verifier
            .verify(
                &headers(key, &sign(&secret.into(), body.as_bytes())),
                body.as_bytes(),
            )
            .map(drop)
    };
    assert_eq!(verify("k2", "other"), Ok(()));
    assert_eq!(
        (verify(KEY, SECRET), verify(KEY, "rotated")),
        (Ok(()), Ok(())),
        "while keys are changed both fit"
    );
    assert_eq!(
        verify(KEY, "other"),
        Err(WebhookError::WrongSignature),
        "not with the key of another subscription"
    );
    assert_eq!(verify("k3", ""), Err(WebhookError::UnknownKey));
    let nobody = Verifier::new();
    assert!(nobody.is_empty());
    assert_eq!(
        nobody.verify(&headers("k2", &sign(&own, b"{}")), b"{}"),
        Err(WebhookError::UnknownKey)
    );
}

#[test]
fn none_of_50_000_changed_deliveries_is_accepted() {
    let verifier = verifier();
    let changed = std::cell::Cell::new(0);
    let refuse = |key: &[u8], sign: &[u8], body: &[u8]| {
        let mut headers = HeaderMap::new();
        // What cannot be a header never reaches the verifier.
        let (Ok(key), Ok(sign)) = (HeaderValue::from_bytes(key), HeaderValue::from_bytes(sign))
        else {
            return;
        };
        headers.insert("key", key);
        headers.insert("sign", sign);
        let result = verifier.verify(&headers, body);
        assert!(
            matches!(
                result,
                Err(WebhookError::UnknownKey | WebhookError::WrongSignature)
            ),
            "{result:?}"
        );
        changed.set(changed.get() + 1);
    };
    let bodies: Vec<_> = DELIVERIES.map(text).to_vec();
    // Every single bit of body, signature and key.
    for body in &bodies {
        let good = sign(&SECRET.into(), body.as_bytes());
        for bit in 0..body.len() * 8 {
            refuse(
                KEY.as_bytes(),
                good.as_bytes(),
                &flipped(body.as_bytes(), bit),
            );
        }
        for bit in 0..good.len() * 8 {
            refuse(
                KEY.as_bytes(),
                &flipped(good.as_bytes(), bit),
                body.as_bytes(),
            );
        }
        for bit in 0..KEY.len() * 8 {
            refuse(
                &flipped(KEY.as_bytes(), bit),
                good.as_bytes(),
                body.as_bytes(),
            );
        }
    }
    // Then larger changes: bytes put in, taken out, swapped, bodies cut, joined, signatures of other bodies.
    let mut random = Random::new(0x5eed);
    let bits = changed.get();
    assert!(bits > 20_000, "{bits} single bits");
    while changed.get() < 50_000 {
        let at = random.below(bodies.len());
        let body = bodies[at].as_bytes();
        let good = sign(&SECRET.into(), body);
        let mut other = body.to_vec();
        match random.below(6) {
            0 => other.insert(random.below(body.len() + 1), random.byte()),
            1 => drop(other.remove(random.below(body.len()))),
            2 => other.truncate(random.below(body.len())),
            3 => other.extend_from_slice(body),
            4 => other.swap(random.below(body.len()), random.below(body.len())),
            _ => other = bodies[(at + 1) % bodies.len()].clone().into_bytes(),
        }
        if other != body {
            refuse(KEY.as_bytes(), good.as_bytes(), &other);
        }
    }
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// A million bodies: deliveries with bytes, values and lengths changed, and values put together from pieces of JSON.
#[test]
fn a_million_generated_bodies_cause_no_panic() {
    let seeds: Vec<Vec<u8>> = DELIVERIES
        .iter()
        .map(|name| text(name).into_bytes())
        .collect();
    let mut random = Random::new(0x00c0_ffee);
    let (mut read, mut typed) = (0_u32, 0_u32);
    for _ in 0..1_000_000 {
        let body = if random.below(2) == 0 {
            mutated(&seeds, &mut random)
        } else {
            composed(&mut random)
        };
        if let Ok(delivery) = Delivery::read_unverified(&body) {
            read += 1;
            typed += u32::from(!matches!(delivery.event, Event::Other(_)));
            // What is offered on a delivery must not panic either.
            let _ = delivery.invoice();
        }
    }
    // The generator is worth something only if both outcomes are frequent.
    assert!(
        (100_000..900_000).contains(&read) && typed > 100_000,
        "{read} read, {typed} typed"
    );
}

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut body = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(3) {
        let at = random.below(body.len());
        match random.below(4) {
            0 => body[at] = random.byte(),
            1 => body[at] ^= 1 << random.below(8),
            2 => body.truncate(at.max(1)),
            _ => drop(body.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
        }
    }
    body
}

const PIECES: [&str; 26] = [
    "0",
    "-1",
    "1e5",
    "1E-400",
    "0.000042026017236",
    "99999999999999999999999999999999999999999999",
    "\"\"",
    "\"1.5\"",
    "\"2022-09-05T06:54:41.421731\"",
    "\"2022-09-05T06:54:41+é\"",
    "\"T\"",
    "\"\\ud800\"",
    "\"é\"",
    "null",
    "true",
    "{}",
    "[]",
    "[\"a\",1]",
    "{\"EUR\":1.5}",
    "{\"name\":\"BTC\"}",
    "{\"name\":1}",
    "\"INVOICE_PAID\"",
    "\"CUSTOMER_PURSE_EXPIRED\"",
    "\"d9732536-acdd-41bd-87c3-ec40aeeb6a37\"",
    "\u{0}",
    "[[[[",
];

const FIELDS: [&str; 22] = [
    "amount",
    "realAmount",
    "serviceFee",
    "currency",
    "fiatAmount",
    "fiatCurrency",
    "fiatcurrency",
    "message",
    "description",
    "transactionId",
    "transactionIds",
    "parentExternalId",
    "idempotencyKey",
    "externalId",
    "createdDate",
    "paymentDate",
    "expirationDate",
    "transactionHash",
    "customerId",
    "purseId",
    "type",
    "hash",
];

fn composed(random: &mut Random) -> Vec<u8> {
    let kind = EventKind::KNOWN[random.below(EventKind::KNOWN.len())].as_str();
    let mut body = format!(r#"{{"eventType":"{kind}","data":{{"x":0"#);
    for _ in 0..random.below(4) {
        // Pieces that are no JSON are the rarer ones, so that most bodies get past the parser.
        let pieces = if random.below(8) == 0 {
            PIECES.len()
        } else {
            PIECES.len() - 2
        };
        body.push_str(",\"");
        body.push_str(FIELDS[random.below(FIELDS.len())]);
        body.push_str("\":");
        body.push_str(PIECES[random.below(pieces)]);
    }
    body.push_str("}}");
    body.into_bytes()
}
