//! What the merchant is told of deposits, sums and contradictions: everything there is, and nothing that does not count as if it did.

use checkout::Phase;
use checkout::wire::{AlarmView, DepositState, FlagKind, FlagView, MerchantDepositView, TotalView};
use uuid::Uuid;

use super::{alarm_view, deposit_view, flag_view, is_pending, list_view, net, totals};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW, amount, invoice, payment_closing_in as order};

const DAY: i64 = 24 * 3600;

fn snapshot(checkout: &Checkout, invoices: Vec<Invoice>) -> Snapshot {
    Snapshot {
        invoices,
        ..Snapshot::new(checkout.clone())
    }
}

fn deposit(paid_to: Uuid, currency: &str, text: &str, state: DepositState) -> Deposit {
    Deposit {
        paid_to,
        id: "a".to_owned(),
        currency: currency.to_owned().into(),
        amount: amount(text),
        state,
        transaction: Some("hash".to_owned()),
        sender: Some("sender".to_owned()),
        at: NOW,
        missing_since: None,
    }
}

#[test]
fn deposits_are_looked_for_where_they_were_paid_to() {
    let order = order(DAY);
    let pair = vec![
        invoice(&order, 1, Phase::Awaiting),
        invoice(&order, 2, Phase::Paid),
    ];
    let keys = [Uuid::from_u128(1), Uuid::from_u128(2)];
    assert_eq!(snapshot(&order, pair.clone()).receivers(), keys);
    let topup = sample::topup();
    assert_eq!(snapshot(&topup, pair).receivers(), keys);
    let open = sample::deposit();
    let customer = key::customer(open.purpose.customer().unwrap());
    assert_eq!(snapshot(&open, vec![]).receivers(), [customer]);
}

#[test]
fn a_deposit_is_told_with_all_that_is_known_of_it() {
    let order = order(DAY);
    let key = Uuid::from_u128(1);
    let snapshot = snapshot(&order, vec![invoice(&order, 1, Phase::Paid)]);
    let missing = Deposit {
        missing_since: Some(NOW.plus_seconds(9)),
        ..deposit(key, "USDT", "1.50", DepositState::Confirmed)
    };
    let flag = FlagView {
        kind: FlagKind::Missing,
        known: None,
        read: None,
        at: NOW,
    };
    let view = deposit_view(&missing, &snapshot, None, vec![flag.clone()]);
    let expected = MerchantDepositView {
        id: "a".to_owned(),
        invoice: Some(key.to_string()),
        currency: "USDT".to_owned(),
        amount: amount("1.50"),
        state: DepositState::Confirmed,
        transaction: Some("hash".to_owned()),
        from: Some("sender".to_owned()),
        at: NOW,
        late: false,
        missing_since: Some(NOW.plus_seconds(9)),
        ledger: None,
        flags: vec![flag],
    };
    assert_eq!(view, expected);
}

#[test]
fn a_deposit_is_late_from_the_end_of_what_it_was_paid_to() {
    let order = order(DAY);
    let mut short = invoice(&order, 1, Phase::Awaiting);
    short.expires_at = NOW.plus_seconds(60);
    let mut long = invoice(&order, 2, Phase::Awaiting);
    long.expires_at = NOW.plus_seconds(120);
    let paid = snapshot(&order, vec![short, long]);
    let open = sample::deposit();
    let customers = snapshot(&open, vec![]);
    let customer = key::customer(open.purpose.customer().unwrap());
    for (snapshot, paid_to, end, told) in [
        (&paid, Uuid::from_u128(1), NOW.plus_seconds(60), true),
        (&paid, Uuid::from_u128(2), NOW.plus_seconds(120), true),
        (&customers, customer, open.expires_at, false),
    ] {
        for (millis, late) in [(-1, false), (0, true), (1, true)] {
            let arrived = Deposit {
                at: end.plus_millis(millis),
                ..deposit(paid_to, "USDT", "1", DepositState::Confirmed)
            };
            let view = deposit_view(&arrived, snapshot, None, vec![]);
            assert_eq!(view.late, late, "{paid_to} {millis}");
            assert_eq!(view.invoice.is_some(), told, "a customer has no invoice");
        }
    }
}

#[test]
fn a_contradiction_is_told_with_both_sides_and_null_where_there_is_none() {
    let flag = |known: &str, read: &str| Flag {
        paid_to: Uuid::nil(),
        deposit: "a".to_owned(),
        kind: FlagKind::AmountChanged,
        known: known.to_owned(),
        read: read.to_owned(),
        at: NOW,
    };
    for (known, read) in [("5 BTC", "4 BTC"), ("5 BTC", ""), ("", "4 BTC"), ("", "")] {
        let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let expected = FlagView {
            kind: FlagKind::AmountChanged,
            known: told(known),
            read: told(read),
            at: NOW,
        };
        assert_eq!(flag_view(&flag(known, read)), expected);
    }
    let alarm = Alarm {
        invoice: Uuid::from_u128(1),
        kind: "no_price".to_owned(),
        detail: "expected a price".to_owned(),
        at: NOW,
    };
    let expected = AlarmView {
        invoice: Uuid::from_u128(1).to_string(),
        kind: "no_price".to_owned(),
        detail: "expected a price".to_owned(),
        at: NOW,
    };
    assert_eq!(alarm_view(&alarm), expected);
}

