//! One spelling of a receipt is written and read, and every other one refused.

use proptest::prelude::*;

use super::{ReceiptFacts, TransactionFacts};
use crate::attestation::{AmountText, MomentText};
use crate::{Amount, Timestamp};

const SPELLING: &str = r#"{"v":1,"store":"shop","checkout":"c","externalId":null,"description":"Tea \"green\"\n","price":"25","priceCurrency":"EUR","invoice":"i","currency":"ETH","network":"eip155:1","token":null,"address":"0x","asked":"0.01","received":"0.01","rate":"2500","fee":null,"transactions":[{"hash":"0xab","amount":"0.004","at":"2026-11-21T08:25:00Z"},{"hash":null,"amount":"0.006","at":"2026-11-21T08:25:01Z"}],"paidAt":"2026-11-21T08:25:00Z","completedAt":"2026-11-21T08:30:00Z","state":"completed"}"#;

fn amount(text: &str) -> AmountText {
    Amount::parse(text).unwrap().into()
}

fn moment(text: &str) -> MomentText {
    Timestamp::parse(text).unwrap().into()
}

fn facts() -> ReceiptFacts {
    let transaction = |hash: Option<&str>, brought: &str, at: &str| TransactionFacts {
        hash: hash.map(str::to_owned),
        amount: amount(brought),
        at: moment(at),
    };
    ReceiptFacts {
        store: "shop".into(),
        checkout: "c".into(),
        external_id: None,
        description: "Tea \"green\"\n".into(),
        price: amount("25.00"),
        price_currency: "EUR".into(),
        invoice: "i".into(),
        currency: "ETH".into(),
        network: "eip155:1".into(),
        token: None,
        address: "0x".into(),
        asked: amount("0.0100"),
        received: amount("0.010"),
        rate: Some(amount("2500")),
        fee: None,
        transactions: vec![
            transaction(Some("0xab"), "0.004", "2026-11-21T08:25:00Z"),
            transaction(None, "0.006", "2026-11-21T08:25:01Z"),
        ],
        paid_at: moment("2026-11-21T08:25:00Z"),
        completed_at: moment("2026-11-21T08:30:00Z"),
        state: "completed".into(),
    }
}

#[test]
fn a_receipt_has_one_spelling_which_reads_as_itself() {
    assert_eq!(facts().canonical(), SPELLING);
    assert_eq!(ReceiptFacts::parse(SPELLING), Ok(facts()));
    let none = ReceiptFacts {
        transactions: Vec::new(),
        ..facts()
    };
    assert!(none.canonical().contains(r#""transactions":[],"#));
    assert_eq!(ReceiptFacts::parse(&none.canonical()), Ok(none));
}

#[test]
fn every_other_spelling_is_refused() {
    for (from, to) in [
        (r#"},{"hash""#, r#"}, {"hash""#),
        (r#"},{"hash""#, r#"}{"hash""#),
        (r#"Z"}],"#, r#"Z"},],"#),
        (r#"[{"hash""#, r#"[{,"hash""#),
        (r#"[{"hash""#, r#"[{"v":1,"hash""#),
        (r#""0xab","amount""#, r#""0xab","amounts""#),
        (r#"[{"hash":"0xab""#, r#"[{"hash":0"#),
        ("0.004", "0.0040"),
        (r#"\n"#, r#"\u000a"#),
        (r#"\""#, r#"\u0022"#),
        (r#""fee":null"#, r#""fee":"0.0""#),
        (r#""fee":null"#, r#""fee":"00""#),
    ] {
        assert!(SPELLING.contains(from), "{from}");
        let other = SPELLING.replacen(from, to, 1);
        assert!(ReceiptFacts::parse(&other).is_err(), "{from} as {to}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_as_it_was_written(description: String, external_id: Option<String>, hashes: Vec<Option<String>>) {
        let transactions = hashes.into_iter().map(|hash| TransactionFacts { hash, ..facts().transactions[0].clone() });
        let facts = ReceiptFacts { description, external_id, transactions: transactions.collect(), ..facts() };
        let text = facts.canonical();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(json["description"].as_str(), Some(facts.description.as_str()));
        prop_assert_eq!(ReceiptFacts::parse(&text), Ok(facts));
    }

    #[test]
    fn what_is_read_is_written_as_it_stood(at in 0..SPELLING.len(), byte: u8, cut in 0..=4_usize) {
        let mut text = SPELLING.as_bytes().to_vec();
        let end = (at + cut).min(text.len());
        text.splice(at..end, [byte]);
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        if let Ok(facts) = ReceiptFacts::parse(&text) {
            prop_assert_eq!(facts.canonical(), text);
        }
    }
}
