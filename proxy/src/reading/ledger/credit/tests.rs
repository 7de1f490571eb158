//! What COMPLETED says of one deposit and of several, and what it does not say.

use checkout::{Amount, Phase};

use super::{counted_late, read};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::gateway::source::Source;
use crate::reading::history::Cause;
use crate::reading::ledger::account::accounts;
use crate::reading::ledger::{Counted, Posting, Says};

const CAUSE: Cause = Cause {
    source: Source::Poll,
    at: NOW,
};

fn booked(invoice: &Invoice, deposits: &[(&str, &str)]) -> Vec<Posting> {
    let row = |(id, received): &(&str, &str)| Posting {
        shop: invoice.shop.clone(),
        paid_to: invoice.key,
        checkout: Some(invoice.checkout_id),
        deposit: (*id).to_owned(),
        currency: invoice.currency.into(),
        cause: CAUSE,
        says: Says::Deposit(Box::new(Counted {
            transaction_id: (*id).to_owned(),
            received: amount(received),
            asked: invoice.amount,
            expected: None,
            at_sale: None,
            sender: None,
            transaction: None,
            deposited_at: NOW,
            late: Some(false),
            second: None,
        })),
    };
    deposits.iter().map(row).collect()
}

fn invoice(phase: Phase, received: &str, fee: Option<&str>) -> Invoice {
    Invoice {
        received: amount(received),
        fee: fee.map(amount),
        ..sample::invoice(&sample::payment(), 1, phase)
    }
}

/// Fee and credited amount of each deposit, `-` where they are none; and whether it is credited at all.
fn told(booked: &[Posting]) -> Vec<String> {
    let text = |amount: Option<Amount>| amount.map_or("-".to_owned(), |amount| amount.to_string());
    let words = accounts(booked).into_iter().map(|account| {
        let (fee, credited) = (text(account.fee), text(account.credited));
        let is_credited = account.credited_at.is_some();
        format!("{} {fee} {credited} {is_credited}", account.first.deposit)
    });
    words.collect()
}

#[test]
fn one_deposit_has_the_fee_of_its_invoice_and_its_worth_by_the_rate_then() {
    let invoice = invoice(Phase::Completed, "10", Some("0.10"));
    let mut rows = booked(&invoice, &[("a", "10.0")]);
    let rate = Some(("EUR", amount("0.8690")));
    let credits = read(Phase::Paid, &invoice, &rows, rate, CAUSE);
    assert_eq!(credits.len(), 1);
    rows.extend(credits);
    assert_eq!(told(&rows), ["a 0.1 9.9 true"]);
    let worth = accounts(&rows)[0].at_credit.unwrap();
    assert_eq!(worth.rate.to_string(), "0.8690");
    assert_eq!(worth.amount.to_string(), "8.60");
    // What is said again says nothing new.
    assert_eq!(read(Phase::Completed, &invoice, &rows, rate, CAUSE), []);
    assert_eq!(read(Phase::Paid, &invoice, &rows, rate, CAUSE), []);
}

#[test]
fn several_deposits_share_a_fee_that_none_of_them_is_said_to_have() {
    let invoice = invoice(Phase::Completed, "10", Some("0.1"));
    let mut rows = booked(&invoice, &[("a", "4"), ("b", "6")]);
    rows.extend(read(Phase::Paid, &invoice, &rows, None, CAUSE));
    assert_eq!(told(&rows), ["a - - true", "b - - true"]);
}

#[test]
fn a_fee_that_is_told_later_completes_the_credit() {
    let mut invoice = invoice(Phase::Completed, "10", None);
    let mut rows = booked(&invoice, &[("a", "10")]);
    rows.extend(read(Phase::Paid, &invoice, &rows, None, CAUSE));
    assert_eq!(told(&rows), ["a - - true"]);
    invoice.fee = Some(amount("0.1"));
    rows.extend(read(Phase::Completed, &invoice, &rows, None, CAUSE));
    assert_eq!(told(&rows), ["a 0.1 9.9 true"]);
    assert_eq!(read(Phase::Completed, &invoice, &rows, None, CAUSE), []);
}

#[test]
fn nothing_is_said_of_what_came_after_and_of_what_is_not_all_there() {
    let completed = invoice(Phase::Completed, "10", Some("0.1"));
    let mut rows = booked(&completed, &[("a", "10")]);
    rows.extend(read(Phase::Paid, &completed, &rows, None, CAUSE));
    rows.extend(booked(&completed, &[("b", "10")]));
    let again = invoice(Phase::Completed, "20", Some("0.2"));
    rows.extend(read(Phase::Completed, &again, &rows, None, CAUSE));
    assert_eq!(told(&rows), ["a 0.1 9.9 true", "b - - false"]);
    // The gateway has counted more than is known.
    let rows = booked(&again, &[("a", "10")]);
    assert_eq!(read(Phase::Paid, &again, &rows, None, CAUSE), []);
    assert_eq!(read(Phase::Paid, &again, &[], None, CAUSE), []);
}

#[test]
fn only_a_completed_payment_is_credited() {
    for phase in Phase::ALL {
        let invoice = invoice(phase, "10", Some("0.1"));
        let rows = booked(&invoice, &[("a", "10")]);
        let is_credited = phase == Phase::Completed;
        let credits = read(Phase::Paid, &invoice, &rows, None, CAUSE);
        assert_eq!(credits.len(), usize::from(is_credited), "{phase}");
        let credits = counted_late(&invoice, &rows, CAUSE);
        assert_eq!(credits.len(), usize::from(is_credited), "{phase}");
    }
    let topup = Invoice {
        amount: None,
        ..invoice(Phase::Completed, "10", Some("0.1"))
    };
    let rows = booked(&topup, &[("a", "10")]);
    assert_eq!(read(Phase::Paid, &topup, &rows, None, CAUSE), []);
    assert_eq!(counted_late(&topup, &rows, CAUSE), []);
}

#[test]
fn a_fee_above_what_came_is_no_deposits_fee() {
    let invoice = invoice(Phase::Completed, "10", Some("10.1"));
    let mut rows = booked(&invoice, &[("a", "10")]);
    rows.extend(read(Phase::Paid, &invoice, &rows, None, CAUSE));
    assert_eq!(told(&rows), ["a - - true"]);
}
