//! Lists: what they change, what they flag, and what they must never change.

use calypso::{Page, PurseTransaction};
use checkout::wire::{DepositState, FlagKind};
use checkout::{Amount, Currency, Timestamp};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{DepositChanges, merge};
use crate::checkouts::deposit::{Deposit, Known, is_possible, sum, total};
use crate::gateway::Listing;
use crate::reading::deposits::{Listed, ListedDeposit, UnreadableEntry, of_customer, of_invoice};

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);
const HASH: &str = "e89f8f47ac05dd1084274a5d106c2d9ca6f31da39dbd94572ff36810b378cab4";
const RECEIVER: Uuid = Uuid::from_u128(7);

fn usdt() -> &'static Currency {
    Currency::find("USDT_TRX").unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn arrival(id: &str, text: &str, state: Option<DepositState>) -> ListedDeposit {
    ListedDeposit {
        id: id.to_owned(),
        amount: amount(text),
        currency: "USDT_TRX".to_owned().into(),
        expected: None,
        state,
        transaction: None,
        sender: None,
        at: Some(NOW),
    }
}

fn confirmed(id: &str, text: &str) -> ListedDeposit {
    arrival(id, text, Some(DepositState::Confirmed))
}

fn by(id: &str, text: &str, hash: &str) -> ListedDeposit {
    ListedDeposit {
        transaction: Some(hash.to_owned()),
        ..confirmed(id, text)
    }
}

fn whole(arrivals: &[ListedDeposit]) -> Listed {
    Listed {
        deposits: arrivals.to_vec(),
        unreadable: Vec::new(),
        is_whole: true,
    }
}

/// Takes a list in, as the store does.
fn take(known: &mut Known, listed: &Listed, now: Timestamp) -> DepositChanges {
    let changes = merge(RECEIVER, known, listed, now);
    for put in &changes.put {
        known.deposits.retain(|deposit| deposit.id != put.id);
        known.deposits.push(put.clone());
    }
    known.deposits.sort_by(|a, b| a.id.cmp(&b.id));
    known.flags.extend(changes.flags.clone());
    changes
}

/// What is known after some lists, one after the other.
fn after(lists: &[&[ListedDeposit]]) -> Known {
    let mut known = Known::default();
    for listed in lists {
        take(&mut known, &whole(listed), NOW);
    }
    known
}

fn flags(known: &Known) -> Vec<(FlagKind, &str, &str)> {
    let all = known.flags.iter();
    all.map(|flag| (flag.kind, flag.known.as_str(), flag.read.as_str()))
        .collect()
}

fn received(known: &Known) -> String {
    total(&known.deposits).unwrap().to_string()
}

#[test]
fn a_list_counts_once_however_often_it_comes() {
    let (one, two) = (confirmed("a", "0.1"), confirmed("b", "0.2"));
    let list = [one.clone(), two.clone(), one.clone()];
    let mut known = after(&[&list, &list, &[two, one]]);
    assert_eq!(known.deposits.len(), 2);
    assert_eq!((received(&known).as_str(), flags(&known)), ("0.3", vec![]));
    let again = take(&mut known, &whole(&list), NOW.plus_seconds(60));
    assert_eq!(again, DepositChanges::default());
}

#[test]
fn nothing_leads_back_from_confirmed() {
    let first = [confirmed("a", "5")];
    for state in [
        DepositState::Detected,
        DepositState::Reviewing,
        DepositState::Declined,
    ] {
        let known = after(&[&first, &[arrival("a", "5.0", Some(state))]]);
        assert_eq!(known.deposits[0].state, DepositState::Confirmed, "{state}");
        let moved = (FlagKind::MovedBack, "confirmed", state.as_str());
        assert_eq!(flags(&known), [moved], "{state}");
    }
    let known = after(&[&first, &[arrival("a", "5.0", None)]]);
    assert_eq!((received(&known).as_str(), flags(&known)), ("5", vec![]));
}

