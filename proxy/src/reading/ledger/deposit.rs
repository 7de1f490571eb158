//! Rows for deposits that begin to count, and for what a list says otherwise about those that do.

use checkout::wire::FlagKind;
use checkout::{Amount, Timestamp};

use super::credit;
use super::value::Value;
use super::{Corrected, Counted, Posting, Says};
use crate::checkouts::deposit::{Deposit, Known};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::is_enough;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::deposit_name::BY_HASH;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::history::Cause;
use crate::reading::merge::DepositChanges;
use crate::reading::second::Second;

/// Why a row says something else: the gateway lists a deposit again that was missing.
const FOUND: &str = "found";

/// What the books know already.
pub(crate) struct Books<'a> {
    /// What was known of the deposits to this address.
    pub(crate) known: &'a Known,
    /// The rows of these deposits.
    pub(crate) booked: &'a [Posting],
    /// The checkout of the invoice they were paid to; none for a customer.
    pub(crate) checkout: Option<&'a Snapshot>,
}

/// The rows that follow from what a list has changed.
pub(crate) fn rows(
    reading: &DepositReading,
    changes: &DepositChanges,
    books: &Books<'_>,
) -> Vec<Posting> {
    let cause = Cause {
        source: reading.source,
        at: reading.at,
    };
    let new = |deposit: &Deposit, says: Says| Posting {
        shop: reading.shop.clone(),
        paid_to: reading.paid_to.key(),
        checkout: checkout_of(reading.paid_to),
        deposit: deposit.id.clone(),
        currency: deposit.currency.clone(),
        cause,
        says,
    };
    let mut rows = Vec::new();
    let mut before = Sum::of(books.booked);
    for deposit in begin_to_count(changes, books.known) {
        let counted = counted(reading.paid_to, deposit, before, books);
        before.add(deposit.amount);
        rows.push(new(deposit, Says::Deposit(Box::new(counted))));
    }
    let is_counted = |id: &str| {
        let all = books.booked.iter().chain(&rows);
        let mut first = all.filter(|row| row.counted().is_some());
        first.any(|row| row.deposit == id)
    };
    let corrections: Vec<Posting> = said_otherwise(changes, books.known)
        .filter(|(deposit, _)| is_counted(&deposit.id))
        .map(|(deposit, corrected)| new(deposit, Says::Correction(corrected)))
        .collect();
    rows.extend(corrections);
    if let Some(invoice) = invoice_of(reading.paid_to, books) {
        let booked: Vec<Posting> = books.booked.iter().chain(&rows).cloned().collect();
        rows.extend(credit::counted_late(invoice, &booked, cause));
    }
    rows
}

/// What is counted so far; none when it is no amount any more.
#[derive(Clone, Copy)]
struct Sum(Option<Amount>);

impl Sum {
    fn of(booked: &[Posting]) -> Self {
        let mut sum = Self(Some(Amount::ZERO));
        for counted in booked.iter().filter_map(Posting::counted) {
            sum.add(counted.received);
        }
        sum
    }

    fn add(&mut self, amount: Amount) {
        self.0 = self.0.and_then(|sum| sum.checked_add(amount).ok());
    }
}

/// Deposits that count from now on, in the order in which they came.
fn begin_to_count<'a>(changes: &'a DepositChanges, known: &Known) -> Vec<&'a Deposit> {
    let counts = |id: &str| {
        let mut all = known.deposits.iter();
        all.any(|deposit| deposit.id == id && deposit.counts())
    };
    let new = changes.put.iter().filter(|deposit| deposit.counts());
    let mut new: Vec<&Deposit> = new.filter(|deposit| !counts(&deposit.id)).collect();
    new.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    new
}

/// Deposits that count from now on and whose id no other deposit may have: one that has none but its transaction's, which may have paid
/// several addresses, is not among them.
pub(crate) fn new_ids<'a>(changes: &'a DepositChanges, known: &Known) -> Vec<&'a Deposit> {
    let new = begin_to_count(changes, known).into_iter();
    new.filter(|deposit| !deposit.id.starts_with(BY_HASH))
        .collect()
}

