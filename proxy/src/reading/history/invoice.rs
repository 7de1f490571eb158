//! What changes of an invoice say.

use checkout::wire::ChangeKind;
use checkout::{Amount, InterventionKind, InvoiceStatus, Phase, Timestamp};

use super::{Cause, Entry, Subject};
use crate::checkouts::invoice::Invoice;
use crate::reading::invoice::Change;

/// An invoice was made. One that was found again after a crash may have come far by then: what it has become since is told as well.
pub(crate) fn made(invoice: &Invoice, cause: Cause) -> Vec<Entry> {
    let amount = invoice.amount.map(|amount| format!(" {amount}"));
    let words = format!("{}{}", invoice.currency.code, amount.unwrap_or_default());
    let first = Invoice {
        received: Amount::ZERO,
        phase: Phase::Awaiting,
        status: InvoiceStatus::PendingPayment,
        intervention: None,
        transaction: None,
        second_payment_at: None,
        accepted_at: None,
        held_at: None,
        paid_at: None,
        fee: None,
        ..invoice.clone()
    };
    let mut entries = vec![entry(invoice, cause, ChangeKind::InvoiceMade).told(None, Some(words))];
    entries.extend(differences(&first, invoice, cause));
    entries
}

/// What a reading has changed of an invoice; at least one entry.
pub(crate) fn moved(before: &Invoice, change: &Change, cause: Cause) -> Vec<Entry> {
    let after = &change.invoice;
    let mut entries = differences(before, after, cause);
    if let Some(second) = change.second {
        entries.push(entry(after, cause, ChangeKind::SecondPayment).told(
            None,
            Some(format!("{}: {}", second.as_str(), after.received)),
        ));
    }
    for alarm in &change.alarms {
        entries.push(Entry::alarm(after.checkout_id, alarm, cause.source));
    }
    if entries.is_empty() {
        let moments = |invoice: &Invoice| {
            let moments = [invoice.held_at, invoice.paid_at, invoice.second_payment_at];
            let words = moments.map(|at| at.map_or_else(|| "-".to_owned(), |at| at.to_string()));
            Some(words.join(" "))
        };
        entries.push(entry(after, cause, ChangeKind::Noted).told(moments(before), moments(after)));
    }
    entries
}

/// One entry for each figure in which they differ.
fn differences(before: &Invoice, after: &Invoice, cause: Cause) -> Vec<Entry> {
    let amount = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
    let time = |at: Timestamp| Some(at.to_string());
    let word = |kind: &Option<InterventionKind>| kind.as_ref().map(|kind| kind.as_str().to_owned());
    let is_repriced = before.amount != after.amount || before.priced_at != after.priced_at;
    let rows = [
        (
            before.phase != after.phase,
            ChangeKind::Phase,
            Some(before.phase.to_string()),
            Some(after.phase.to_string()),
        ),
        (
            before.status != after.status,
            ChangeKind::Status,
            Some(before.status.as_str().to_owned()),
            Some(after.status.as_str().to_owned()),
        ),
        (
            before.intervention != after.intervention,
            ChangeKind::Intervention,
            word(&before.intervention),
            word(&after.intervention),
        ),
        (
            before.received != after.received,
            ChangeKind::Received,
            Some(before.received.to_string()),
            Some(after.received.to_string()),
        ),
        (
            before.fee != after.fee,
            ChangeKind::Fee,
            amount(before.fee),
            amount(after.fee),
        ),
        (
            before.transaction != after.transaction,
            ChangeKind::Transaction,
            before.transaction.clone(),
            after.transaction.clone(),
        ),
        (
            is_repriced,
            ChangeKind::Repriced,
            amount(before.amount),
            amount(after.amount),
        ),
        (
            before.expires_at != after.expires_at || before.latest_expiry != after.latest_expiry,
            ChangeKind::Expiry,
            time(before.expires_at),
            time(after.expires_at),
        ),
    ];
    let differ = rows.into_iter().filter(|(differs, ..)| *differs);
    let told = differ.map(|(_, kind, was, became)| entry(after, cause, kind).told(was, became));
    told.collect()
}

fn entry(invoice: &Invoice, cause: Cause, kind: ChangeKind) -> Entry {
    Entry {
        invoice: Some(invoice.key),
        ..Entry::new(Subject::Checkout(invoice.checkout_id), cause, kind)
    }
}

#[cfg(test)]
mod tests;