#[test]
fn a_corrected_deposit_keeps_what_was_certain_and_says_both_figures() {
    let mut known = after(&[&[confirmed("a", "5"), confirmed("b", "1")]]);
    let corrected = whole(&[confirmed("a", "4.95"), confirmed("b", "1")]);
    let changes = take(&mut known, &corrected, NOW);
    assert!(changes.put.is_empty());
    let less = (FlagKind::AmountChanged, "5 USDT_TRX", "4.95 USDT_TRX");
    assert_eq!(flags(&known), [less]);
    assert_eq!(
        take(&mut known, &corrected, NOW),
        DepositChanges::default(),
        "said once"
    );
    take(
        &mut known,
        &whole(&[
            confirmed("a", "0"),
            confirmed("b", "1"),
            confirmed("c", "100"),
        ]),
        NOW,
    );
    let nothing = (FlagKind::AmountChanged, "5 USDT_TRX", "0 USDT_TRX");
    assert_eq!(flags(&known), [less, nothing]);
    assert_eq!(received(&known), "106");
}

#[test]
fn another_currency_or_transaction_changes_nothing_that_is_confirmed() {
    let first = [by("a", "5", "AB")];
    let other = ListedDeposit {
        currency: "BTC".to_owned().into(),
        ..by("a", "5", "AB")
    };
    let known = after(&[&first, &[other]]);
    assert_eq!(known.deposits[0].currency.code(), "USDT_TRX");
    let changed = (FlagKind::CurrencyChanged, "5 USDT_TRX", "5 BTC");
    assert_eq!(flags(&known), [changed]);
    let known = after(&[&first, &[by("a", "5", "cd")]]);
    assert_eq!(known.deposits.len(), 1, "one deposit, not two");
    assert_eq!(known.deposits[0].transaction.as_deref(), Some("AB"));
    assert_eq!(flags(&known), [(FlagKind::TransactionChanged, "AB", "cd")]);
    let known = after(&[&first, &[by("a", "5", "ab")]]);
    assert_eq!(
        flags(&known),
        [],
        "hexadecimal digits are the same in any case"
    );
}

#[test]
fn a_confirmed_deposit_learns_what_was_not_known_of_it() {
    let sent = ListedDeposit {
        sender: Some("T1".to_owned()),
        ..by("a", "5", "ab")
    };
    let known = after(&[&[confirmed("a", "5")], &[sent]]);
    let deposit = &known.deposits[0];
    assert_eq!(deposit.transaction.as_deref(), Some("ab"));
    assert_eq!(deposit.sender.as_deref(), Some("T1"));
    let known = after(&[&[by("a", "5", "ab")], &[confirmed("a", "5")]]);
    assert_eq!(known.deposits[0].transaction.as_deref(), Some("ab"));
    assert_eq!(flags(&known), []);
}

#[test]
fn an_unconfirmed_deposit_may_become_anything() {
    let seen = ListedDeposit {
        state: Some(DepositState::Detected),
        ..by("a", "5", "ab")
    };
    let known = after(&[std::slice::from_ref(&seen), &[by("a", "6", "cd")]]);
    let deposit = &known.deposits[0];
    assert_eq!(
        (received(&known).as_str(), deposit.transaction.as_deref()),
        ("6", Some("cd"))
    );
    assert_eq!(flags(&known), []);
    let known = after(&[
        std::slice::from_ref(&seen),
        &[arrival("a", "5", Some(DepositState::Detected))],
    ]);
    assert_eq!(known.deposits[0].transaction.as_deref(), Some("ab"));
    let other = ListedDeposit {
        currency: "BTC".to_owned().into(),
        ..by("a", "5", "ab")
    };
    let known = after(&[&[seen], &[other]]);
    assert_eq!(known.deposits[0].currency.code(), "BTC");
    let changed = (FlagKind::CurrencyChanged, "5 USDT_TRX", "5 BTC");
    assert_eq!(flags(&known), [changed]);
}

