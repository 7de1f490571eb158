//! What the rows of one deposit say together.

use checkout::{Amount, Timestamp};

use super::value::Value;
use super::{Corrected, Counted, Posting, Says};
use crate::checkouts::quote::is_enough;
use crate::gateway::source::Source;

/// One deposit in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account<'a> {
    pub(crate) first: &'a Posting,
    pub(crate) counted: &'a Counted,
    /// When it was read as credited.
    pub(crate) credited_at: Option<Timestamp>,
    pub(crate) credited: Option<Amount>,
    pub(crate) fee: Option<Amount>,
    pub(crate) at_credit: Option<Value>,
    pub(crate) corrections: Vec<&'a Corrected>,
}

/// The accounts of these rows, in the order in which the deposits began to count.
pub(crate) fn accounts(booked: &[Posting]) -> Vec<Account<'_>> {
    let mut accounts: Vec<Account<'_>> = Vec::new();
    for row in booked {
        let is_its = |account: &&mut Account<'_>| {
            account.first.paid_to == row.paid_to && account.first.deposit == row.deposit
        };
        match &row.says {
            Says::Deposit(counted) => accounts.push(Account {
                first: row,
                counted,
                credited_at: None,
                credited: None,
                fee: None,
                at_credit: None,
                corrections: Vec::new(),
            }),
            Says::Credit(credit) => {
                if let Some(account) = accounts.iter_mut().find(is_its) {
                    // An upgrade finds that it was credited, not when.
                    if row.cause.source != Source::Upgrade {
                        account.credited_at.get_or_insert(row.cause.at);
                    }
                    account.fee = account.fee.or(credit.fee);
                    // An upgrade knows the fee alone.
                    let rest = || account.counted.received.checked_sub(account.fee?).ok();
                    let credited = account.credited.or(credit.credited);
                    account.credited = credited.or_else(rest).map(Amount::normalized);
                    account.at_credit = account.at_credit.or(credit.at_credit);
                }
            }
            Says::Correction(corrected) => {
                if let Some(account) = accounts.iter_mut().find(is_its) {
                    account.corrections.push(corrected);
                }
            }
        }
    }
    accounts
}

impl Account<'_> {
    /// How much was still missing after it; none when nothing was, or nothing was asked for.
    pub(crate) fn short(&self) -> Option<Amount> {
        let (asked, expected) = (self.counted.asked?, self.counted.expected?);
        let before = asked.checked_sub(expected).ok()?;
        let after = before.checked_add(self.counted.received).ok()?;
        if is_enough(after, asked) {
            return None;
        }
        let missing = expected.checked_sub(self.counted.received).ok()?;
        Some(missing.normalized())
    }

    /// How much more it was than what was due; none when it was not, or nothing was asked for.
    pub(crate) fn excess(&self) -> Option<Amount> {
        let excess = self.counted.received.checked_sub(self.counted.expected?);
        excess
            .ok()
            .filter(|excess| !excess.is_zero())
            .map(Amount::normalized)
    }
}
