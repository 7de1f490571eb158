//! What a gateway reading means for a stored invoice. Every reading, wherever it comes from, goes through here.

use calypso::InvoiceKind;
use checkout::{
    Address, Amount, Currency, InvoiceStatus, Observation, Phase, Timestamp, advance, payment_uri,
};

use crate::checkout::Checkout;
use crate::invoice::{Invoice, InvoiceRequest, has_money, topup_phase};
use crate::price::Price;
use crate::store::Snapshot;

/// Why a reading cannot be true of the invoice it should be about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsound {
    #[error("the gateway's id is empty")]
    NoId,
    #[error("the gateway's id was {known}, the reading has {read}")]
    OtherId { known: String, read: String },
    #[error("expected currency {expected}, the reading has {read}")]
    OtherCurrency {
        expected: &'static str,
        read: String,
    },
    #[error("the address does not parse for the currency's network: {0}")]
    BadAddress(checkout::AddressError),
    #[error("the address has changed since the invoice was made")]
    OtherAddress,
    #[error("expected a price of {expected}, the reading has {read}")]
    OtherPrice { expected: String, read: String },
    #[error("the amount is missing")]
    NoAmount,
    #[error("the amount {amount} cannot be paid: {reason}")]
    BadAmount { amount: Amount, reason: String },
    #[error("expected an invoice without an amount, the reading has {0}")]
    OtherKind(String),
    #[error("a deposit has no id")]
    NoTransaction,
    #[error("a confirmed deposit was {known}, the reading has {read}")]
    DepositChanged { known: Amount, read: Amount },
    #[error("the sum of the deposits is no amount: {0}")]
    BadTotal(checkout::AmountError),
    #[error("the address belongs to another customer")]
    SharedAddress,
    #[error("the expiration is missing")]
    NoExpiration,
    #[error("the expiration {expiration} is not in the future, it is {now}")]
    AlreadyExpired {
        expiration: Timestamp,
        now: Timestamp,
    },
}

/// The invoice a request has made, from the gateway's first answer.
///
/// # Errors
/// [`Unsound`] when any of it contradicts the request; then the buyer must not see any of it.
pub(crate) fn made(
    checkout: &Checkout,
    request: &InvoiceRequest,
    currency: &'static Currency,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Invoice, Unsound> {
    if seen.id.is_empty() {
        return Err(Unsound::NoId);
    }
    let Some(price) = checkout.purpose.price() else {
        return made_topup(checkout, request, currency, seen, now);
    };
    let (address, amount) = payable(price, currency, seen)?;
    let expires_at = seen.expiration.ok_or(Unsound::NoExpiration)?;
    // An invoice found again after a crash may be over; a new one may not.
    if expires_at <= now && !has_come_late(request, now) {
        return Err(Unsound::AlreadyExpired {
            expiration: expires_at,
            now,
        });
    }
    let observation = Observation {
        status: &seen.state,
        intervention: seen.intervention.as_ref(),
        past_expiry: now >= expires_at,
    };
    Ok(Invoice {
        key: request.key,
        checkout: checkout.id,
        currency,
        attempt: request.attempt,
        gateway_id: seen.id.clone(),
        address,
        amount: Some(amount),
        received: seen.total_debit_amount.normalized(),
        phase: advance(Phase::Awaiting, &observation),
        status: seen.state.clone(),
        intervention: seen.intervention.clone(),
        transaction: transaction(seen),
        priced_at: seen.last_fiat_updated.or(seen.created).unwrap_or(now),
        expires_at,
        second_payment_at: None,
    })
}

/// The same for the invoice of a top-up: it has no amount and no end, so there is less to check.
fn made_topup(
    checkout: &Checkout,
    request: &InvoiceRequest,
    currency: &'static Currency,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Invoice, Unsound> {
    let address = topup_address(currency, seen)?;
    let over = checkout.is_past_expiry(now);
    Ok(Invoice {
        key: request.key,
        checkout: checkout.id,
        currency,
        attempt: request.attempt,
        gateway_id: seen.id.clone(),
        address,
        amount: None,
        received: seen.total_debit_amount.normalized(),
        phase: topup_phase(Phase::Awaiting, &seen.state, over),
        status: seen.state.clone(),
        intervention: None,
        transaction: transaction(seen),
        priced_at: seen.created.unwrap_or(now),
        expires_at: checkout.expires_at,
        second_payment_at: None,
    })
}

fn has_come_late(request: &InvoiceRequest, now: Timestamp) -> bool {
    now.millis_since(request.started_at) > 60 * 60 * 1000
}

/// What changes by a reading.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The invoice as it is from now on.
    pub(crate) invoice: Invoice,
    /// Whether this reading shows money that the checkout did not need any more.
    pub(crate) second_payment: bool,
}