#[test]
fn what_a_whole_list_lacks_is_missing_and_what_was_confirmed_counts() {
    for state in DepositState::ALL {
        let mut known = after(&[&[arrival("a", "5", Some(state)), confirmed("b", "1")]]);
        let later = NOW.plus_seconds(60);
        take(&mut known, &whole(&[confirmed("b", "1")]), later);
        assert_eq!(known.deposits[0].missing_since, Some(later), "{state}");
        assert_eq!(known.deposits[0].is_void(), state == DepositState::Detected);
        let counts = if state == DepositState::Confirmed {
            "6"
        } else {
            "1"
        };
        assert_eq!(received(&known), counts, "{state}");
        let missing = vec![(FlagKind::Missing, "5 USDT_TRX", "")];
        let expected = if state == DepositState::Detected {
            vec![]
        } else {
            missing
        };
        assert_eq!(flags(&known), expected, "{state}");
        let again = take(
            &mut known,
            &whole(&[confirmed("b", "1")]),
            later.plus_seconds(60),
        );
        assert_eq!(again, DepositChanges::default(), "{state}");
        // And it comes back.
        take(
            &mut known,
            &whole(&[confirmed("a", "5"), confirmed("b", "1")]),
            later,
        );
        assert_eq!(known.deposits[0].missing_since, None, "{state}");
        assert_eq!(received(&known), "6", "{state}");
    }
}

#[test]
fn a_list_that_is_not_whole_says_nothing_about_what_it_lacks() {
    let mut known = after(&[&[arrival("a", "5", Some(DepositState::Detected))]]);
    let part = Listed {
        is_whole: false,
        ..whole(&[confirmed("b", "1")])
    };
    take(&mut known, &part, NOW);
    assert_eq!(known.deposits[0].missing_since, None);
    assert_eq!(received(&known), "1");
}

#[test]
fn only_confirmed_deposits_count() {
    for state in [
        Some(DepositState::Detected),
        Some(DepositState::Reviewing),
        Some(DepositState::Declined),
        None,
    ] {
        let known = after(&[&[arrival("a", "5", state)]]);
        assert_eq!(received(&known), "0", "{state:?}");
        assert_eq!(
            known.deposits[0].state,
            state.unwrap_or(DepositState::Detected)
        );
        let known = after(&[&[arrival("a", "5", state)], &[confirmed("a", "5")]]);
        assert_eq!(received(&known), "5", "{state:?}");
    }
}

#[test]
fn an_unknown_state_is_no_step() {
    let known = after(&[
        &[arrival("a", "5", Some(DepositState::Reviewing))],
        &[arrival("a", "5", None)],
    ]);
    assert_eq!(known.deposits[0].state, DepositState::Reviewing);
}

#[test]
fn an_amount_that_cannot_exist_is_held_and_said() {
    for (text, currency, possible) in [
        ("0.000001", "USDT_TRX", true),
        ("0.0000001", "USDT_TRX", false),
        ("0.10000000", "USDT_TRX", true),
        ("0.000000000000000001", "XYZ", true),
        ("0.0000000000000000001", "XYZ", false),
        ("1000000000000000", "XDG", true),
        ("1000000000000000.00000001", "XDG", false),
        ("340282366920938463463374607431768211455", "XYZ", false),
    ] {
        assert_eq!(
            is_possible(amount(text), &currency.to_owned().into()),
            possible,
            "{text} {currency}"
        );
        let odd = ListedDeposit {
            currency: currency.to_owned().into(),
            ..confirmed("a", text)
        };
        let mut known = after(&[&[odd, confirmed("b", "1")]]);
        let state = known.deposits[0].state;
        assert_eq!(
            state == DepositState::Confirmed,
            possible,
            "{text} {currency}"
        );
        let kinds: Vec<FlagKind> = known.flags.iter().map(|flag| flag.kind).collect();
        assert_eq!(kinds.is_empty(), possible, "{text} {currency}");
        // Once it can exist, it counts.
        let sane = ListedDeposit {
            currency: currency.to_owned().into(),
            ..confirmed("a", "2")
        };
        take(&mut known, &whole(&[sane, confirmed("b", "1")]), NOW);
        assert_eq!(known.deposits[0].state, DepositState::Confirmed);
    }
    let odd = arrival("a", "0.0000001", Some(DepositState::Declined));
    assert_eq!(after(&[&[odd]]).deposits[0].state, DepositState::Declined);
}

