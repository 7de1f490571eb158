//! One spelling of an invoice is written and read, and every other one refused.

use proptest::prelude::*;

use super::{InvoiceFacts, InvoiceTerms};
use crate::attestation::{AmountText, FactsError};
use crate::{Address, Amount, Currency, Timestamp, Transfer};

const TRON: &str = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const SPELLING: &str = r#"{"v":1,"store":"shop","checkout":"c","invoice":"i","network":"tron:0x2b6653dc","token":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","address":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","amount":"27.314","repriceAt":"2026-11-21T08:25:00Z","expiresAt":"2026-11-21T11:10:00.250Z"}"#;

fn facts() -> InvoiceFacts {
    let currency = Currency::find("USDT_TRX").unwrap();
    let to = Address::parse(currency.network, TRON).unwrap();
    let amount = Amount::parse("27.31400").unwrap();
    InvoiceFacts::new(
        ("shop", "c", Some("i")),
        &Transfer::new(currency, to, amount).unwrap(),
        Some(Timestamp::parse("2026-11-21T08:25:00.000Z").unwrap()),
        Timestamp::parse("2026-11-21T11:10:00.25Z").unwrap(),
    )
}

#[test]
fn a_transfer_has_one_spelling_which_reads_as_itself() {
    assert_eq!(facts().canonical(), SPELLING);
    assert_eq!(InvoiceFacts::parse(SPELLING), Ok(facts()));
}

#[test]
fn what_takes_any_amount_has_nulls() {
    let currency = Currency::find("BTC").unwrap();
    let to = Address::parse(currency.network, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa").unwrap();
    let transfer = Transfer::of_any_amount(currency, to).unwrap();
    let end = Timestamp::parse("2026-11-21T11:10:00Z").unwrap();
    let facts = InvoiceFacts::new(("shop", "c", None), &transfer, None, end);
    let text = facts.canonical();
    assert_eq!(
        text,
        r#"{"v":1,"store":"shop","checkout":"c","invoice":null,"network":"bip122:000000000019d6689c085ae165831e93","token":null,"address":"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa","amount":null,"repriceAt":null,"expiresAt":"2026-11-21T11:10:00Z"}"#
    );
    assert_eq!(InvoiceFacts::parse(&text), Ok(facts));
}

#[test]
fn every_other_spelling_is_refused_by_its_name() {
    let with = |from: &str, to: &str| {
        assert!(SPELLING.contains(from), "{from}");
        InvoiceFacts::parse(&SPELLING.replacen(from, to, 1))
    };
    assert_eq!(with(r#""v":1"#, r#""v":2"#), Err(FactsError::Version));
    assert_eq!(with("{", " {"), Err(FactsError::Version));
    for (from, to) in [
        (r#","store""#, r#", "store""#),
        (r#""store":"#, r#""store" :"#),
        (r#""store":"#, r#""store": "#),
        (r#""store":"#, r#""\u0073tore":"#),
        (r#""store":"shop","#, ""),
        (r#""store":"shop","#, r#""store":"shop","store":"shop","#),
        (r#""shop""#, "null"),
        (r#""shop""#, r#""sh\u006fp""#),
        (r#""shop""#, r#""sh\/op""#),
        (r#""shop""#, "\"sh\top\""),
        (r#""shop""#, r#""sh\u0009op""#),
        (r#""shop""#, r#""sh\u001Bop""#),
        (r#""c""#, "7"),
        (r#""i""#, r#"["i"]"#),
        ("27.314", "27.3140"),
        ("27.314", "027.314"),
        ("27.314", "+27.314"),
        ("27.314", "2.7314e1"),
        ("27.314", "27,314"),
        ("27.314", "27."),
        ("27.314", ".5"),
        ("27.314", "-1"),
        (r#""27.314""#, "27.314"),
        ("08:25:00Z", "08:25:00.000Z"),
        ("08:25:00Z", "08:25:00z"),
        ("08:25:00Z", "08:25:00+00:00"),
        ("08:25:00Z", "24:25:00Z"),
        ("00.250Z", "00.25Z"),
        ("00.250Z", "00.2500Z"),
        ("2026-11-21T08", "2026-02-30T08"),
        (r#"Z"}"#, r#"Z","extra":1}"#),
        (r#"Z"}"#, r#"Z"} "#),
        (r#"Z"}"#, r#"Z""#),
        (r#"Z"}"#, "Z"),
    ] {
        assert!(with(from, to).is_err(), "{from} as {to}");
    }
    let swapped = SPELLING.replace(
        r#""checkout":"c","invoice":"i""#,
        r#""invoice":"i","checkout":"c""#,
    );
    assert_eq!(
        InvoiceFacts::parse(&swapped),
        Err(FactsError::Member {
            name: "checkout",
            at: 21
        })
    );
    let ends = |text: &str| matches!(InvoiceFacts::parse(text), Err(FactsError::End { .. }));
    assert!(ends(&format!("{SPELLING}{{}}")));
    assert!(ends(&SPELLING.replace("Z\"}", "Z\",\"x\":1}")));
}

#[test]
fn a_difference_is_named() {
    let facts = facts();
    let same = facts.terms();
    assert_eq!(same.difference(&facts.terms()), None);
    let other = [
        (
            "checkout",
            InvoiceTerms {
                checkout: "d",
                ..same
            },
        ),
        (
            "network",
            InvoiceTerms {
                network: "eip155:1",
                ..same
            },
        ),
        (
            "token",
            InvoiceTerms {
                token: None,
                ..same
            },
        ),
        (
            "address",
            InvoiceTerms {
                address: "T",
                ..same
            },
        ),
        (
            "amount",
            InvoiceTerms {
                amount: None,
                ..same
            },
        ),
        (
            "repriceAt",
            InvoiceTerms {
                reprice_at: None,
                ..same
            },
        ),
        (
            "expiresAt",
            InvoiceTerms {
                expires_at: "",
                ..same
            },
        ),
    ];
    for (member, other) in other {
        assert_eq!(same.difference(&other), Some(member));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_as_it_was_written(store: String, checkout: String, invoice: Option<String>, units: u128, scale in 0..=36_u8) {
        let amount = Amount::from_units(units, scale).unwrap();
        let facts = InvoiceFacts { store, checkout, invoice, amount: Some(AmountText::from(amount)), ..facts() };
        let text = facts.canonical();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(json["store"].as_str(), Some(facts.store.as_str()));
        prop_assert_eq!(InvoiceFacts::parse(&text), Ok(facts));
    }

    #[test]
    fn what_is_read_is_written_as_it_stood(at in 0..SPELLING.len(), byte: u8, cut in 0..=4_usize) {
        let mut text = SPELLING.as_bytes().to_vec();
        let end = (at + cut).min(text.len());
        text.splice(at..end, [byte]);
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        if let Ok(facts) = InvoiceFacts::parse(&text) {
            prop_assert_eq!(facts.canonical(), text);
        }
    }
}