fn counted(paid_to: PaidTo, deposit: &Deposit, before: Sum, books: &Books<'_>) -> Counted {
    let invoice = invoice_of(paid_to, books);
    let asked = invoice.and_then(|invoice| invoice.amount);
    let price = books
        .checkout
        .and_then(|snapshot| snapshot.checkout.purpose.price());
    let due = |asked: Amount| {
        let due = asked.checked_sub(before.0?).unwrap_or(Amount::ZERO);
        Some(due.normalized())
    };
    Counted {
        transaction_id: transaction_id(paid_to, deposit, books.known),
        received: deposit.amount,
        asked,
        expected: asked.and_then(due),
        at_sale: price
            .zip(asked)
            .and_then(|(price, asked)| Value::at_sale(price, asked, deposit.amount)),
        sender: deposit.sender.clone(),
        transaction: deposit.transaction.clone(),
        deposited_at: deposit.at,
        late: invoice.map(|invoice| is_late(invoice, deposit.at)),
        second: invoice
            .zip(books.checkout)
            .and_then(|(invoice, snapshot)| second(invoice, snapshot, before.0)),
    }
}

fn is_late(invoice: &Invoice, at: Timestamp) -> bool {
    at >= invoice.expires_at
}

/// Whether the checkout had no use for a deposit to this invoice, to which `before` had come.
fn second(invoice: &Invoice, snapshot: &Snapshot, before: Option<Amount>) -> Option<Second> {
    // A top-up takes any amount, any number of times.
    let asked = invoice.amount?;
    if invoice.phase.is_paid() || before.is_some_and(|before| is_enough(before, asked)) {
        return Some(Second::Again);
    }
    let others = || {
        let all = snapshot.invoices.iter();
        all.filter(|other| other.key != invoice.key)
    };
    let has_deposits = |other: &Invoice| {
        let mut all = snapshot.deposits.iter();
        all.any(|deposit| deposit.paid_to == other.key && deposit.counts())
    };
    if others().any(|other| other.phase.is_paid()) {
        Some(Second::Elsewhere)
    } else if others().any(|other| other.holds_money() || has_deposits(other)) {
        Some(Second::Part)
    } else {
        None
    }
}

/// What the list says otherwise about known deposits.
fn said_otherwise<'a>(
    changes: &'a DepositChanges,
    known: &'a Known,
) -> impl Iterator<Item = (&'a Deposit, Corrected)> {
    let find = |id: &str| {
        let all = changes.put.iter().chain(&known.deposits);
        let mut all = all.filter(|deposit| deposit.id == id);
        all.next()
    };
    let flags = changes.flags.iter().filter_map(move |flag| {
        // Told below, also when it is missing for the second time.
        let is_told = flag.kind == FlagKind::Missing;
        let deposit = find(&flag.deposit).filter(|_| !is_told)?;
        let says = Some(flag.read.clone()).filter(|read| !read.is_empty());
        let reason = flag.kind.to_string();
        Some((deposit, Corrected { reason, says }))
    });
    let listed = changes.put.iter().filter_map(|deposit| {
        let mut before = known.deposits.iter();
        let before = before.find(|before| before.id == deposit.id)?;
        let (was, is) = (before.missing_since, deposit.missing_since);
        let reason = match (was, is) {
            (None, Some(_)) => FlagKind::Missing.as_str(),
            (Some(_), None) => FOUND,
            _ => return None,
        };
        let corrected = Corrected {
            reason: reason.to_owned(),
            says: is.is_none().then(|| deposit.figure()),
        };
        Some((deposit, corrected))
    });
    flags.chain(listed)
}

/// What no other deposit to the shop has. A deposit that counts for another address does not count here, so where its id does, it is that of
/// another transaction.
fn transaction_id(paid_to: PaidTo, deposit: &Deposit, known: &Known) -> String {
    let id = &deposit.id;
    let is_taken = known.elsewhere.iter().any(|other| other.id == *id);
    if id.starts_with(BY_HASH) || is_taken {
        format!("{id}@{}", paid_to.key())
    } else {
        id.clone()
    }
}

fn checkout_of(paid_to: PaidTo) -> Option<CheckoutId> {
    match paid_to {
        PaidTo::Invoice { checkout, .. } => Some(checkout),
        PaidTo::Customer(_) => None,
    }
}

fn invoice_of<'a>(paid_to: PaidTo, books: &Books<'a>) -> Option<&'a Invoice> {
    match paid_to {
        PaidTo::Invoice { key, .. } => books.checkout?.invoice(key),
        PaidTo::Customer(_) => None,
    }
}

#[cfg(test)]
mod tests;