#[test]
fn a_sum_that_would_be_no_amount_holds_the_last_deposit_only() {
    // Eighteen decimals and a thousand million millions leave room for hundreds of thousands; so a sum is filled by hand.
    let mut known = after(&[&[ListedDeposit {
        currency: "ETH".to_owned().into(),
        ..confirmed("a", "1")
    }]]);
    known.deposits[0].amount = amount("340282366920938463463");
    let next = ListedDeposit {
        currency: "ETH".to_owned().into(),
        ..confirmed("b", "1.000000000000000001")
    };
    let kept = ListedDeposit {
        currency: "ETH".to_owned().into(),
        ..confirmed("a", "340282366920938463463")
    };
    take(&mut known, &whole(&[kept, next]), NOW);
    assert_eq!(known.deposits[1].state, DepositState::Reviewing);
    assert_eq!(known.flags[0].kind, FlagKind::AmountImpossible);
    assert_eq!(received(&known), "340282366920938463463");
}

#[test]
fn an_invoice_takes_no_other_currency() {
    let other = ListedDeposit {
        currency: "BTC".to_owned().into(),
        expected: Some(usdt()),
        ..confirmed("a", "5")
    };
    let mut known = after(&[&[other]]);
    assert_eq!(known.deposits[0].state, DepositState::Reviewing);
    assert_eq!(
        flags(&known),
        [(FlagKind::CurrencyChanged, "USDT_TRX", "5 BTC")]
    );
    let right = ListedDeposit {
        expected: Some(usdt()),
        ..confirmed("a", "5")
    };
    take(&mut known, &whole(&[right]), NOW);
    assert_eq!(received(&known), "5");
}

#[test]
fn one_id_for_two_transactions_is_two_deposits_in_any_order() {
    let (one, two) = (by("a", "5", "AA"), by("a", "7", "BB"));
    for lists in [
        [&[one.clone(), two.clone()][..], &[two.clone(), one.clone()]],
        [std::slice::from_ref(&one), &[one.clone(), two.clone()]],
        [std::slice::from_ref(&one), &[two.clone(), one.clone()]],
    ] {
        let known = after(&lists);
        assert_eq!(received(&known), "12", "{lists:?}");
        let again = [two.clone(), one.clone()];
        let more = after(&[lists[0], lists[1], &again, &again]);
        assert_eq!((more.deposits.len(), received(&more).as_str()), (2, "12"));
        let reused = (FlagKind::IdReused, "5 USDT_TRX by AA", "7 USDT_TRX by BB");
        assert_eq!(flags(&more), [reused], "{lists:?}");
    }
}

#[test]
fn a_deposit_that_loses_or_gets_its_id_is_the_same_one() {
    let (named, nameless) = (by("a", "5", "AA"), by("hash:aa", "5", "aa"));
    for lists in [
        [
            std::slice::from_ref(&named),
            std::slice::from_ref(&nameless),
        ],
        [
            std::slice::from_ref(&nameless),
            std::slice::from_ref(&named),
        ],
        [
            &[named.clone(), nameless.clone()],
            &[nameless.clone(), named.clone()],
        ],
    ] {
        let known = after(&lists);
        assert_eq!(
            (known.deposits.len(), received(&known).as_str()),
            (1, "5"),
            "{lists:?}"
        );
        assert_eq!(flags(&known), [], "{lists:?}");
        assert_eq!(known.deposits[0].missing_since, None);
    }
    // Two payments in one transaction lose their ids.
    let two = [by("a", "5", "AA"), by("b", "7", "AA")];
    let lost = [by("hash:aa", "7", "AA"), by("hash:aa", "5", "AA")];
    let known = after(&[&two, &lost]);
    assert_eq!((known.deposits.len(), received(&known).as_str()), (2, "12"));
    assert_eq!(flags(&known), []);
    assert!(
        known
            .deposits
            .iter()
            .all(|deposit| deposit.missing_since.is_none())
    );
    // With ids of their own they are two from the start.
    assert_eq!(received(&after(&[&two])), "12");
}

