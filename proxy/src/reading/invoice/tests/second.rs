//! Money a checkout had no use for.

use checkout::{Amount, Phase, Timestamp};

use super::{Invoice, NOW, Second, checkout, invoice, seen, snapshot, step};

/// What a reading of the last of these invoices shows.
fn shows(invoices: &[Invoice], state: &str, debit: &str) -> Option<Second> {
    let last = invoices.last().unwrap();
    let code = last.currency.code;
    let snapshot = snapshot(checkout(), invoices.to_vec());
    let read = seen(code, code, state, debit, "");
    let later = NOW.plus_seconds(10);
    let change = step(last, &snapshot, &read, later).unwrap()?;
    assert_eq!(
        change.second.is_some() && last.second_payment_at.is_none(),
        change.invoice.second_payment_at == Some(later),
        "what is told is kept"
    );
    change.second
}

fn usdt(state: &str, debit: &str) -> Invoice {
    invoice(&checkout(), "USDT", state, debit)
}

fn eth(state: &str, debit: &str) -> Invoice {
    invoice(&checkout(), "ETH", state, debit)
}

#[test]
fn one_invoice_that_is_paid_once_is_no_second_payment() {
    for (before, held, state, debit) in [
        ("PENDING_PAYMENT", "0", "PAID", "10.5"),
        ("PENDING_PAYMENT", "0", "COMPLETED", "10.5"),
        ("PENDING_PAYMENT", "0", "MEM_POOL_FOUND", "0"),
        ("MEM_POOL_FOUND", "0", "PAID", "10.5"),
        ("PAID", "10.5", "PAID", "10.5"),
        ("PAID", "10.5", "COMPLETED", "10.5"),
        ("PAID", "10.5", "COMPLETED", "10.4"),
        // An overpayment within what the merchant accepts.
        ("PENDING_PAYMENT", "0", "PAID", "12"),
        ("PENDING_INTERVENTION", "5", "PAID", "10.5"),
        ("PENDING_INTERVENTION", "5", "PENDING_INTERVENTION", "30"),
    ] {
        assert_eq!(
            shows(&[usdt(before, held)], state, debit),
            None,
            "{before} {held} {state} {debit}"
        );
    }
}

#[test]
fn more_money_on_a_paid_invoice_is_told_each_time() {
    for state in ["PAID", "COMPLETED", "ARCHIVED", "SOMETHING_NEW"] {
        for paid in ["PAID", "COMPLETED"] {
            assert_eq!(
                shows(&[usdt(paid, "10.5")], state, "10.500001"),
                Some(Second::Again),
                "{paid} {state}"
            );
        }
    }
    let told = usdt("PAID", "21");
    assert_eq!(told.second_payment_at, Some(NOW));
    assert_eq!(
        shows(std::slice::from_ref(&told), "PAID", "31.5"),
        Some(Second::Again)
    );
    assert_eq!(shows(&[told], "PAID", "21"), None);
}

#[test]
fn two_payments_between_two_readings_are_told() {
    for (debit, told) in [("20.9475", Some(Second::Again)), ("20.947499", None)] {
        for state in ["PAID", "COMPLETED"] {
            assert_eq!(
                shows(&[usdt("PENDING_PAYMENT", "0")], state, debit),
                told,
                "995 thousandths more than asked: {state} {debit}"
            );
        }
    }
}

#[test]
fn money_on_another_invoice_is_told_once_and_by_what_the_first_one_holds() {
    let first = usdt("PAID", "10.5");
    for (state, debit) in [
        ("MEM_POOL_FOUND", "0"),
        ("PAID", "10.5"),
        ("PENDING_COMPLIANCE_CHECK", "0"),
        ("DECLINED", "0"),
        ("PENDING_INTERVENTION", "3"),
        ("PENDING_PAYMENT", "3"),
    ] {
        let second = eth("PENDING_PAYMENT", "0");
        assert_eq!(
            shows(&[first.clone(), second], state, debit),
            Some(Second::Elsewhere),
            "{state}"
        );
    }
    let part = usdt("PENDING_INTERVENTION", "5");
    let second = eth("PENDING_PAYMENT", "0");
    assert_eq!(
        shows(&[part.clone(), second], "PENDING_INTERVENTION", "5"),
        Some(Second::Part)
    );
    let mut told = eth("MEM_POOL_FOUND", "0");
    told.second_payment_at = Some(NOW);
    assert_eq!(shows(&[first, told.clone()], "PAID", "10.5"), None);
    assert_eq!(shows(&[part, told], "PENDING_INTERVENTION", "5"), None);
}

#[test]
fn what_is_only_on_its_way_or_returned_makes_no_other_payment_a_second_one() {
    for (state, debit) in [
        ("PENDING_PAYMENT", "0"),
        ("MEM_POOL_FOUND", "0"),
        ("ARCHIVED", "0"),
    ] {
        let other = usdt(state, debit);
        let paid = eth("PENDING_PAYMENT", "0");
        assert_eq!(shows(&[other, paid], "PAID", "10.5"), None, "{state}");
    }
    let mut returned = usdt("PENDING_INTERVENTION", "5");
    returned.phase = Phase::Archived;
    let paid = eth("PENDING_PAYMENT", "0");
    assert_eq!(shows(&[returned, paid], "PAID", "10.5"), None, "refunded");
}

#[test]
fn the_invoice_that_held_money_first_is_not_the_second() {
    let at = |mut invoice: Invoice, seconds| {
        invoice.held_at = invoice.held_at.map(|_| NOW.plus_seconds(seconds));
        invoice
    };
    let early = at(usdt("PENDING_INTERVENTION", "5"), -60);
    let late = at(eth("PENDING_INTERVENTION", "5"), -30);
    let pair = [late.clone(), early.clone()];
    assert_eq!(shows(&pair, "PAID", "10.5"), None, "it was the first");
    let same = [at(late.clone(), -60), early.clone()];
    assert_eq!(shows(&same, "PAID", "10.5"), None, "neither was");
    let pair = [early, late];
    assert_eq!(shows(&pair, "PAID", "10.5"), Some(Second::Part));
}

#[test]
fn an_invoice_is_not_compared_with_itself() {
    let known = usdt("PENDING_INTERVENTION", "5");
    assert!(known.held_at.is_some());
    let mut earlier = known.clone();
    earlier.held_at = Some(Timestamp::from_millis(0));
    let before = snapshot(checkout(), vec![earlier]);
    let read = seen("USDT", "USDT", "PAID", "10.5", "");
    let change = step(&known, &before, &read, NOW).unwrap().unwrap();
    assert_eq!(change.second, None);
    assert_eq!(change.invoice.received, Amount::parse("10.5").unwrap());
}

#[test]
fn the_operator_is_told_where_the_money_went_and_who_has_to_act() {
    for (second, words) in [
        (
            Second::Again,
            ["paid a second time", "to the same address", "return"],
        ),
        (
            Second::Elsewhere,
            ["paid a second time", "to another invoice", "return"],
        ),
        (
            Second::Part,
            ["part of the money", "to another invoice", "decide"],
        ),
    ] {
        let sentence = second.sentence();
        for word in words.iter().chain(&["the merchant has to"]) {
            assert!(sentence.contains(word), "{word}: {sentence}");
        }
    }
}
