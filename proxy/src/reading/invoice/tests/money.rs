//! What has arrived, and where that puts an invoice.

use checkout::{Amount, Currency, InvoiceStatus, NetworkId, Phase};

use super::{
    Change, Fit, Invoice, InvoiceAttempt, NOW, checkout, invoice, made, seen, snapshot, step,
    topup, unlimited,
};
use crate::reading::money::fit_hash;

const HASH: &str = "0x0123456789abcdef0123456789abcdef0123456789ABCDEF0123456789abcdef";

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn new() -> Invoice {
    invoice(&checkout(), "USDT", "PENDING_PAYMENT", "0")
}

/// What follows for a USDT invoice over 10.5, read so many seconds into its hour.
fn read(known: &Invoice, state: &str, debit: &str, more: &str, seconds: i64) -> Change {
    let before = snapshot(checkout(), vec![known.clone()]);
    let seen = seen("USDT", "USDT", state, debit, more);
    step(known, &before, &seen, NOW.plus_seconds(seconds))
        .unwrap()
        .unwrap_or_else(|| Change {
            before: known.phase,
            invoice: known.clone(),
            second: None,
            alarms: vec![],
        })
}

fn names(change: &Change) -> Vec<&str> {
    change
        .alarms
        .iter()
        .map(|alarm| alarm.kind.as_str())
        .collect()
}

#[test]
fn paid_is_what_enough_was_received_for() {
    for state in ["PAID", "COMPLETED"] {
        for debit in ["10.5", "10.4475"] {
            let change = read(&new(), state, debit, "", 0);
            assert!(change.invoice.phase.is_paid(), "{state} {debit}");
            assert_eq!(names(&change), [""; 0]);
            assert_eq!(change.invoice.paid_at, Some(NOW));
        }
        for debit in ["10.447499", "0"] {
            let change = read(&new(), state, debit, "", 0);
            let known = change.invoice.clone();
            assert_eq!(known.phase, Phase::Intervention, "{state} {debit}");
            assert_eq!(names(&change), ["paid_with_too_little"]);
            assert_eq!(known.paid_at, None);
            assert_eq!(known.phase_at(NOW), Phase::Intervention, "and it stays");
            let again = read(&known, state, debit, "", 0).invoice;
            assert_eq!(again.phase, Phase::Intervention);
            let enough = read(&known, state, "10.5", "", 0).invoice;
            assert!(enough.phase.is_paid(), "until enough is there");
        }
    }
}

#[test]
fn what_was_paid_stays_paid_and_is_completed_whatever_is_received_then() {
    let paid = invoice(&checkout(), "USDT", "PAID", "10.5");
    let change = read(&paid, "COMPLETED", "10.395", "", 5);
    assert_eq!(change.invoice.phase, Phase::Completed);
    assert_eq!(change.invoice.received, amount("10.5"));
    assert_eq!(names(&change), ["received_shrank"]);
    assert_eq!(change.invoice.paid_at, Some(NOW), "when it was paid first");
    let back = read(&change.invoice, "PAID", "10.5", "", 5);
    assert_eq!(names(&back), ["status_went_back"]);
    assert_eq!(back.invoice.status, InvoiceStatus::Completed);
    assert_eq!(back.invoice.phase, Phase::Completed);
}

#[test]
fn money_without_a_word_for_it_is_on_its_way_and_after_the_end_the_merchants() {
    let open = read(&new(), "PENDING_PAYMENT", "3", "", 0);
    assert_eq!(open.invoice.phase, Phase::Detected);
    assert_eq!(names(&open), ["money_without_status"]);
    assert_eq!(open.invoice.held_at, Some(NOW));
    for known in [&new(), &open.invoice] {
        for (state, seconds) in [("PENDING_PAYMENT", 3600), ("ARCHIVED", 0), ("CANCEL", 0)] {
            let over = read(known, state, "3", "", seconds);
            assert_eq!(over.invoice.phase, Phase::Intervention, "{state}");
            assert_eq!(names(&over), ["money_after_end"], "{state}");
            let again = read(&over.invoice, state, "3", "", seconds);
            assert_eq!(again.invoice.phase, Phase::Intervention, "said twice");
        }
    }
    let over = read(&new(), "ARCHIVED", "0", "", 0).invoice;
    assert_eq!(over.phase, Phase::Archived);
    let late = read(&over, "ARCHIVED", "3", "", 0);
    assert_eq!(late.invoice.phase, Phase::Intervention);
    let expired = read(&new(), "ARCHIVED", "0", "", 3600).invoice;
    assert_eq!(expired.phase, Phase::Expired);
    let late = read(&expired, "ARCHIVED", "10.5", "", 3601);
    assert_eq!(late.invoice.phase, Phase::Intervention);
    let paid = read(&expired, "PAID", "10.5", "", 3601);
    assert_eq!(paid.invoice.phase, Phase::Paid);
    assert_eq!(names(&paid), [""; 0], "late, and it counts");
}