/// What follows from a reading of an invoice of this checkout; `None` when it says nothing new.
///
/// A status this program does not know says nothing at all, and neither does a step back from paid.
///
/// # Errors
/// [`Unsound`] when the reading cannot be about this invoice; then it says nothing either.
pub(crate) fn next(
    known: &Invoice,
    snapshot: &Snapshot,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Option<Change>, Unsound> {
    if matches!(seen.state, InvoiceStatus::Unknown(_)) {
        return Ok(None);
    }
    if known.phase.is_paid()
        && !matches!(seen.state, InvoiceStatus::Paid | InvoiceStatus::Completed)
    {
        return Ok(None);
    }
    if seen.id != known.gateway_id {
        return Err(Unsound::OtherId {
            known: known.gateway_id.clone(),
            read: seen.id.clone(),
        });
    }
    let Some(price) = snapshot.checkout.purpose.price() else {
        return next_topup(known, seen, now);
    };
    let (address, amount) = payable(price, known.currency, seen)?;
    if address != known.address {
        return Err(Unsound::OtherAddress);
    }
    let expires_at = seen.expiration.unwrap_or(known.expires_at);
    let observation = Observation {
        status: &seen.state,
        intervention: seen.intervention.as_ref(),
        past_expiry: now >= expires_at,
    };
    let mut next = Invoice {
        amount: Some(amount),
        received: seen.total_debit_amount.normalized(),
        phase: advance(known.phase, &observation),
        status: seen.state.clone(),
        intervention: seen.intervention.clone(),
        transaction: transaction(seen).or_else(|| known.transaction.clone()),
        priced_at: seen
            .last_fiat_updated
            .or(seen.created)
            .unwrap_or(known.priced_at),
        expires_at,
        ..known.clone()
    };
    let second_payment =
        known.second_payment_at.is_none() && is_second_payment(known, &next, snapshot);
    if second_payment {
        next.second_payment_at = Some(now);
    }
    Ok((!next.is_unchanged(known)).then_some(Change {
        invoice: next,
        second_payment,
    }))
}

/// The same for the invoice of a top-up, where more money is never a second payment.
fn next_topup(
    known: &Invoice,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Option<Change>, Unsound> {
    if topup_address(known.currency, seen)? != known.address {
        return Err(Unsound::OtherAddress);
    }
    let next = Invoice {
        received: seen.total_debit_amount.normalized(),
        phase: topup_phase(known.phase, &seen.state, now >= known.expires_at),
        status: seen.state.clone(),
        transaction: transaction(seen).or_else(|| known.transaction.clone()),
        ..known.clone()
    };
    Ok((!next.is_unchanged(known)).then_some(Change {
        invoice: next,
        second_payment: false,
    }))
}

/// Whether the step from `known` to `next` is money the checkout has no use for: another invoice of it has money already, or this
/// one was paid and now holds more.
fn is_second_payment(known: &Invoice, next: &Invoice, snapshot: &Snapshot) -> bool {
    let arrives = !has_money(known.phase) && has_money(next.phase);
    let elsewhere = snapshot
        .invoices
        .iter()
        .any(|other| other.key != known.key && has_money(other.phase));
    let again =
        known.phase.is_paid() && !known.received.is_zero() && next.received > known.received;
    (arrives && elsewhere) || again
}

/// The hash of the last deposit, if it looks like one: it becomes part of a link.
fn transaction(seen: &calypso::Invoice) -> Option<String> {
    fit_hash(seen.last_deposit_hash.as_deref())
}

/// A hash, if it looks like one: it becomes part of a link.
pub(crate) fn fit_hash(hash: Option<&str>) -> Option<String> {
    let looks_right = |hash: &&str| {
        !hash.is_empty() && hash.len() <= 128 && hash.chars().all(|c| c.is_ascii_graphic())
    };
    hash.filter(looks_right).map(str::to_owned)
}

/// The address of a reading, if a top-up could be sent there.
fn topup_address(currency: &'static Currency, seen: &calypso::Invoice) -> Result<Address, Unsound> {
    if seen.currency != currency.code {
        return Err(Unsound::OtherCurrency {
            expected: currency.code,
            read: seen.currency.clone(),
        });
    }
    if !matches!(
        seen.kind,
        InvoiceKind::Unlimited | InvoiceKind::UnlimitedLinked
    ) {
        return Err(Unsound::OtherKind(seen.kind.as_str().to_owned()));
    }
    Address::parse(currency.network, &seen.address).map_err(Unsound::BadAddress)
}

/// The address and amount of a reading, if a buyer could pay the checkout with them.
fn payable(
    price: &Price,
    currency: &'static Currency,
    seen: &calypso::Invoice,
) -> Result<(Address, Amount), Unsound> {
    if seen.currency != currency.code {
        return Err(Unsound::OtherCurrency {
            expected: currency.code,
            read: seen.currency.clone(),
        });
    }
    let other_amount = seen
        .fiat_amount
        .is_some_and(|amount| amount != price.amount());
    let other_currency = seen
        .fiat_currency
        .as_deref()
        .is_some_and(|code| code != price.currency());
    if other_amount || other_currency {
        let read = format!(
            "{} {}",
            seen.fiat_amount
                .map_or_else(|| "?".to_owned(), |amount| amount.to_string()),
            seen.fiat_currency.as_deref().unwrap_or("?")
        );
        return Err(Unsound::OtherPrice {
            expected: format!("{} {}", price.amount(), price.currency()),
            read,
        });
    }
    let address = Address::parse(currency.network, &seen.address).map_err(Unsound::BadAddress)?;
    let amount = seen.amount.ok_or(Unsound::NoAmount)?.normalized();
    // The URI is what the wallet is told in the end; if it can be written, the amount is above zero and the chain can carry it.
    payment_uri(currency, &address, amount).map_err(|error| Unsound::BadAmount {
        amount,
        reason: error.to_string(),
    })?;
    Ok((address, amount))
}

#[cfg(test)]
mod tests;
