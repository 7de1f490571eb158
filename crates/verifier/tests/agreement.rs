//! What the small reader finds is what [`calypso_attest`] finds, which reads facts: for what is signed, and for every way of spoiling it.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use calypso_attest::{Kind, PublicKey, signing_input, verify_invoice, verify_receipt};
use calypso_verifier::{Verdict, judged};
use checkout::attestation::InvoiceFacts;
use checkout::{Address, Amount, Currency, Timestamp, Transfer};
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;

const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const CHECKOUT: &str = "0d6c3f0e-3b1e-7d4a-9c55-3f2a7be01d64";
const REPRICED: i64 = 1_795_000_900_000;
const ENDS: i64 = 1_795_010_800_000;
const RECEIPT: &str = r#"{"v":1,"store":"shop","checkout":"c","externalId":"1001","description":"Tea","price":"25","priceCurrency":"EUR","invoice":"i","currency":"ETH","network":"eip155:1","token":null,"address":"0x","asked":"0.01","received":"0.01","rate":"2500","fee":null,"transactions":[{"hash":"0xab","amount":"0.01","at":"2026-11-21T08:25:00Z"}],"paidAt":"2026-11-21T08:25:00Z","completedAt":"2026-11-21T08:30:00Z","state":"completed"}"#;
const PLACES: [(&str, &str); 3] = [
    ("USDT_TRX", "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"),
    ("BTC", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    ("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
];

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn spelled(seed: u8) -> String {
    Base64UrlUnpadded::encode_string(key(seed).verifying_key().as_bytes())
}

fn sign(seed: u8, kind: Kind, payload: &str) -> String {
    let input = signing_input(kind, KID, payload);
    let signature = key(seed).sign(input.as_bytes()).to_bytes();
    [&*input, &Base64UrlUnpadded::encode_string(&signature)].join(".")
}

/// The lines that the widget writes of a transfer, and its facts.
fn shown(
    place: usize,
    amount: Option<&str>,
    reprice_at: Option<i64>,
) -> ([String; 7], InvoiceFacts) {
    let (code, address) = PLACES[place];
    let currency = Currency::find(code).expect("a value of the test");
    let to = Address::parse(currency.network, address).expect("a value of the test");
    let amount = amount.map(|amount| Amount::parse(amount).expect("a value of the test"));
    let transfer = match amount {
        Some(amount) => Transfer::new(currency, to, amount),
        None => Transfer::of_any_amount(currency, to),
    };
    let facts = InvoiceFacts::new(
        ("shop", CHECKOUT, amount.map(|_| "7")),
        &transfer.expect("a value of the test"),
        reprice_at.map(Timestamp::from_millis),
        Timestamp::from_millis(ENDS),
    );
    let lines = [
        CHECKOUT.to_owned(),
        (currency.network as usize).to_string(),
        currency.contract.unwrap_or_default().to_owned(),
        facts.address.clone(),
        amount.map_or_else(String::new, |amount| amount.normalized().digits()),
        reprice_at.map_or_else(String::new, |at| at.to_string()),
        ENDS.to_string(),
    ];
    (lines, facts)
}

fn find(keys: &str, jws: &str, lines: &[String]) -> Verdict {
    judged([keys, jws, &lines.join("\n")].join("\n").as_bytes())
}

fn find_alone(keys: &str, jws: &str) -> Verdict {
    judged([keys, jws].join("\n").as_bytes())
}

#[test]
fn what_is_signed_is_true_for_every_kind_of_transfer() {
    for place in 0..PLACES.len() {
        for amount in [Some("27.314"), Some("3"), None] {
            for reprice_at in [None, Some(REPRICED), Some(REPRICED + 7)] {
                let (lines, facts) = shown(place, amount, reprice_at);
                let jws = sign(1, Kind::Invoice, &facts.canonical());
                let verdict = find(&spelled(1), &jws, &lines);
                assert_eq!(verdict, Verdict::True, "{facts:?}");
            }
        }
    }
}

#[test]
fn one_changed_line_is_another_payment() {
    let keys = spelled(1);
    let (lines, facts) = shown(0, Some("27.314"), Some(REPRICED));
    let jws = sign(1, Kind::Invoice, &facts.canonical());
    for place in 0..lines.len() {
        let next = lines[(place + 1) % lines.len()].clone();
        for other in [String::new(), lines[place].clone() + "1", next] {
            let mut changed = lines.clone();
            changed[place] = other;
            assert_eq!(find(&keys, &jws, &changed), Verdict::Untrue, "{changed:?}");
        }
        let mut missing = lines.to_vec();
        missing.remove(place);
        assert_eq!(find(&keys, &jws, &missing), Verdict::Untrue, "{missing:?}");
    }
    // What is signed brings a line of its own.
    let longer = [&*jws, CHECKOUT].join("\n");
    assert_eq!(find(&keys, &longer, &lines), Verdict::Untrue);
}

#[test]
fn keys_are_all_of_them_keys() {
    let (one, two) = (spelled(1), spelled(2));
    for keys in [
        one.clone(),
        [&*one, &two].join(" "),
        ["", &one, "", &two, ""].join(" "),
    ] {
        assert_eq!(find_alone(&keys, ""), Verdict::True, "{keys}");
    }
    for keys in [
        "",
        " ",
        "key",
        &one[1..],
        // A point of small order, for which anybody can sign.
        &"A".repeat(43),
        &[&*one, "key"].join(" "),
        &["key", &one].join(" "),
        &[&*one, &two].join(","),
        &[&*one, ""].join("="),
    ] {
        assert_eq!(find_alone(keys, ""), Verdict::NoKeys, "{keys:?}");
    }
}

#[test]
fn either_key_counts_while_they_are_exchanged_and_no_third() {
    let keys = [spelled(1), spelled(2)].join(" ");
    let (lines, facts) = shown(1, Some("0.0125"), None);
    for (seed, expected) in [(1, Verdict::True), (2, Verdict::True), (3, Verdict::Untrue)] {
        let jws = sign(seed, Kind::Invoice, &facts.canonical());
        assert_eq!(find(&keys, &jws, &lines), expected);
    }
    let receipt = sign(2, Kind::Receipt, RECEIPT);
    assert_eq!(find_alone(&keys, &receipt), Verdict::True);
    assert_eq!(find(&keys, &receipt, &lines), Verdict::Untrue);
    assert_eq!(find(&keys, "", &lines), Verdict::Untrue);
    assert_eq!(judged(keys.as_bytes()), Verdict::Untrue);
}

/// Something signed with one thing wrong in it, and whether it was a receipt.
fn spoiled() -> impl Strategy<Value = (String, bool)> {
    let place = any::<prop::sample::Index>();
    let letters = prop::sample::select(&b"ABCxyz019-_.= \n"[..]);
    (any::<bool>(), place, 0..4_u8, letters).prop_map(|(is_receipt, at, how, letter)| {
        let (_, facts) = shown(0, Some("27.314"), Some(REPRICED));
        let mut bytes = if is_receipt {
            sign(1, Kind::Receipt, RECEIPT).into_bytes()
        } else {
            sign(1, Kind::Invoice, &facts.canonical()).into_bytes()
        };
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = letter,
            1 => bytes.insert(at, letter),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
        (
            String::from_utf8(bytes).expect("a value of the test"),
            is_receipt,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn both_readers_agree_about_everything_that_was_spoiled((jws, is_receipt) in spoiled()) {
        let public = PublicKey::from_bytes(key(1).verifying_key().as_bytes()).expect("a value of the test");
        let (lines, facts) = shown(0, Some("27.314"), Some(REPRICED));
        let believed = verify_invoice(&jws, std::slice::from_ref(&public), &facts.terms());
        prop_assert_eq!(find(&spelled(1), &jws, &lines) == Verdict::True, believed.is_ok());
        if is_receipt {
            let is_signed = find_alone(&spelled(1), &jws) == Verdict::True;
            prop_assert_eq!(is_signed, verify_receipt(&jws, &[public]).is_ok());
        }
    }

    #[test]
    fn no_text_stops_it(text in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_ne!(judged(&text), Verdict::True);
    }
}