#[test]
fn one_id_for_two_amounts_is_one_deposit_and_the_lesser_counts() {
    let (less, more) = (by("a", "5", "AA"), by("a", "7", "AA"));
    for list in [[less.clone(), more.clone()], [more.clone(), less.clone()]] {
        let known = after(&[&list, &list]);
        assert_eq!((known.deposits.len(), received(&known).as_str()), (1, "5"));
        assert!(
            flags(&known)
                .iter()
                .any(|(kind, ..)| *kind == FlagKind::IdReused)
        );
    }
    // Nothing is no amount of a payment.
    for list in [
        [by("a", "0", "AA"), less.clone()],
        [less.clone(), by("a", "0", "AA")],
    ] {
        let known = after(&[&list, &list]);
        assert_eq!((known.deposits.len(), received(&known).as_str()), (1, "5"));
    }
    // What was known before is neither.
    for list in [[less.clone(), more.clone()], [more, less]] {
        let known = after(&[&[by("a", "6", "AA")], &list]);
        assert_eq!(received(&known), "6");
    }
    let other = ListedDeposit {
        currency: "BTC".to_owned().into(),
        ..by("a", "0.5", "AA")
    };
    let known = after(&[&[by("a", "5", "AA"), other]]);
    assert_eq!(known.deposits[0].currency.code(), "USDT_TRX");
    assert_eq!(
        flags(&known),
        [(FlagKind::IdReused, "5 USDT_TRX", "0.5 BTC")]
    );
    // A sum that both were part of would have no room for the third.
    let most = "1000000000000000";
    let known = after(&[&[by("a", most, "AA"), by("a", "1", "AA"), by("b", most, "BB")]]);
    assert_eq!(received(&known), "1000000000000001");
}

#[test]
fn transfers_of_nothing_are_passed_over() {
    let known = after(&[&[confirmed("a", "0"), confirmed("b", "1")]]);
    assert_eq!(known.deposits.len(), 1);
    assert_eq!(flags(&known), []);
}

#[test]
fn what_nobody_can_read_is_flagged_and_not_missing() {
    let mut known = after(&[&[confirmed("a", "5"), confirmed("b", "1")]]);
    let entry = |name: &str| UnreadableEntry {
        name: name.to_owned(),
        has_id: true,
        says: "expected an amount".to_owned(),
    };
    let listed = Listed {
        unreadable: vec![entry("a"), entry("z")],
        ..whole(&[confirmed("b", "1")])
    };
    take(&mut known, &listed, NOW);
    assert_eq!(known.deposits[0].missing_since, None);
    assert_eq!(received(&known), "6");
    let unreadable = FlagKind::Unreadable;
    assert_eq!(
        flags(&known),
        [
            (unreadable, "5 USDT_TRX", "expected an amount"),
            (unreadable, "", "expected an amount")
        ]
    );
    assert_eq!(known.flags[1].deposit, "z");
    assert_eq!(take(&mut known, &listed, NOW), DepositChanges::default());
}

#[test]
fn flags_do_not_fill_the_disk() {
    let mut known = after(&[&[confirmed("a", "5")]]);
    for changed in 1..1500 {
        let listed = whole(&[confirmed("a", &format!("5.{changed}"))]);
        take(&mut known, &listed, NOW);
    }
    assert_eq!(known.flags.len(), 1000);
    assert_eq!(received(&known), "5");
}

