//! Listings: what they change, and what they must never change.

use calypso::PurseTransaction;
use checkout::wire::DepositState;
use checkout::{Amount, Currency, Timestamp};
use uuid::Uuid;

use super::{Arrival, Changes, Deposit, Receiver, merge, of_customer, of_invoice, total};
use crate::reading::Unsound;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);

fn receiver() -> Receiver {
    Receiver {
        key: Uuid::from_u128(7),
        currency: usdt(),
    }
}

fn usdt() -> &'static Currency {
    Currency::find("USDT_TRX").unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn arrival(id: &str, text: &str, state: Option<DepositState>) -> Arrival {
    Arrival {
        id: id.to_owned(),
        amount: amount(text),
        state,
        transaction: None,
        at: Some(NOW),
    }
}

/// What is known after some listings, one after the other.
fn after(listings: &[&[Arrival]]) -> Vec<Deposit> {
    let mut known: Vec<Deposit> = Vec::new();
    for listed in listings {
        let Changes { put, gone } = merge(receiver(), &known, listed, NOW).unwrap();
        known.retain(|deposit| !gone.contains(&deposit.id));
        known.retain(|deposit| put.iter().all(|changed| changed.id != deposit.id));
        known.extend(put);
    }
    known.sort_by(|a, b| a.id.cmp(&b.id));
    known
}

#[test]
fn a_listing_counts_once_however_often_it_comes() {
    let one = arrival("a", "0.1", Some(DepositState::Confirmed));
    let two = arrival("b", "0.2", Some(DepositState::Confirmed));
    let listing = [one.clone(), two.clone(), one.clone()];
    let known = after(&[&listing, &listing, &[two, one]]);
    assert_eq!(known.len(), 2);
    assert_eq!(total(&known).unwrap().to_string(), "0.3");
    let again = merge(receiver(), &known, &listing, NOW).unwrap();
    assert_eq!(again, Changes::default());
}

#[test]
fn nothing_leads_back_from_confirmed() {
    let confirmed = [arrival("a", "5", Some(DepositState::Confirmed))];
    for state in [
        Some(DepositState::Detected),
        Some(DepositState::Reviewing),
        Some(DepositState::Declined),
        None,
    ] {
        let known = after(&[&confirmed, &[arrival("a", "5.0", state)]]);
        assert_eq!(known[0].state, DepositState::Confirmed, "{state:?}");
    }
    assert_eq!(after(&[&confirmed, &[]]).len(), 1, "nor does silence");
    let known = after(&[&confirmed]);
    let other = [arrival("a", "6", Some(DepositState::Confirmed))];
    assert!(matches!(
        merge(receiver(), &known, &other, NOW),
        Err(Unsound::DepositChanged { .. })
    ));
}

#[test]
fn only_confirmed_deposits_count_and_dropped_ones_go() {
    let states = [
        Some(DepositState::Detected),
        Some(DepositState::Reviewing),
        Some(DepositState::Declined),
        None,
    ];
    for state in states {
        let known = after(&[&[arrival("a", "5", state)]]);
        assert!(total(&known).unwrap().is_zero(), "{state:?}");
        let gone = after(&[&[arrival("a", "5", state)], &[]]).is_empty();
        assert_eq!(gone, known[0].state == DepositState::Detected, "{state:?}");
        let arrived = [arrival("a", "5", Some(DepositState::Confirmed))];
        let known = after(&[&[arrival("a", "5", state)], &arrived]);
        assert_eq!(total(&known).unwrap(), amount("5"), "{state:?}");
    }
}

#[test]
fn an_unknown_state_is_no_step() {
    let known = after(&[
        &[arrival("a", "5", Some(DepositState::Reviewing))],
        &[arrival("a", "5", None)],
    ]);
    assert_eq!(known[0].state, DepositState::Reviewing);
}

#[test]
fn a_sum_that_is_no_amount_is_refused() {
    let most = u128::MAX.to_string();
    let listed = [
        arrival("a", &most, Some(DepositState::Confirmed)),
        arrival("b", "1", Some(DepositState::Confirmed)),
    ];
    assert!(matches!(
        merge(receiver(), &[], &listed, NOW),
        Err(Unsound::BadTotal(_))
    ));
}

#[test]
fn the_time_of_a_deposit_is_the_first_one_named() {
    let later = Arrival {
        at: Some(NOW.plus_seconds(60)),
        ..arrival("a", "5", Some(DepositState::Confirmed))
    };
    let known = after(&[&[arrival("a", "5", Some(DepositState::Detected))], &[later]]);
    assert_eq!(known[0].at, NOW);
}

fn of_history(json: &str) -> Result<Vec<Arrival>, Unsound> {
    of_invoice(serde_json::from_str(json).unwrap(), usdt())
}

#[test]
fn a_history_is_read_in_every_documented_shape() {
    let full = of_history(
        r#"[{"id":"x","amount":1.50,"currency":"USDT_TRX","addressFrom":"T","transactionHash":"ab","createdDate":"2022-09-05T07:39:18.929518"},
            {"transactionId":"y","amount":0,"currency":"USDT_TRX"},
            {"amount":2e0,"transactionHash":"cd"},
            {"transactionId":"z","amount":3,"transactionHash":"not a hash\n"}]"#,
    )
    .unwrap();
    let names: Vec<&str> = full.iter().map(|arrival| arrival.id.as_str()).collect();
    assert_eq!(names, ["x", "hash:cd", "z"], "nothing is no deposit");
    assert_eq!(full[0].amount.to_string(), "1.5");
    assert_eq!(full[2].transaction, None);
    for (json, refused) in [
        (r#"[{"amount":1}]"#, "NoTransaction"),
        (
            r#"[{"id":"","transactionHash":"","amount":1}]"#,
            "NoTransaction",
        ),
        (
            r#"[{"id":"x","amount":1,"currency":"BTC"}]"#,
            "OtherCurrency",
        ),
    ] {
        let error = format!("{:?}", of_history(json).unwrap_err());
        assert!(error.starts_with(refused), "{json}: {error}");
    }
}

#[test]
fn every_state_of_a_purse_has_its_word() {
    let state = |word: &str| {
        let json = format!(
            r#"[{{"id":"x","amount":1,"currency":"USDT_TRX","transactionState":"{word}"}},
                {{"id":"y","amount":1,"currency":"BTC","transactionState":"CONFIRMED"}}]"#
        );
        let listed: Vec<PurseTransaction> = serde_json::from_str(&json).unwrap();
        let arrivals = of_customer(listed, usdt()).unwrap();
        assert_eq!(arrivals.len(), 1, "other currencies are passed over");
        arrivals[0].state
    };
    assert_eq!(state("MEM_POOL_FOUND"), Some(DepositState::Detected));
    assert_eq!(
        state("PENDING_COMPLIANCE_CHECK"),
        Some(DepositState::Reviewing)
    );
    assert_eq!(state("DECLINED"), Some(DepositState::Declined));
    assert_eq!(state("CONFIRMED"), Some(DepositState::Confirmed));
    assert_eq!(state("COMPLETED"), Some(DepositState::Confirmed));
    for word in ["", "confirmed", "PAID", "CONFIRMED_NOT"] {
        assert_eq!(state(word), None, "{word:?}");
    }
}
