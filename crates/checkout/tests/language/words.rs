//! Words in sentences: what a log line, an error or a refused JSON value says to people.

use checkout::wire::{DepositState, FlagKind};
use checkout::{
    Address, Amount, Currency, InterventionKind, InvoiceStatus, Kind, NETWORKS, NetworkId, Phase,
    RefusalCode, Timestamp, Transfer,
};
use serde::de::DeserializeOwned;

use crate::phase::statuses;

#[test]
fn in_a_sentence_everything_is_its_own_word() {
    for network in NETWORKS {
        assert_eq!(network.id.to_string(), network.name);
    }
    for phase in Phase::ALL {
        assert_eq!(phase.to_string(), phase.as_str());
    }
    for kind in Kind::ALL {
        assert_eq!(kind.to_string(), kind.as_str());
        assert_eq!(kind.is_payment(), kind == Kind::Payment);
    }
    for state in DepositState::ALL {
        assert_eq!(state.to_string(), state.as_str());
    }
    for kind in FlagKind::ALL {
        assert_eq!(kind.to_string(), kind.as_str());
    }
    for code in RefusalCode::KNOWN {
        assert_eq!(code.to_string(), code.as_str());
    }
    for status in statuses() {
        assert_eq!(status.to_string(), status.as_str());
    }
    for word in ["UNDERPAY", "OVERPAY", "SEVERAL_SENDERS"] {
        assert_eq!(InterventionKind::from(word).to_string(), word);
    }
    let text = "TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX";
    let address = Address::parse(NetworkId::Tron, text).unwrap();
    assert_eq!(address.to_string(), text);
}

#[test]
fn a_words_owned_text_is_the_word() {
    for status in statuses() {
        let word = status.as_str().to_owned();
        assert_eq!(InvoiceStatus::from(word.clone()), status);
        assert_eq!(String::from(status), word);
    }
    for word in ["UNDERPAY", "OVERPAY", "SEVERAL_SENDERS"] {
        let kind = InterventionKind::from(word.to_owned());
        assert_eq!(kind, InterventionKind::from(word));
        assert_eq!(String::from(kind), word);
    }
    for code in RefusalCode::KNOWN {
        let word = code.as_str().to_owned();
        assert_eq!(RefusalCode::from(word.clone()), *code);
        assert_eq!(String::from(code.clone()), word);
    }
}

#[test]
fn a_log_line_shows_amounts_and_moments_as_they_are_written() {
    let amount: Amount = "25.00".parse().unwrap();
    assert_eq!(format!("{amount:?} {amount}"), "25.00 25.00");
    let moment: Timestamp = "2026-11-21T08:25:00Z".parse().unwrap();
    assert_eq!(
        format!("{moment:?} {moment}"),
        "2026-11-21T08:25:00Z 2026-11-21T08:25:00Z"
    );
    assert!("25,00".parse::<Amount>().is_err());
    assert!("yesterday".parse::<Timestamp>().is_err());
}

#[test]
fn whoever_pays_on_the_wrong_network_reads_both_names() {
    let tron = Address::parse(NetworkId::Tron, "TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX").unwrap();
    let bitcoin = Currency::find("BTC").unwrap();
    let refused = Transfer::new(bitcoin, tron, Amount::parse("1").unwrap()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "expected an address on Bitcoin, got one on Tron"
    );
}

#[test]
fn json_of_another_kind_is_told_what_was_expected() {
    fn said<T: DeserializeOwned>() -> String {
        match serde_json::from_str::<T>("7") {
            Ok(_) => panic!("a number was taken"),
            Err(error) => error.to_string(),
        }
    }
    for (said, expected) in [
        (
            said::<Amount>(),
            "expected an amount as a string, such as \"25.00\"",
        ),
        (
            said::<Timestamp>(),
            "expected a UTC time as a string, such as \"2026-11-21T08:25:00Z\"",
        ),
        (said::<Phase>(), "expected a phase such as \"awaiting\""),
    ] {
        assert!(said.contains(expected), "{said}");
    }
}