#[test]
fn the_time_of_a_deposit_is_the_first_one_named() {
    let later = ListedDeposit {
        at: Some(NOW.plus_seconds(60)),
        ..confirmed("a", "5")
    };
    let known = after(&[&[arrival("a", "5", Some(DepositState::Detected))], &[later]]);
    assert_eq!(known.deposits[0].at, NOW);
    let timeless = ListedDeposit {
        at: None,
        ..confirmed("a", "5")
    };
    let mut known = Known::default();
    take(&mut known, &whole(&[timeless]), NOW.plus_seconds(5));
    assert_eq!(known.deposits[0].at, NOW.plus_seconds(5));
}

#[test]
fn a_deposit_is_kept_under_its_receiver() {
    let known = after(&[&[confirmed("a", "5"), confirmed("b", "0.5")]]);
    assert!(
        known
            .deposits
            .iter()
            .all(|deposit: &Deposit| deposit.paid_to == RECEIVER)
    );
    assert_eq!(sum(&known.deposits).unwrap(), amount("5.5"));
}

fn listing<T: DeserializeOwned>(json: &str) -> Listing<T> {
    let page: Page<T> = serde_json::from_str(json).unwrap();
    Listing {
        items: page.items,
        unreadable: page.unreadable,
        is_whole: true,
        broken: None,
    }
}

#[test]
fn a_history_is_read_in_every_documented_shape() {
    let full = of_invoice(
        listing(
            r#"[{"id":"x","amount":1.50,"currency":"USDT_TRX","addressFrom":"T","transactionHash":"HASH","createdDate":"2022-09-05T07:39:18.929518"},
                {"transactionId":"y","amount":0,"currency":"USDT_TRX"},
                {"amount":2e0,"transactionHash":"cd"},
                {"transactionId":"z","amount":3,"transactionHash":"not a hash\n"}]"#
                .replace("HASH", HASH)
                .as_str(),
        ),
        usdt(),
    );
    let names: Vec<&str> = full
        .deposits
        .iter()
        .map(|arrival| arrival.id.as_str())
        .collect();
    assert_eq!(names, ["x", "y", "hash:cd", "z"]);
    assert!(full.is_whole && full.unreadable.is_empty());
    let first = &full.deposits[0];
    assert_eq!(first.amount.to_string(), "1.5");
    assert_eq!(first.sender.as_deref(), Some("T"));
    assert_eq!(first.expected, Some(usdt()));
    assert!(first.at.is_some());
    assert_eq!(
        full.deposits[2].currency.code(),
        "USDT_TRX",
        "the invoice's, where none is named"
    );
    assert_eq!(full.deposits[0].transaction.as_deref(), Some(HASH));
    assert_eq!(full.deposits[2].transaction, None, "none of this network");
    assert_eq!(full.deposits[3].transaction, None);
}

