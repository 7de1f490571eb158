//! Deposits to an address that takes any amount: each once, in the order of their time, and their exact sum.

use std::collections::HashMap;

use calypso::{PurseTransaction, TransactionState};
use checkout::wire::DepositState;
use checkout::{Amount, AmountError, Currency, Timestamp};
use uuid::Uuid;

use crate::reading::{Unsound, fit_hash};

/// One deposit as the proxy keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deposit {
    /// What it was paid to: the key of a top-up's invoice, or of a customer.
    pub(crate) receiver: Uuid,
    /// The gateway's id of it, which no other deposit to this receiver has.
    pub(crate) id: String,
    /// The gateway's code.
    pub(crate) currency: &'static str,
    pub(crate) amount: Amount,
    pub(crate) state: DepositState,
    pub(crate) transaction: Option<String>,
    pub(crate) at: Timestamp,
}

/// What deposits are paid to: an address in one currency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receiver {
    pub(crate) key: Uuid,
    pub(crate) currency: &'static Currency,
}

/// One deposit as the gateway has just listed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    id: String,
    amount: Amount,
    /// `None` for a state this program does not know.
    state: Option<DepositState>,
    transaction: Option<String>,
    at: Option<Timestamp>,
}

/// What a listing changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Deposits that are new or have moved on, as they are from now on.
    pub(crate) put: Vec<Deposit>,
    /// Ids of deposits that were seen on their way and are gone.
    pub(crate) gone: Vec<String>,
}

/// The name by which the gateway tells deposits to an invoice apart. An answer of the old kind has no ids (gateway reference
/// §2.12); there the transaction on the blockchain is the name, and two payments in one transaction count as one.
pub(crate) fn name_of(deposit: &calypso::Deposit) -> Option<String> {
    let by_hash = || {
        let hash = deposit.transaction_hash.as_deref()?;
        (!hash.is_empty()).then(|| format!("hash:{hash}"))
    };
    let id = deposit.transaction().filter(|id| !id.is_empty());
    id.map(str::to_owned).or_else(by_hash)
}

/// What the history of an invoice says. It lists only money that has arrived (gateway reference §4.2).
///
/// # Errors
/// [`Unsound`] when an entry has no name or another currency than the invoice.
pub(crate) fn of_invoice(
    listed: Vec<calypso::Deposit>,
    currency: &'static Currency,
) -> Result<Vec<Arrival>, Unsound> {
    let arrivals = listed
        .into_iter()
        .filter(|deposit| !deposit.amount.is_zero());
    let arrivals = arrivals.map(|deposit| {
        if let Some(read) = deposit
            .currency
            .as_ref()
            .filter(|code| *code != currency.code)
        {
            return Err(Unsound::OtherCurrency {
                expected: currency.code,
                read: read.clone(),
            });
        }
        Ok(Arrival {
            id: name_of(&deposit).ok_or(Unsound::NoTransaction)?,
            amount: deposit.amount.normalized(),
            state: Some(DepositState::Confirmed),
            transaction: fit_hash(currency.network, deposit.transaction_hash.as_deref()),
            at: deposit.created,
        })
    });
    arrivals.collect()
}

/// What the payments of a customer say about one currency. Those in others are passed over, should the gateway list them too.
///
/// # Errors
/// [`Unsound`] when a payment has no id.
pub(crate) fn of_customer(
    listed: Vec<PurseTransaction>,
    currency: &'static Currency,
) -> Result<Vec<Arrival>, Unsound> {
    // Transfers of nothing are sent by strangers to put their address into people's histories.
    let arrivals = listed
        .into_iter()
        .filter(|paid| paid.currency == currency.code && !paid.amount.is_zero());
    let arrivals = arrivals.map(|paid| {
        if paid.id.is_empty() {
            return Err(Unsound::NoTransaction);
        }
        Ok(Arrival {
            state: state(&paid.state),
            amount: paid.amount.normalized(),
            transaction: fit_hash(currency.network, paid.transaction_hash.as_deref()),
            at: paid.created,
            id: paid.id,
        })
    });
    arrivals.collect()
}

fn state(state: &TransactionState) -> Option<DepositState> {
    match state {
        TransactionState::MemPoolFound => Some(DepositState::Detected),
        TransactionState::PendingComplianceCheck => Some(DepositState::Reviewing),
        TransactionState::Declined => Some(DepositState::Declined),
        TransactionState::Confirmed | TransactionState::Completed => Some(DepositState::Confirmed),
        // New states are unknown ones: they never count as money.
        _ => None,
    }
}

/// What follows for the known deposits of a receiver, in one currency, from a whole listing of them.
///
/// The same listing twice changes nothing. A confirmed deposit never changes again, whatever a later listing says or leaves out;
/// one that was only detected goes when the listing no longer has it. An unknown state changes nothing, and a new deposit in one
/// is detected.
///
/// # Errors
/// [`Unsound`] when a confirmed deposit has another amount now, or the sum is not an amount; then nothing changes.
pub(crate) fn merge(
    receiver: Receiver,
    known: &[Deposit],
    listed: &[Arrival],
    now: Timestamp,
) -> Result<Changes, Unsound> {
    let mut left: HashMap<&str, &Deposit> = known
        .iter()
        .map(|deposit| (deposit.id.as_str(), deposit))
        .collect();
    let mut after: HashMap<&str, Deposit> = HashMap::new();
    for arrival in listed {
        let before = left.remove(arrival.id.as_str());
        // Twice in one listing: the first entry stands.
        if before.is_none() && after.contains_key(arrival.id.as_str()) {
            continue;
        }
        after.insert(&arrival.id, next(receiver, before, arrival, now)?);
    }
    let gone: Vec<String> = left
        .values()
        .filter(|deposit| deposit.state == DepositState::Detected)
        .map(|deposit| deposit.id.clone())
        .collect();
    let staying = left
        .values()
        .filter(|deposit| deposit.state != DepositState::Detected);
    total(after.values().chain(staying.copied())).map_err(Unsound::BadTotal)?;
    let put = after
        .into_values()
        .filter(|deposit| !known.contains(deposit));
    Ok(Changes {
        put: put.collect(),
        gone,
    })
}

fn next(
    receiver: Receiver,
    before: Option<&Deposit>,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<Deposit, Unsound> {
    let Some(before) = before else {
        return Ok(Deposit {
            receiver: receiver.key,
            id: arrival.id.clone(),
            currency: receiver.currency.code,
            amount: arrival.amount,
            state: arrival.state.unwrap_or(DepositState::Detected),
            transaction: arrival.transaction.clone(),
            at: arrival.at.unwrap_or(now),
        });
    };
    if before.state == DepositState::Confirmed {
        if before.amount != arrival.amount {
            return Err(Unsound::DepositChanged {
                known: before.amount,
                read: arrival.amount,
            });
        }
        return Ok(before.clone());
    }
    Ok(Deposit {
        amount: arrival.amount,
        state: arrival.state.unwrap_or(before.state),
        transaction: arrival
            .transaction
            .clone()
            .or_else(|| before.transaction.clone()),
        ..before.clone()
    })
}

/// The exact sum of the deposits that count.
///
/// # Errors
/// [`AmountError`] when it is no amount any more.
pub(crate) fn total<'a>(
    deposits: impl IntoIterator<Item = &'a Deposit>,
) -> Result<Amount, AmountError> {
    deposits
        .into_iter()
        .filter(|deposit| deposit.state == DepositState::Confirmed)
        .try_fold(Amount::ZERO, |sum, deposit| sum.checked_add(deposit.amount))
        .map(Amount::normalized)
}

#[cfg(test)]
mod tests;
