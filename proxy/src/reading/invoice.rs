//! What a gateway reading means for a stored invoice. Every reading, wherever it comes from, goes through here.
//!
//! A reading about something else is refused as a whole. One that is about this invoice is taken in, but for the parts that cannot be
//! true: those stay as they were known, and each raises an alarm. So a wrong price hides no money, and wrong money changes no price.

use calypso::InvoiceKind;
use checkout::{Address, Amount, Currency, InvoiceStatus, Phase, Timestamp};
use uuid::Uuid;

use super::second::Second;
use super::{money, second, terms};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::invoice::{Invoice, topup_phase};
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::unsound::Unsound;

/// The longest a gateway's id can be; today it is a UUID (gateway reference §1.6).
const LONGEST_ID: usize = 64;

/// The invoice an attempt has made, from the gateway's first answer; with what of it raises an alarm. `fit` is what the rates say
/// about its amount.
///
/// # Errors
/// [`Unsound`] when any of it contradicts the attempt; then the buyer must not see any of it.
pub(crate) fn made(
    checkout: &Checkout,
    attempt: &InvoiceAttempt,
    seen: &calypso::Invoice,
    fit: Fit,
    now: Timestamp,
) -> Result<(Invoice, Vec<Unsound>), Unsound> {
    check_id(&seen.id)?;
    let currency = attempt.currency;
    let price = checkout.purpose.price();
    let address = identity(attempt.key, currency, price.is_some(), seen)?;
    let (amount, expires_at) = match price {
        None => (None, checkout.expires_at),
        Some(price) => {
            let amount = terms::new_amount(price, currency, &address, seen, fit)?;
            (Some(amount), terms::new_expiry(attempt, seen, now)?)
        }
    };
    let mut invoice = Invoice {
        key: attempt.key,
        checkout_id: checkout.id,
        shop: checkout.shop.clone(),
        currency,
        attempt: attempt.number,
        gateway_id: seen.id.clone(),
        address,
        amount,
        received: Amount::ZERO,
        fee: None,
        phase: Phase::Awaiting,
        status: InvoiceStatus::PendingPayment,
        intervention: None,
        transaction: None,
        priced_at: terms::new_priced_at(attempt, seen, now),
        expires_at,
        latest_expiry: expires_at,
        moved_at: now,
        held_at: None,
        paid_at: None,
        second_payment_at: None,
        accepted_at: None,
    };
    // Nobody has seen the address of a new invoice. One that is found again after a crash may have come far, or be over.
    let is_new = !attempt.is_old(now);
    let is_untouched = seen.total_debit_amount.is_zero()
        && matches!(
            seen.state,
            InvoiceStatus::PendingPayment | InvoiceStatus::Unknown(_)
        );
    if is_new && !is_untouched {
        return Err(Unsound::NotFresh {
            status: seen.state.clone(),
            received: seen.total_debit_amount,
        });
    }
    let mut alarms = Vec::new();
    record_money(&mut invoice, seen, checkout, now, &mut alarms);
    invoice.note_money(now);
    Ok((invoice, alarms))
}

/// What changes by a reading.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The phase it was in.
    pub(crate) before: Phase,
    /// The invoice as it is from now on.
    pub(crate) invoice: Invoice,
    /// Money this reading shows that the checkout did not need any more.
    pub(crate) second: Option<Second>,
    /// What the gateway contradicts itself about and had not before.
    pub(crate) alarms: Vec<Alarm>,
}

/// What follows from a reading of an invoice of this checkout; `None` when it says nothing new. `fit` is what the rates say about its
/// amount; it is asked for where [`needs_rate`](super::terms::needs_rate) says so.
///
/// # Errors
/// [`Unsound`] when the reading cannot be about this invoice; then it says nothing at all.
pub(crate) fn next(
    known: &Invoice,
    snapshot: &Snapshot,
    seen: &calypso::Invoice,
    fit: Fit,
    now: Timestamp,
) -> Result<Option<Change>, Unsound> {
    if seen.id != known.gateway_id {
        return Err(Unsound::OtherId {
            known: known.gateway_id.clone(),
            read: seen.id.clone(),
        });
    }
    let checkout = &snapshot.checkout;
    let price = checkout.purpose.price();
    if identity(known.key, known.currency, price.is_some(), seen)? != known.address {
        return Err(Unsound::OtherAddress);
    }
    let mut next = known.clone();
    let mut alarms = Vec::new();
    if let Some(price) = price {
        let latest = checkout.expires_at;
        terms::update(&mut next, price, seen, fit, latest, now, &mut alarms);
    }
    record_money(&mut next, seen, checkout, now, &mut alarms);
    next.note_money(now);
    next.note_move(known, now);
    // Of a top-up more money is never a second payment.
    let second = price.and_then(|_| second::payment(known, &next, &snapshot.invoices));
    if second.is_some() {
        next.second_payment_at.get_or_insert(now);
    }
    alarms.retain(|unsound| !snapshot.has_alarm(known.key, unsound.name()));
    if next.is_unchanged(known) && alarms.is_empty() {
        return Ok(None);
    }
    let alarm = |unsound| Alarm::new(known.key, unsound, now);
    Ok(Some(Change {
        before: known.phase,
        invoice: next,
        second,
        alarms: alarms.iter().map(alarm).collect(),
    }))
}

fn record_money(
    invoice: &mut Invoice,
    seen: &calypso::Invoice,
    checkout: &Checkout,
    now: Timestamp,
    alarms: &mut Vec<Unsound>,
) {
    let Some(amount) = invoice.amount else {
        money::record_received(invoice, seen, alarms);
        let over = checkout.is_past_expiry(now);
        invoice.phase = topup_phase(invoice.phase, &seen.state, over);
        if let InvoiceStatus::Unknown(read) = &seen.state {
            alarms.push(Unsound::UnknownStatus { read: read.clone() });
        } else {
            invoice.status = seen.state.clone();
        }
        return;
    };
    money::record(invoice, amount, seen, now, alarms);
}

/// What a reading must have in common with the invoice of this key; its address.
fn identity(
    key: Uuid,
    currency: &'static Currency,
    has_price: bool,
    seen: &calypso::Invoice,
) -> Result<Address, Unsound> {
    if let Some(read) = &seen.idempotency_key
        && Uuid::try_parse(read) != Ok(key)
    {
        return Err(Unsound::OtherKey {
            known: key.to_string(),
            read: read.clone(),
        });
    }
    if seen.currency != currency.code {
        return Err(Unsound::OtherCurrency {
            expected: currency.code,
            read: seen.currency.clone(),
        });
    }
    let (is_kind, expected) = if has_price {
        (seen.kind == InvoiceKind::SingleFiat, "SINGLE_FIAT")
    } else {
        let unlimited = matches!(
            seen.kind,
            InvoiceKind::Unlimited | InvoiceKind::UnlimitedLinked
        );
        (unlimited, "UNLIMITED")
    };
    if !is_kind {
        return Err(Unsound::OtherKind {
            expected,
            read: seen.kind.as_str().to_owned(),
        });
    }
    Address::parse(currency.network, &seen.address).map_err(Unsound::BadAddress)
}

fn check_id(id: &str) -> Result<(), Unsound> {
    if id.is_empty() {
        return Err(Unsound::NoId);
    }
    if id.len() > LONGEST_ID || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Unsound::BadId {
            length: id.chars().count(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