#[test]
fn a_refund_is_no_money_after_the_end() {
    for (kind, phase) in [
        ("UNDERPAY", Phase::Underpaid),
        ("SEVERAL", Phase::Intervention),
    ] {
        let more = format!(r#","interventionType":"{kind}""#);
        let known = read(&new(), "PENDING_INTERVENTION", "5", &more, 0).invoice;
        assert_eq!(known.phase, phase);
        let change = read(&known, "ARCHIVED", "5", "", 0);
        assert_eq!(change.invoice.phase, Phase::Archived);
        assert_eq!(names(&change), [""; 0]);
        let again = read(&change.invoice, "ARCHIVED", "5", "", 0);
        assert_eq!(again.invoice.phase, Phase::Archived);
        let more = read(&change.invoice, "ARCHIVED", "5.1", "", 0);
        assert_eq!(names(&more), ["money_after_end"]);
    }
}

#[test]
fn an_intervention_whose_figures_say_otherwise_asks_for_nothing() {
    for (kind, debit, phase) in [
        ("UNDERPAY", "5", Phase::Underpaid),
        ("UNDERPAY", "10.447499", Phase::Underpaid),
        ("UNDERPAY", "10.4475", Phase::Intervention),
        ("UNDERPAY", "20", Phase::Intervention),
        ("UNDERPAY", "0", Phase::Intervention),
        ("OVERPAY", "10.500001", Phase::Overpaid),
        ("OVERPAY", "10.5", Phase::Intervention),
        ("OVERPAY", "1", Phase::Intervention),
    ] {
        let more = format!(r#","interventionType":"{kind}""#);
        let change = read(&new(), "PENDING_INTERVENTION", debit, &more, 0);
        assert_eq!(change.invoice.phase, phase, "{kind} {debit}");
        assert_eq!(
            names(&change) == ["intervention_contradicts"],
            phase == Phase::Intervention,
            "{kind} {debit}"
        );
        let moved = read(&change.invoice, "MEM_POOL_FOUND", debit, &more, 0);
        assert_eq!(moved.invoice.phase, Phase::Detected);
    }
}

#[test]
fn an_underpaid_or_overpaid_invoice_that_is_read_in_another_state_is_not_judged_by_the_figures() {
    for (kind, debit, phase) in [
        ("UNDERPAY", "5", Phase::Underpaid),
        ("OVERPAY", "12", Phase::Overpaid),
    ] {
        let more = format!(r#","interventionType":"{kind}""#);
        let known = read(&new(), "PENDING_INTERVENTION", debit, &more, 0).invoice;
        // A step back that keeps the phase, with figures that would contradict the word.
        let back = read(&known, "PENDING_PAYMENT", "0", "", 0);
        assert_eq!(back.invoice.phase, phase);
        assert_eq!(names(&back), ["received_shrank", "status_went_back"]);
    }
}

#[test]
fn steps_back_raise_an_alarm_and_steps_on_do_not() {
    let more = r#","interventionType":"UNDERPAY""#;
    for (state, debit, more, next, alarms) in [
        ("PENDING_INTERVENTION", "5", more, "PENDING_PAYMENT", true),
        ("PENDING_INTERVENTION", "5", "", "PENDING_PAYMENT", true),
        ("DECLINED", "0", "", "PENDING_PAYMENT", true),
        ("ARCHIVED", "0", "", "PENDING_PAYMENT", true),
        ("CANCEL", "0", "", "PENDING_PAYMENT", true),
        ("PAID", "10.5", "", "MEM_POOL_FOUND", true),
        ("COMPLETED", "10.5", "", "ARCHIVED", true),
        ("MEM_POOL_FOUND", "0", "", "PENDING_PAYMENT", false),
        ("PENDING_PAYMENT", "0", "", "PENDING_PAYMENT", false),
        ("DECLINED", "0", "", "PENDING_COMPLIANCE_CHECK", false),
        ("ARCHIVED", "0", "", "ARCHIVED", false),
        ("PAID", "10.5", "", "COMPLETED", false),
        ("PAID", "10.5", "", "PAID", false),
    ] {
        let known = read(&new(), state, debit, more, 0).invoice;
        let change = read(&known, next, debit, "", 0);
        let said = names(&change).contains(&"status_went_back");
        assert_eq!(said, alarms, "{state} to {next}");
    }
}

#[test]
fn an_unknown_status_hides_no_money_and_moves_nothing_by_itself() {
    let more = format!(r#","lastDepositHash":"{HASH}","fee":0.1"#);
    let change = read(&new(), "SOMETHING_NEW", "10.5", &more, 0);
    assert_eq!(change.invoice.status, InvoiceStatus::PendingPayment);
    assert_eq!(change.invoice.received, amount("10.5"));
    assert_eq!(change.invoice.transaction.as_deref(), Some(HASH));
    assert_eq!(change.invoice.fee, Some(amount("0.1")));
    for phase in Phase::ALL {
        for seconds in [0, 3600, 7200] {
            let known = Invoice { phase, ..new() };
            let change = read(&known, "SOMETHING_NEW", "0", "", seconds);
            assert_eq!(change.invoice.phase, phase);
            assert_eq!(names(&change), ["unknown_status"]);
        }
    }
}

#[test]
fn money_under_a_word_nobody_knows_is_asked_for_by_nobody() {
    for word in ["SETTLED", "PAID_OUT", "paid", "PAID ", "", "НОВОЕ"] {
        for debit in [
            "0.000001",
            "3",
            "10.447499",
            "10.4475",
            "10.5",
            "21",
            "9999",
        ] {
            let open = read(&new(), word, debit, "", 0);
            assert_eq!(open.invoice.phase, Phase::Detected, "{word} {debit}");
            assert_eq!(names(&open), ["unknown_status", "money_without_status"]);
            assert_eq!(open.invoice.held_at, Some(NOW), "{word} {debit}");
            assert_eq!(open.invoice.paid_at, None, "{word} {debit}");
            for known in [&new(), &open.invoice] {
                let over = read(known, word, debit, "", 3600);
                assert_eq!(over.invoice.phase, Phase::Intervention, "{word} {debit}");
                assert_eq!(names(&over), ["unknown_status", "money_after_end"]);
                let again = read(&over.invoice, word, debit, "", 3601).invoice;
                assert_eq!(again.phase, Phase::Intervention, "{word} {debit}");
            }
            let paid = read(&open.invoice, "PAID", "10.5", "", 1).invoice;
            assert_eq!(paid.phase, Phase::Paid, "a word that is known decides");
        }
    }
}

#[test]
fn a_word_nobody_knows_settles_no_phase_in_which_the_merchant_or_nobody_waits() {
    let with = |phase, received: &str| Invoice {
        phase,
        received: amount(received),
        ..new()
    };
    for (phase, before, debit, after) in [
        (Phase::Underpaid, "3", "3", Phase::Underpaid),
        (Phase::Underpaid, "3", "10.447499", Phase::Underpaid),
        (Phase::Underpaid, "3", "10.5", Phase::Detected),
        (Phase::Overpaid, "11", "12", Phase::Overpaid),
        (Phase::Reviewing, "10.5", "10.5", Phase::Reviewing),
        (Phase::Declined, "10.5", "21", Phase::Declined),
        (Phase::Intervention, "10.5", "21", Phase::Intervention),
        (Phase::Paid, "10.5", "21", Phase::Paid),
        (Phase::Completed, "10.5", "10.5", Phase::Completed),
        (Phase::Expired, "0", "10.5", Phase::Intervention),
        (Phase::Archived, "3", "3", Phase::Archived),
        (Phase::Archived, "3", "10.5", Phase::Intervention),
        // Less is counted than before: it has not gone away.
        (Phase::Awaiting, "10.5", "0", Phase::Detected),
    ] {
        let change = read(&with(phase, before), "SETTLED", debit, "", 0);
        assert_eq!(change.invoice.phase, after, "{phase} {before} {debit}");
    }
    let late = read(&with(Phase::Underpaid, "3"), "SETTLED", "10.5", "", 3600);
    assert_eq!(late.invoice.phase, Phase::Intervention);
}

#[test]
fn a_top_up_counts_its_money_under_whatever_word() {
    let (checkout, request) = topup();
    let _usdt = Currency::find("USDT").unwrap();
    let new = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "0");
    let (known, _) = made(&checkout, &request, &new, Fit::Unasked, NOW).unwrap();
    let before = snapshot(checkout.clone(), vec![known.clone()]);
    for word in ["SETTLED", "paid", "", "НОВОЕ"] {
        for debit in ["0.000001", "7.5", "9999"] {
            for (now, phase) in [
                (NOW, Phase::Awaiting),
                (checkout.expires_at, Phase::Expired),
            ] {
                let read = unlimited("UNLIMITED", "USDT", word, debit);
                let change = step(&known, &before, &read, now).unwrap().unwrap();
                assert_eq!(change.invoice.received, amount(debit), "{word}");
                assert_eq!(change.invoice.phase, phase, "{word} {debit}");
                assert_eq!(change.invoice.status, InvoiceStatus::PendingPayment);
                assert_eq!(names(&change), ["unknown_status"], "{word} {debit}");
            }
        }
    }
}

#[test]
fn money_that_was_counted_once_is_not_asked_for_again() {
    let known = read(&new(), "SETTLED", "10.5", "", 0).invoice;
    let open = read(&known, "PENDING_PAYMENT", "0", "", 1);
    assert_eq!(open.invoice.phase, Phase::Detected);
    assert_eq!(names(&open), ["received_shrank", "money_without_status"]);
    for (state, seconds) in [
        ("PENDING_PAYMENT", 3600),
        ("ARCHIVED", 3600),
        ("ARCHIVED", 1),
    ] {
        let over = read(&known, state, "0", "", seconds).invoice;
        assert_eq!(over.phase, Phase::Intervention, "{state} {seconds}");
    }
}

#[test]
fn a_fee_is_kept_unless_it_is_more_than_there_is() {
    let before = read(&new(), "PENDING_PAYMENT", "0", r#","fee":2"#, 0).invoice;
    assert_eq!(before.fee, Some(amount("2")));
    for (fee, kept) in [("0.105", "0.105"), ("10.5", "10.5"), ("10.500001", "2")] {
        let more = format!(r#","fee":{fee}"#);
        let change = read(&before, "PAID", "10.5", &more, 0);
        assert_eq!(change.invoice.fee, Some(amount(kept)), "{fee}");
        assert_eq!(names(&change) == ["fee_too_high"], fee != kept, "{fee}");
    }
    let silent = read(&before, "PAID", "10.5", "", 0).invoice;
    assert_eq!(silent.fee, Some(amount("2")), "nothing said is nothing new");
}

#[test]
fn a_transaction_that_is_none_is_dropped_and_the_known_one_stays() {
    let with = |hash: &str| format!(r#","lastDepositHash":"{hash}""#);
    let good = read(&new(), "PAID", "10.5", &with(HASH), 0).invoice;
    assert_eq!(good.transaction.as_deref(), Some(HASH));
    for (hash, said) in [
        ("../../../x", &["bad_transaction"][..]),
        ("0xabc", &["bad_transaction"]),
        (&HASH[2..], &["bad_transaction"]),
        ("", &[]),
    ] {
        let change = read(&good, "COMPLETED", "10.5", &with(hash), 0);
        assert_eq!(change.invoice.transaction.as_deref(), Some(HASH), "{hash}");
        assert_eq!(names(&change), said, "{hash}");
        let first = read(&new(), "PAID", "10.5", &with(hash), 0).invoice;
        assert_eq!(first.transaction, None, "{hash}");
    }
    let other = HASH.replace('a', "b");
    let change = read(&good, "COMPLETED", "10.5", &with(&other), 0);
    assert_eq!(change.invoice.transaction.as_deref(), Some(other.as_str()));
}

#[test]
fn every_network_has_its_form_of_hash() {
    let plain = &HASH[2..];
    for (network, prefixed) in [
        (NetworkId::Bitcoin, false),
        (NetworkId::Litecoin, false),
        (NetworkId::Dogecoin, false),
        (NetworkId::Tron, false),
        (NetworkId::Ton, false),
        (NetworkId::Ethereum, true),
        (NetworkId::BnbSmartChain, true),
        (NetworkId::Polygon, true),
    ] {
        let (fits, other) = if prefixed {
            (HASH, plain)
        } else {
            (plain, HASH)
        };
        assert_eq!(fit_hash(network, Some(fits)).as_deref(), Some(fits));
        for bad in [
            other.to_owned(),
            String::new(),
            fits[..fits.len() - 1].to_owned(),
            format!("{fits}0"),
            fits.replace('4', "g"),
            fits.replace("ef", "é"),
            format!("{} {}", &fits[..10], &fits[11..]),
        ] {
            assert_eq!(fit_hash(network, Some(&bad)), None, "{network:?} {bad}");
        }
        assert_eq!(fit_hash(network, None), None);
    }
}

#[test]
fn a_top_up_tells_its_last_transaction_its_fee_and_what_it_received() {
    let (checkout, request) = topup();
    let _usdt = Currency::find("USDT").unwrap();
    let new = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "0");
    let (known, _) = made(&checkout, &request, &new, Fit::Unasked, NOW).unwrap();
    assert_eq!((known.transaction.as_deref(), known.fee), (None, None));
    let before = snapshot(checkout.clone(), vec![known.clone()]);
    let mut read = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "7.50");
    read.last_deposit_hash = Some(HASH.to_owned());
    read.fee = Some(amount("0.5"));
    let received = step(&known, &before, &read, NOW).unwrap().unwrap().invoice;
    assert_eq!(received.transaction.as_deref(), Some(HASH));
    assert_eq!(received.received, amount("7.5"));
    assert_eq!(received.fee, Some(amount("0.5")));
    assert_eq!(received.phase, Phase::Awaiting);
    let before = snapshot(checkout.clone(), vec![received.clone()]);
    let silent = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "7.5");
    assert!(
        step(&received, &before, &silent, NOW).unwrap().is_none(),
        "the hash stays where a reading has none"
    );
    let over = step(&received, &before, &silent, checkout.expires_at);
    assert_eq!(over.unwrap().unwrap().invoice.phase, Phase::Expired);
    let unknown = unlimited("UNLIMITED", "USDT", "SOMETHING_NEW", "9");
    let change = step(&received, &before, &unknown, NOW).unwrap().unwrap();
    assert_eq!(change.invoice.received, amount("9"));
    assert_eq!(change.invoice.status, InvoiceStatus::PendingPayment);
    assert_eq!(names(&change), ["unknown_status"]);
    let shrunk = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "3");
    let change = step(&received, &before, &shrunk, NOW).unwrap().unwrap();
    assert_eq!(change.invoice.received, amount("7.5"));
    assert_eq!(names(&change), ["received_shrank"]);
}

#[test]
fn a_new_invoice_that_was_touched_is_refused_and_one_found_late_is_read() {
    let checkout = checkout();
    let usdt = Currency::find("USDT").unwrap();
    let request = InvoiceAttempt::new(&checkout, usdt, 1, NOW);
    let make = |state: &str, debit: &str, seconds| {
        let seen = seen("USDT", "USDT", state, debit, "");
        let now = NOW.plus_seconds(seconds);
        made(&checkout, &request, &seen, Fit::Fits, now)
    };
    for (state, debit) in [
        ("PAID", "0"),
        ("PAID", "10.5"),
        ("COMPLETED", "10.5"),
        ("MEM_POOL_FOUND", "0"),
        ("PENDING_PAYMENT", "0.000001"),
        ("SOMETHING_NEW", "1"),
        ("ARCHIVED", "0"),
    ] {
        let refused = make(state, debit, 0).unwrap_err();
        assert_eq!(refused.name(), "not_fresh", "{state} {debit}");
    }
    assert!(make("SOMETHING_NEW", "0", 0).is_ok());
    let (found, alarms) = make("PAID", "10.5", 3601).unwrap();
    assert_eq!((found.phase, alarms.len()), (Phase::Paid, 0));
    assert_eq!(found.paid_at, Some(NOW.plus_seconds(3601)));
    assert_eq!(found.received, amount("10.5"));
    let (found, alarms) = make("PAID", "1", 3601).unwrap();
    assert_eq!(found.phase, Phase::Intervention);
    assert_eq!(alarms[0].name(), "paid_with_too_little");
}
