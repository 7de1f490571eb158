//! Deposits: each once, in the order of their time, their exact sums, and what is odd about them.

use checkout::wire::{DepositState, FlagKind};
use checkout::{Amount, AmountError, Timestamp};
use uuid::Uuid;

use super::deposit_currency::DepositCurrency;
use crate::input::printable::printable;

/// One deposit as the proxy keeps it. What was confirmed once is never changed by what a gateway says later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deposit {
    /// What it was paid to: the key of an invoice, or of a customer.
    pub(crate) paid_to: Uuid,
    /// The gateway's id of it, which no other deposit to this receiver has.
    pub(crate) id: String,
    pub(crate) currency: DepositCurrency,
    pub(crate) amount: Amount,
    pub(crate) state: DepositState,
    pub(crate) transaction: Option<String>,
    /// The address it came from.
    pub(crate) sender: Option<String>,
    pub(crate) at: Timestamp,
    /// Since when the gateway's list has it no more.
    pub(crate) missing_since: Option<Timestamp>,
}

/// A contradiction, as it was noticed for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) paid_to: Uuid,
    /// The id of the deposit, or a name made for an entry that has none.
    pub(crate) deposit: String,
    pub(crate) kind: FlagKind,
    /// What was known; empty where nothing was.
    pub(crate) known: String,
    /// What the gateway said then; empty where it said nothing any more.
    pub(crate) read: String,
    pub(crate) at: Timestamp,
}

/// What is known of a receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The oldest first.
    pub(crate) deposits: Vec<Deposit>,
    pub(crate) flags: Vec<Flag>,
    /// Of the deposits that are about to count: those whose ids count already for other addresses of the shop.
    pub(crate) elsewhere: Vec<Elsewhere>,
}

/// A deposit that counts for another address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    /// The gateway's id of it.
    pub(crate) id: String,
    /// The hash of its transaction.
    pub(crate) transaction: Option<String>,
}

impl Known {
    /// Puts the deposits in the order of their times, after those of several receivers were put together.
    pub(crate) fn in_order(&mut self) {
        self.deposits
            .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    }

    /// Whether a deposit counts already for another address: it has the same id, and no other transaction.
    pub(crate) fn is_elsewhere(&self, deposit: &Deposit) -> bool {
        self.elsewhere.iter().any(|other| {
            let differ = match (&other.transaction, &deposit.transaction) {
                (Some(other), Some(own)) => !other.eq_ignore_ascii_case(own),
                _ => false,
            };
            other.id == deposit.id && !differ
        })
    }
}

/// The largest amount of one deposit, in whole units: more than there is of any currency in the table.
const MOST: u128 = 1_000_000_000_000_000;
/// The decimals of a currency that is not in the table. No chain in use has more.
const MOST_DECIMALS: u8 = 18;

impl Deposit {
    /// Whether it was only seen on its way, and is gone.
    pub(crate) fn is_void(&self) -> bool {
        self.state == DepositState::Detected && self.missing_since.is_some()
    }

    /// Whether its money has arrived.
    pub(crate) fn counts(&self) -> bool {
        self.state == DepositState::Confirmed
    }

    /// Whether its money may still arrive.
    pub(crate) fn is_on_the_way(&self) -> bool {
        match self.state {
            DepositState::Detected => self.missing_since.is_none(),
            DepositState::Reviewing => true,
            DepositState::Declined | DepositState::Confirmed => false,
        }
    }

    /// Amount and currency, for people.
    pub(crate) fn figure(&self) -> String {
        figure(self.amount, &self.currency)
    }
}

pub(crate) fn figure(amount: Amount, currency: &DepositCurrency) -> String {
    format!("{amount} {}", printable(currency.code()))
}

/// Whether there can be such an amount: its chain can carry it, and there is as much.
pub(crate) fn is_possible(amount: Amount, currency: &DepositCurrency) -> bool {
    let known = currency.known();
    let decimals = known.map_or(MOST_DECIMALS, |currency| currency.decimals);
    amount.normalized().scale() <= decimals
        && Amount::from_units(MOST, 0).is_ok_and(|most| amount <= most)
}

/// The exact sum of the deposits that count.
///
/// # Errors
/// [`AmountError`] when it is no amount any more.
pub(crate) fn total<'a>(
    deposits: impl IntoIterator<Item = &'a Deposit>,
) -> Result<Amount, AmountError> {
    sum(deposits.into_iter().filter(|deposit| deposit.counts()))
}

/// The exact sum of amounts in one currency.
///
/// # Errors
/// [`AmountError`] when it is no amount any more.
pub(crate) fn sum<'a>(
    deposits: impl IntoIterator<Item = &'a Deposit>,
) -> Result<Amount, AmountError> {
    deposits
        .into_iter()
        .try_fold(Amount::ZERO, |sum, deposit| sum.checked_add(deposit.amount))
        .map(Amount::normalized)
}