#[test]
fn each_contradiction_stands_with_the_deposit_it_is_about_and_is_told_once() {
    let order = order(DAY);
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let pair = vec![
        invoice(&order, 1, Phase::Paid),
        invoice(&order, 2, Phase::Paid),
    ];
    let snapshot = snapshot(&order, pair);
    let named = |paid_to, id: &str| Deposit {
        id: id.to_owned(),
        ..deposit(paid_to, "USDT", "1", DepositState::Confirmed)
    };
    let flag = |paid_to, deposit: &str, read: &str| Flag {
        paid_to,
        deposit: deposit.to_owned(),
        kind: FlagKind::Unreadable,
        known: String::new(),
        read: read.to_owned(),
        at: NOW,
    };
    // Two invoices may have deposits of one id; ids of one invoice are its own.
    let known = Known {
        elsewhere: Vec::new(),
        deposits: vec![named(one, "a"), named(one, "b"), named(other, "a")],
        flags: vec![
            flag(one, "a", "first"),
            flag(other, "a", "second"),
            flag(one, "a", "third"),
            flag(one, "z", "of nobody"),
            flag(other, "b", "of nobody either"),
        ],
    };
    let view = list_view(&known, &[], &snapshot).unwrap();
    let told = |flags: &[FlagView]| -> Vec<String> {
        flags.iter().filter_map(|flag| flag.read.clone()).collect()
    };
    let by_deposit: Vec<Vec<String>> = view.deposits.iter().map(|view| told(&view.flags)).collect();
    let expected: [&[&str]; 3] = [&["first", "third"], &[], &["second"]];
    assert_eq!(by_deposit, expected);
    assert_eq!(told(&view.flags), ["of nobody", "of nobody either"]);
    assert_eq!(view.totals[0].received, amount("3"));
}

#[test]
fn what_may_still_come_to_count_is_pending_and_nothing_else() {
    for (state, missing, text, pending) in [
        (DepositState::Detected, false, "1", true),
        (DepositState::Detected, true, "1", false),
        (DepositState::Reviewing, false, "1", true),
        (DepositState::Reviewing, true, "1", true),
        (DepositState::Declined, false, "1", false),
        (DepositState::Confirmed, false, "1", false),
        // Amounts that cannot exist.
        (DepositState::Detected, false, "0.0000001", false),
        (DepositState::Reviewing, false, "0.0000001", false),
    ] {
        let seen = Deposit {
            missing_since: missing.then_some(NOW),
            ..deposit(Uuid::nil(), "USDT", text, state)
        };
        assert_eq!(is_pending(&seen), pending, "{state} {missing} {text}");
    }
}

#[test]
fn sums_are_exact_and_one_for_each_currency() {
    let all = [
        ("USDT", "1.10", DepositState::Confirmed),
        ("BTC", "0.1", DepositState::Confirmed),
        ("USDT", "2", DepositState::Detected),
        ("USDT", "0.000001", DepositState::Confirmed),
        ("USDT", "4", DepositState::Reviewing),
        ("USDT", "8", DepositState::Declined),
        ("ETH", "16", DepositState::Declined),
    ]
    .map(|(currency, text, state)| deposit(Uuid::nil(), currency, text, state));
    let total = |currency: &str, received, pending| TotalView {
        currency: currency.to_owned(),
        received: amount(received),
        pending: amount(pending),
    };
    let expected = [
        total("BTC", "0.1", "0"),
        total("ETH", "0", "0"),
        total("USDT", "1.100001", "6"),
    ];
    assert_eq!(totals(&all).unwrap(), expected);
    assert_eq!(totals(&[]).unwrap(), []);
}

#[test]
fn net_is_what_the_fee_leaves_of_a_payment() {
    let order = order(DAY);
    let mut paid = invoice(&order, 1, Phase::Paid);
    for (received, fee, left) in [
        ("10", Some("0.10"), Some("9.9")),
        ("10", Some("10"), Some("0")),
        ("10", Some("10.1"), None),
        ("10", None, None),
        ("0", Some("0"), None),
        ("0", Some("2"), None),
    ] {
        paid.received = amount(received);
        paid.fee = fee.map(amount);
        assert_eq!(net(&paid), left.map(amount), "{received} {fee:?}");
    }
    paid.amount = None;
    paid.received = amount("10");
    paid.fee = Some(amount("0.1"));
    assert_eq!(net(&paid), None, "a top-up's fee is not taken from it");
}
