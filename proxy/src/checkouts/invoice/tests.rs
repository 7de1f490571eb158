//! An invoice: where it stands, how long and how often it is read, and the request that makes it.

use checkout::{Currency, InvoiceStatus, Phase};

use super::{Invoice, topup_phase};
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::tests::{NOW, amount, invoice, payment_closing_in as order};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

#[test]
fn time_alone_ends_what_waits_for_money_and_nothing_else() {
    let order = order(DAY);
    for phase in Phase::ALL {
        let mut invoice = invoice(&order, 1, phase);
        // What was kept from a reading of an unknown state ends too.
        for status in ["PENDING_PAYMENT", "PAID", "SOMETHING_NEW"] {
            invoice.status = InvoiceStatus::from(status);
            let before = NOW.plus_seconds(HOUR).plus_millis(-1);
            assert_eq!(invoice.phase_at(before), phase);
            let after = match phase {
                Phase::Choosing | Phase::Awaiting => Phase::Expired,
                other => other,
            };
            assert_eq!(invoice.phase_at(NOW.plus_seconds(HOUR)), after);
        }
    }
}

#[test]
fn money_is_what_is_on_its_way_or_here_and_held_is_what_is_here() {
    let order = order(DAY);
    for phase in Phase::ALL {
        let mut invoice = invoice(&order, 1, phase);
        let word = phase.as_str();
        let none = ["choosing", "awaiting", "expired", "archived"].contains(&word);
        assert_eq!(invoice.has_money(), !none, "{word}");
        assert_eq!(invoice.holds_money(), !none && word != "detected", "{word}");
        invoice.received = amount("1");
        assert_eq!(invoice.has_money(), word != "archived", "{word}");
        assert_eq!(invoice.holds_money(), word != "archived", "{word}");

        invoice.note_money(NOW);
        assert_eq!(invoice.held_at, (word != "archived").then_some(NOW));
        assert_eq!(invoice.paid_at, phase.is_paid().then_some(NOW));
        let (held_at, paid_at) = (invoice.held_at, invoice.paid_at);
        invoice.note_money(NOW.plus_seconds(5));
        assert_eq!((invoice.held_at, invoice.paid_at), (held_at, paid_at));
    }
}

#[test]
fn what_is_over_is_watched_for_three_days_and_the_rest_for_ninety() {
    let order = order(DAY);
    for phase in Phase::ALL {
        let mut invoice = invoice(&order, 1, phase);
        // It is counted from the latest expiry that was ever read.
        invoice.expires_at = NOW;
        let over = matches!(phase, Phase::Completed | Phase::Expired | Phase::Archived);
        let end = NOW.plus_seconds(HOUR + if over { 3 * DAY } else { 90 * DAY });
        assert!(invoice.is_watched(end.plus_millis(-1)), "{phase}");
        assert!(!invoice.is_watched(end), "{phase}");
    }
}

#[test]
fn a_top_up_is_read_until_the_gateway_archives_it() {
    let order = order(DAY);
    for phase in Phase::ALL {
        let mut topup = invoice(&order, 1, phase);
        topup.amount = None;
        let end = topup.latest_expiry.plus_seconds(3 * DAY);
        let archived = phase == Phase::Archived;
        assert!(topup.is_watched(end.plus_millis(-1)), "{phase}");
        for later in [end, end.plus_seconds(10 * 365 * DAY)] {
            assert_eq!(topup.is_watched(later), !archived, "{phase}");
        }
    }
}

#[test]
fn any_difference_is_a_change() {
    let order = order(DAY);
    let before = invoice(&order, 1, Phase::Awaiting);
    assert!(before.is_unchanged(&before));
    type Change = fn(&mut Invoice);
    let changes: [Change; 13] = [
        |invoice| invoice.amount = None,
        |invoice| invoice.received = amount("1"),
        |invoice| invoice.fee = Some(amount("1")),
        |invoice| invoice.phase = Phase::Detected,
        |invoice| invoice.status = InvoiceStatus::Paid,
        |invoice| invoice.intervention = Some(checkout::InterventionKind::Overpay),
        |invoice| invoice.transaction = Some("x".to_owned()),
        |invoice| invoice.priced_at = NOW.plus_millis(1),
        |invoice| invoice.expires_at = NOW,
        |invoice| invoice.latest_expiry = NOW,
        |invoice| invoice.held_at = Some(NOW),
        |invoice| invoice.paid_at = Some(NOW),
        |invoice| invoice.second_payment_at = Some(NOW),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut after = before.clone();
        change(&mut after);
        assert!(!after.is_unchanged(&before), "change {number}");
    }
}

