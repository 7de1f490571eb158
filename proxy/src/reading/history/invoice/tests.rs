//! One entry for each figure that changes, and at least one for every change.

use checkout::wire::ChangeKind;
use checkout::{InterventionKind, InvoiceStatus, Phase};

use super::{made, moved};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::reading::history::{Cause, Entry};
use crate::reading::invoice::Change;
use crate::reading::second::Second;

const CAUSE: Cause = Cause {
    source: Source::Poll,
    at: NOW,
};

fn words(entries: &[Entry]) -> Vec<String> {
    let nothing = || "-".to_owned();
    let words = entries.iter().map(|entry| {
        let (was, became) = (entry.was.clone(), entry.became.clone());
        let (was, became) = (was.unwrap_or_else(nothing), became.unwrap_or_else(nothing));
        format!("{} {was} {became}", entry.kind)
    });
    words.collect()
}

fn changed(change: impl FnOnce(&mut Invoice)) -> Vec<String> {
    let before = sample::invoice(&sample::payment(), 1, Phase::Awaiting);
    let mut invoice = before.clone();
    change(&mut invoice);
    let change = Change {
        before: before.phase,
        invoice,
        second: None,
        alarms: Vec::new(),
    };
    words(&moved(&before, &change, CAUSE))
}

#[test]
fn an_invoice_that_was_found_after_a_crash_tells_what_it_has_become_since() {
    let mut invoice = sample::invoice(&sample::payment(), 1, Phase::Awaiting);
    assert_eq!(words(&made(&invoice, CAUSE)), ["invoice_made - USDT 10"]);
    invoice.phase = Phase::Paid;
    invoice.status = InvoiceStatus::Paid;
    invoice.received = amount("10");
    assert_eq!(
        words(&made(&invoice, CAUSE)),
        [
            "invoice_made - USDT 10",
            "phase awaiting paid",
            "status PENDING_PAYMENT PAID",
            "received 0 10"
        ]
    );
    invoice = sample::invoice(&sample::topup(), 1, Phase::Awaiting);
    invoice.amount = None;
    assert_eq!(words(&made(&invoice, CAUSE)), ["invoice_made - USDT"]);
}

#[test]
fn every_figure_that_a_reading_may_change_is_told() {
    assert_eq!(
        changed(|invoice| invoice.phase = Phase::Detected),
        ["phase awaiting detected"]
    );
    assert_eq!(
        changed(|invoice| invoice.status = InvoiceStatus::MemPoolFound),
        ["status PENDING_PAYMENT MEM_POOL_FOUND"]
    );
    assert_eq!(
        changed(|invoice| invoice.intervention = Some(InterventionKind::Overpay)),
        ["intervention - OVERPAY"]
    );
    assert_eq!(
        changed(|invoice| invoice.received = amount("1.50")),
        ["received 0 1.50"]
    );
    assert_eq!(
        changed(|invoice| invoice.fee = Some(amount("1"))),
        ["fee - 1"]
    );
    assert_eq!(
        changed(|invoice| invoice.transaction = Some("0xab".to_owned())),
        ["transaction - 0xab"]
    );
    assert_eq!(
        changed(|invoice| invoice.amount = Some(amount("11"))),
        ["repriced 10 11"]
    );
    assert_eq!(
        changed(|invoice| invoice.priced_at = NOW.plus_seconds(900)),
        ["repriced 10 10"]
    );
    let (from, to) = (NOW.plus_seconds(3600), NOW.plus_seconds(3601));
    assert_eq!(
        changed(|invoice| invoice.expires_at = to),
        [format!("expiry {from} {to}")]
    );
    assert_eq!(
        changed(|invoice| invoice.latest_expiry = to),
        [format!("expiry {from} {from}")]
    );
}

#[test]
fn a_change_of_nothing_but_a_moment_is_told_too() {
    for told in [
        changed(|invoice| invoice.held_at = Some(NOW)),
        changed(|invoice| invoice.paid_at = Some(NOW)),
        changed(|invoice| invoice.second_payment_at = Some(NOW)),
    ] {
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("noted - - - "), "{told:?}");
    }
}

#[test]
fn a_second_payment_and_each_alarm_have_an_entry() {
    let before = sample::invoice(&sample::payment(), 1, Phase::Paid);
    let mut invoice = before.clone();
    invoice.received = amount("20");
    let change = Change {
        before: Phase::Paid,
        second: Some(Second::Again),
        alarms: vec![Alarm::new(invoice.key, &Unsound::NoId, NOW)],
        invoice,
    };
    let told = moved(&before, &change, CAUSE);
    let kinds: Vec<_> = told.iter().map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [
            ChangeKind::Received,
            ChangeKind::SecondPayment,
            ChangeKind::Alarm
        ]
    );
    assert_eq!(told[1].became.as_deref(), Some("again: 20"));
    assert!(told.iter().all(|entry| entry.invoice == Some(before.key)));
}
