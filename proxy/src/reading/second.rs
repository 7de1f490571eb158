//! Money a checkout had no use for, and where it went.

use checkout::words;

use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::is_enough;

words! {
    /// Which way more money came than was asked for; the word is the one in the history and the ledger.
    pub(crate) enum Second expecting "again, elsewhere or part" {
        /// To the invoice that had been paid.
        Again = "again",
        /// To another invoice, after the checkout had been paid.
        Elsewhere = "elsewhere",
        /// To another invoice, while what the first had received was not accepted: neither has all of it.
        Part = "part",
    }
}

impl Second {
    /// What the operator is told.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Again => {
                "a checkout was paid a second time, to the same address; the merchant has to return one payment"
            }
            Self::Elsewhere => {
                "a checkout was paid a second time, to another invoice; the merchant has to return one payment"
            }
            Self::Part => {
                "part of the money for a checkout went to another invoice of it; the merchant has to decide"
            }
        }
    }
}

/// Whether the step from `known` to `next` shows money the checkout had no use for. More money on a paid invoice is told each time;
/// money on an invoice other than the first that held any is told once.
pub(super) fn payment(known: &Invoice, next: &Invoice, invoices: &[Invoice]) -> Option<Second> {
    let grew = next.received > known.received;
    // Both payments may lie between two readings.
    let twice = || {
        let surplus = next.amount.and_then(|amount| {
            let surplus = next.received.checked_sub(amount).ok()?;
            Some(is_enough(surplus, amount))
        });
        surplus.unwrap_or(false)
    };
    if grew && (known.phase.is_paid() || (next.phase.is_paid() && twice())) {
        return Some(Second::Again);
    }
    if known.second_payment_at.is_some() || !next.has_money() {
        return None;
    }
    let before = |other: &&Invoice| {
        let was_first = match (other.held_at, known.held_at) {
            (Some(other), Some(known)) => other < known,
            (Some(_), None) => true,
            (None, _) => false,
        };
        other.key != known.key && other.holds_money() && was_first
    };
    let mut firsts = invoices.iter().filter(before).peekable();
    firsts.peek()?;
    if firsts.any(|other| other.phase.is_paid()) {
        Some(Second::Elsewhere)
    } else {
        Some(Second::Part)
    }
}
