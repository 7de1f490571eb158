//! Rows for deposits that the gateway has credited to the merchant's account.
//!
//! The gateway says COMPLETED of an invoice as a whole, and names one fee for it (gateway reference §2.0, §4.1). So a deposit has figures of
//! its own only where it is the only one whose figures are not known yet. Of a top-up's deposits and a customer's it says nothing.

use checkout::{Amount, Phase};

use super::value::Value;
use super::{Credited, Posting, Says};
use crate::checkouts::deposit_currency::DepositCurrency;
use crate::checkouts::invoice::Invoice;
use crate::reading::history::Cause;

/// What is known of a deposit's credit.
struct Standing<'a> {
    first: &'a Posting,
    received: Amount,
    is_credited: bool,
    fee: Option<Amount>,
}

/// The rows that follow when a reading has made `invoice` what it is, which was in the phase `before`. `rate` is what one unit of its
/// currency costs now, and in what.
pub(crate) fn read(
    before: Phase,
    invoice: &Invoice,
    booked: &[Posting],
    rate: Option<(&'static str, Amount)>,
    cause: Cause,
) -> Vec<Posting> {
    if invoice.phase != Phase::Completed || invoice.amount.is_none() {
        return Vec::new();
    }
    let is_news = before != Phase::Completed;
    rows(invoice, booked, is_news, rate, cause)
}

/// The rows for deposits that were counted only after their invoice was read as completed, when they are all that it has received.
pub(crate) fn counted_late(invoice: &Invoice, booked: &[Posting], cause: Cause) -> Vec<Posting> {
    if invoice.phase != Phase::Completed || invoice.amount.is_none() {
        return Vec::new();
    }
    rows(invoice, booked, true, None, cause)
}

fn rows(
    invoice: &Invoice,
    booked: &[Posting],
    is_news: bool,
    rate: Option<(&'static str, Amount)>,
    cause: Cause,
) -> Vec<Posting> {
    let mut all = standings(booked);
    // What came after it was completed was not meant.
    all.retain(|standing| is_news || standing.is_credited);
    let received = all.iter().try_fold(Amount::ZERO, |sum, standing| {
        sum.checked_add(standing.received)
    });
    if received != Ok(invoice.received) {
        return Vec::new();
    }
    let open = all.iter().filter(|standing| standing.fee.is_none()).count();
    let mut known = all.iter().filter_map(|standing| standing.fee);
    let known = known.try_fold(Amount::ZERO, Amount::checked_add);
    let own_fee = invoice
        .fee
        .filter(|_| open == 1)
        .and_then(|fee| fee.checked_sub(known.ok()?).ok());
    let row = |standing: &Standing<'_>| {
        let fee = own_fee.filter(|fee| *fee <= standing.received);
        if standing.fee.is_some() || (standing.is_credited && fee.is_none()) {
            return None;
        }
        let credited = fee.and_then(|fee| standing.received.checked_sub(fee).ok());
        let credited = credited.map(Amount::normalized);
        let value = |(currency, rate)| Value::at_rate(currency, rate, credited?);
        let is_priced = standing.first.currency == DepositCurrency::from(invoice.currency);
        let says = Credited {
            credited,
            fee: fee.map(Amount::normalized),
            at_credit: rate.filter(|_| is_priced).and_then(value),
        };
        Some(Posting {
            cause,
            says: Says::Credit(says),
            ..standing.first.clone()
        })
    };
    all.iter().filter_map(row).collect()
}

fn standings(booked: &[Posting]) -> Vec<Standing<'_>> {
    let standing = |first: &'_ Posting| {
        let counted = first.counted()?;
        let credits = booked.iter().filter_map(|row| match &row.says {
            Says::Credit(credited) if row.deposit == first.deposit => Some(credited),
            _ => None,
        });
        let credits: Vec<&Credited> = credits.collect();
        Some((
            counted.received,
            !credits.is_empty(),
            credits.iter().find_map(|credited| credited.fee),
        ))
    };
    let all = booked.iter().filter_map(|first| {
        let (received, is_credited, fee) = standing(first)?;
        Some(Standing {
            first,
            received,
            is_credited,
            fee,
        })
    });
    all.collect()
}

#[cfg(test)]
mod tests;
