//! What is to be paid and until when: the part of a reading that the gateway decides and the price bounds.

use checkout::{Address, Amount, Currency, Timestamp, Transfer};

use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::price::Price;
use crate::checkouts::quote::Fit;
use crate::checkouts::unsound::Unsound;

/// How far two clocks may differ, and an expiry may be off its word.
pub(super) const MARGIN_SECONDS: i64 = 5 * 60;

/// The longest life an invoice has when nobody names another (gateway reference §7.3, the older rule).
const LONGEST_LIFE_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Whether what follows from a reading of this invoice depends on the latest rate; then the amount to ask about.
pub(crate) fn needs_rate(known: &Invoice, seen: &calypso::Invoice) -> Option<Amount> {
    let amount = seen.amount?;
    let is_same = known.amount == Some(amount) && repriced_at(known, seen).is_none();
    (known.amount.is_some() && !known.phase.is_paid() && !is_same).then_some(amount)
}

/// The amount of a new invoice, if a buyer could pay the checkout with it.
pub(super) fn new_amount(
    price: &Price,
    currency: &'static Currency,
    address: &Address,
    seen: &calypso::Invoice,
    fit: Fit,
) -> Result<Amount, Unsound> {
    check_price(price, seen)?;
    let amount = payable(currency, address, seen)?;
    match fit {
        Fit::Fits => Ok(amount),
        Fit::Off { expected, percent } => Err(Unsound::OffRate {
            amount,
            expected,
            percent,
        }),
        Fit::NoRate | Fit::Unasked => Err(Unsound::NoRate { amount }),
    }
}

/// The expiry of a new invoice, if it lies within what was asked for.
pub(super) fn new_expiry(
    attempt: &InvoiceAttempt,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Timestamp, Unsound> {
    let expiration = seen.expiration.ok_or(Unsound::NoExpiration)?;
    // An invoice found again after a crash may be over; a new one may not.
    if expiration <= now && !attempt.is_old(now) {
        return Err(Unsound::AlreadyExpired { expiration, now });
    }
    let asked = attempt
        .expiration
        .unwrap_or_else(|| attempt.started_at.plus_seconds(LONGEST_LIFE_SECONDS));
    let latest = asked.plus_seconds(MARGIN_SECONDS);
    if expiration > latest {
        return Err(Unsound::ExpiresTooLate { expiration, latest });
    }
    Ok(expiration)
}

/// When the amount of a new invoice was worked out: after it was asked for, and not in the future, whatever zone a date without one is
/// meant in.
pub(super) fn new_priced_at(
    attempt: &InvoiceAttempt,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Timestamp {
    let said = seen.last_fiat_updated.or(seen.created).unwrap_or(now);
    said.max(attempt.started_at).min(now)
}

/// Takes in the terms of a reading, as far as they can be true. An amount changes by a repricing only, and only into one that the
/// price comes to. `latest` is the latest moment at which a buyer has any use for the invoice.
pub(super) fn update(
    invoice: &mut Invoice,
    price: &Price,
    seen: &calypso::Invoice,
    fit: Fit,
    latest: Timestamp,
    now: Timestamp,
    alarms: &mut Vec<Unsound>,
) {
    update_expiry(invoice, seen, latest, alarms);
    let amount = check_price(price, seen)
        .and_then(|()| payable(invoice.currency, &invoice.address, seen))
        .and_then(|amount| accepted(invoice, amount, seen, fit, now));
    match amount {
        Ok(None) => {}
        Ok(Some((amount, priced_at))) => {
            invoice.amount = Some(amount);
            invoice.priced_at = priced_at;
        }
        Err(unsound) => alarms.push(unsound),
    }
}

/// The amount and when it was worked out, if that changes; `None` if all stays as it is.
fn accepted(
    invoice: &Invoice,
    amount: Amount,
    seen: &calypso::Invoice,
    fit: Fit,
    now: Timestamp,
) -> Result<Option<(Amount, Timestamp)>, Unsound> {
    let known = invoice.amount.unwrap_or(amount);
    if invoice.phase.is_paid() {
        return if amount == known {
            Ok(None)
        } else {
            Err(Unsound::AmountChangedAfterPayment {
                known,
                read: amount,
            })
        };
    }
    let repriced_at = repriced_at(invoice, seen);
    if let Some(at) = repriced_at
        && at > now.plus_seconds(MARGIN_SECONDS)
    {
        return Err(Unsound::PricedAhead { at, now });
    }
    let interval = i64::from(invoice.currency.reprice_seconds());
    let is_time = now >= invoice.priced_at.plus_seconds(interval - MARGIN_SECONDS);
    let priced_at = match repriced_at {
        Some(at) => at.min(now),
        None if amount == known => return Ok(None),
        None if is_time => now,
        None => {
            return Err(Unsound::AmountChanged {
                known,
                read: amount,
            });
        }
    };
    match fit {
        Fit::Fits => Ok(Some((amount, priced_at))),
        Fit::Off { expected, percent } => Err(Unsound::OffRate {
            amount,
            expected,
            percent,
        }),
        Fit::NoRate => Err(Unsound::NoRate { amount }),
        // Another reading was quicker and has changed what this one is compared with. The next one settles it.
        Fit::Unasked => Ok(None),
    }
}

/// When the gateway says that it has worked the amount out anew, since it was last known to.
fn repriced_at(invoice: &Invoice, seen: &calypso::Invoice) -> Option<Timestamp> {
    seen.last_fiat_updated.filter(|at| *at > invoice.priced_at)
}

/// An expiry moves within the margin, and forward while the buyer has use for it. From the latest one ever seen it never moves back
/// further: a single wrong date would hide what is paid after it.
fn update_expiry(
    invoice: &mut Invoice,
    seen: &calypso::Invoice,
    latest: Timestamp,
    alarms: &mut Vec<Unsound>,
) {
    let Some(read) = seen.expiration else { return };
    let known = invoice.latest_expiry;
    let latest = latest.max(known);
    if read < known.plus_seconds(-MARGIN_SECONDS) {
        alarms.push(Unsound::ExpiryMovedBack { known, read });
    } else if read > latest.plus_seconds(MARGIN_SECONDS) {
        alarms.push(Unsound::ExpiresTooLate {
            expiration: read,
            latest,
        });
    } else {
        invoice.expires_at = read.min(latest);
        invoice.latest_expiry = known.max(invoice.expires_at);
    }
}

fn check_price(price: &Price, seen: &calypso::Invoice) -> Result<(), Unsound> {
    let expected = || format!("{} {}", price.amount(), price.currency());
    let (Some(amount), Some(currency)) = (seen.fiat_amount, seen.fiat_currency.as_deref()) else {
        return Err(Unsound::NoPrice {
            expected: expected(),
        });
    };
    if amount == price.amount() && currency == price.currency() {
        return Ok(());
    }
    Err(Unsound::OtherPrice {
        expected: expected(),
        read: format!("{amount} {currency}"),
    })
}

/// The amount of a reading, if a wallet could send it.
fn payable(
    currency: &'static Currency,
    address: &Address,
    seen: &calypso::Invoice,
) -> Result<Amount, Unsound> {
    let amount = seen.amount.ok_or(Unsound::NoAmount)?.normalized();
    // The transfer is what the wallet is told in the end; if there is one, the amount is above zero and the chain can carry it.
    Transfer::new(currency, address.clone(), amount).map_err(|error| Unsound::BadAmount {
        amount,
        reason: error.to_string(),
    })?;
    Ok(amount)
}