#[test]
fn an_entry_without_a_usable_name_leaves_the_others() {
    let long = "x".repeat(161);
    for entry in [
        r#"{"amount":1}"#.to_owned(),
        r#"{"id":"","transactionHash":"","amount":1}"#.to_owned(),
        r#"{"id":"a b","amount":1}"#.to_owned(),
        format!(r#"{{"id":"{long}","amount":1}}"#),
        "null".to_owned(),
        r#"{"amount":1,"amount":2}"#.to_owned(),
    ] {
        let json = format!(r#"[{{"id":"x","amount":1}},{entry}]"#);
        let listed = of_invoice(listing(&json), usdt());
        assert_eq!(listed.deposits.len(), 1, "{entry}");
        assert_eq!(listed.unreadable.len(), 1, "{entry}");
        assert!(
            !listed.is_whole,
            "{entry}: any known deposit may be this one"
        );
        let unreadable = &listed.unreadable[0];
        assert!(unreadable.name.starts_with("unreadable:"), "{entry}");
        assert!(!unreadable.says.is_empty() && unreadable.says.chars().count() <= 500);
        let known = &mut Known::default();
        take(known, &listed, NOW);
        assert_eq!(received(known), "1", "{entry}");
    }
    let named = of_invoice(listing(r#"[{"transactionId":7,"amount":-1}]"#), usdt());
    assert_eq!(named.unreadable[0].name, "7");
    assert!(named.is_whole, "it is known which one it is");
}

#[test]
fn what_cannot_be_read_is_told_with_what_was_expected_and_what_came() {
    let said = |entry: &str| {
        let listed = of_invoice(listing::<calypso::Deposit>(&format!("[{entry}]")), usdt());
        listed.unreadable[0].says.clone()
    };
    let much = said(r#"{"id":"x","amount":"much"}"#);
    assert!(much.contains("amount") && much.contains("much"), "{much}");
    let nameless = said(r#"{"amount":1,"currency":"USDT_TRX"}"#);
    assert!(nameless.starts_with("expected an id in "), "{nameless}");
    assert!(nameless.contains("USDT_TRX"), "{nameless}");
    // Neither lines nor what turns the text gets through, and no length fills a log.
    let hostile = said(&format!(
        "{{\"amount\":1,\"currency\":\"a\\nb\u{202e}c{}\"}}",
        "x".repeat(10_000)
    ));
    assert!(!hostile.contains(['\n', '\u{202e}']), "{hostile}");
    assert!(hostile.chars().count() <= 500, "{hostile}");
}

#[test]
fn every_state_of_a_purse_has_its_word() {
    let state = |word: &str| {
        let json = format!(
            r#"[{{"id":"x","amount":1.0,"currency":"USDT_TRX","transactionState":"{word}","addressFrom":"T","transactionHash":"{HASH}"}},
                {{"id":"w","amount":1,"currency":"XYZ","transactionState":"CONFIRMED","transactionHash":"ab"}},
                {{"id":"y","amount":1,"currency":"BTC","transactionState":"CONFIRMED"}},
                {{"id":" ","amount":1,"currency":"BTC","transactionState":"CONFIRMED"}}]"#
        );
        let listed = of_customer(listing::<PurseTransaction>(&json));
        assert_eq!(listed.deposits.len(), 3, "every currency is read");
        assert_eq!(listed.deposits[1].transaction.as_deref(), Some("ab"));
        assert_eq!(listed.deposits[2].currency.code(), "BTC");
        assert_eq!((listed.unreadable.len(), listed.is_whole), (1, false));
        let first = &listed.deposits[0];
        assert_eq!(first.sender.as_deref(), Some("T"));
        assert_eq!(first.transaction.as_deref(), Some(HASH));
        first.state
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

#[test]
fn a_deposit_that_is_listed_under_another_id_counts_once() {
    let old = by("ab-1", "5", HASH);
    // The gateway spells its ids otherwise, or has given it another one.
    for id in ["AB-1", "cd-2"] {
        let new = by(id, "5.0", &HASH.to_uppercase());
        let mut known = after(&[
            std::slice::from_ref(&old),
            std::slice::from_ref(&new),
            std::slice::from_ref(&new),
        ]);
        assert_eq!(received(&known), "5", "{id}");
        let kinds: Vec<_> = flags(&known).iter().map(|flag| flag.0).collect();
        assert_eq!(kinds, [FlagKind::Renamed, FlagKind::Missing]);
        // A list of the old id is as before, and one of both is of two deposits by one transaction.
        take(&mut known, &whole(std::slice::from_ref(&old)), NOW);
        assert_eq!(received(&known), "5");
        take(&mut known, &whole(&[new, old.clone()]), NOW);
        assert_eq!(received(&known), "10");
    }
    // Another amount, currency or transaction is another deposit; and each that is gone stands for one.
    for (id, sum, hash) in [("b", "6", HASH), ("b", "5", "another")] {
        let known = after(&[std::slice::from_ref(&old), &[by(id, sum, hash)]]);
        assert_eq!(known.deposits.iter().filter(|one| one.counts()).count(), 2);
    }
    let known = after(&[
        std::slice::from_ref(&old),
        &[by("b", "5", HASH), by("c", "5", HASH)],
    ]);
    assert_eq!(received(&known), "10");
}