#[test]
fn the_next_repricing_is_told_while_money_is_awaited() {
    let order = order(DAY);
    let mut invoice = invoice(&order, 1, Phase::Awaiting);
    invoice.priced_at = NOW.plus_seconds(-100);
    assert_eq!(invoice.reprice_at(NOW), Some(NOW.plus_seconds(800)));
    assert_eq!(invoice.reprice_at(NOW.plus_seconds(HOUR)), None);
    invoice.phase = Phase::Detected;
    assert_eq!(invoice.reprice_at(NOW), None);
    invoice.phase = Phase::Awaiting;
    invoice.amount = None;
    assert_eq!(invoice.reprice_at(NOW), None);
}

#[test]
fn what_is_due_is_what_is_missing() {
    let order = order(DAY);
    let mut invoice = invoice(&order, 1, Phase::Underpaid);
    for (received, due) in [("0", "10"), ("2.50", "7.5"), ("10", "0"), ("11", "0")] {
        invoice.received = amount(received);
        assert_eq!(invoice.due(amount("10")).to_string(), due);
    }
}

#[test]
fn a_request_names_an_expiry_where_the_checkout_closes_first() {
    let five_minutes = 5 * 60;
    for (code, life) in [("USDT_TRX", 3 * HOUR), ("USDT", DAY), ("BTC", DAY)] {
        let currency = Currency::find(code).unwrap();
        for (closes_in, named) in [
            (life - five_minutes - 1, true),
            (life - five_minutes, false),
            (life, false),
            (600, true),
        ] {
            let order = order(closes_in);
            let request = InvoiceAttempt::new(&order, currency, 1, NOW);
            let expected = named.then_some(order.expires_at);
            assert_eq!(request.expiration, expected, "{code} {closes_in}");
        }
    }
}

#[test]
fn each_checkout_currency_and_attempt_has_a_key_of_its_own_and_always_the_same() {
    let (one, other) = (order(DAY), order(DAY));
    let usdt = Currency::find("USDT").unwrap();
    let tron = Currency::find("USDT_TRX").unwrap();
    let key = |order, currency, attempt, seconds| {
        InvoiceAttempt::new(order, currency, attempt, NOW.plus_seconds(seconds)).key
    };
    let first = key(&one, usdt, 1, 0);
    assert_eq!(first, key(&one, usdt, 1, 60));
    let keys = [
        key(&one, usdt, 2, 0),
        key(&one, tron, 1, 0),
        key(&other, usdt, 1, 0),
    ];
    assert!(!keys.contains(&first));
}

#[test]
fn a_request_is_old_after_an_hour() {
    let request = InvoiceAttempt::new(&order(DAY), Currency::find("USDT").unwrap(), 1, NOW);
    assert!(!request.is_old(NOW.plus_seconds(HOUR)));
    assert!(request.is_old(NOW.plus_seconds(HOUR).plus_millis(1)));
}

#[test]
fn only_the_gateway_ends_a_top_up_and_the_checkout_hides_it() {
    for phase in [Phase::Awaiting, Phase::Expired, Phase::Archived] {
        for word in ["PENDING_PAYMENT", "PAID", "DECLINED", "SOMETHING_NEW"] {
            let status = InvoiceStatus::from(word);
            for (over, follows) in [(false, Phase::Awaiting), (true, Phase::Expired)] {
                let expected = if phase == Phase::Archived {
                    Phase::Archived
                } else {
                    follows
                };
                assert_eq!(topup_phase(phase, &status, over), expected, "{word}");
            }
        }
        for word in ["ARCHIVED", "CANCEL"] {
            let status = InvoiceStatus::from(word);
            assert_eq!(topup_phase(phase, &status, false), Phase::Archived);
        }
    }
}
