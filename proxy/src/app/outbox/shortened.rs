//! Bodies that are too long for a delivery, shortened: what is left out is read with the checkout.

use checkout::wire::{EventBody, EventData, MerchantCheckoutView};

use crate::reading::events::dead::{MOST_BYTES, RESERVE};

/// How often the lists are halved: by then nothing is left of them.
const HALVINGS: u32 = 32;

/// The body as text, of at most [`MOST_BYTES`]. What tells of a dead event quotes it, and has some room.
pub(super) fn text(mut body: EventBody) -> String {
    for _ in 0..HALVINGS {
        let text = written(&body);
        if text.len() <= MOST_BYTES - RESERVE {
            return text;
        }
        body.data.shortened = true;
        halve(&mut body.data);
    }
    leave_out(&mut body.data);
    written(&body)
}

fn written(body: &EventBody) -> String {
    // A map with other keys than texts could not be written, and there is none.
    serde_json::to_string(body).expect("every part of a body can be written as JSON")
}

/// Leaves the older half of each list out, and what only people read.
fn halve(data: &mut EventData) {
    let MerchantCheckoutView {
        checkout, merchant, ..
    } = &mut data.checkout;
    older_half(&mut merchant.deposits);
    older_half(&mut merchant.flags);
    older_half(&mut merchant.alarms);
    older_half(&mut merchant.decisions);
    if let Some(receiving) = &mut checkout.receiving {
        older_half(&mut receiving.deposits);
    }
    if let Some(deposit) = &mut data.deposit {
        older_half(&mut deposit.flags);
    }
    for deposit in &mut merchant.deposits {
        older_half(&mut deposit.flags);
    }
    let is_short = merchant.deposits.is_empty() && merchant.flags.is_empty();
    if is_short {
        // The one that decides is the last to go.
        let decides = merchant.invoices.iter().position(|invoice| invoice.decides);
        let deciding = decides.map(|place| merchant.invoices.remove(place));
        older_half(&mut merchant.invoices);
        merchant.invoices.extend(deciding);
        checkout.currencies.clear();
    }
}

/// Leaves everything out but the checkout's own words and its state, whatever a gateway has put into the rest.
fn leave_out(data: &mut EventData) {
    let MerchantCheckoutView {
        checkout, merchant, ..
    } = &mut data.checkout;
    (checkout.invoice, checkout.receiving) = (None, None);
    (checkout.attestation, merchant.receipt) = (None, None);
    merchant.decisions.clear();
    merchant.invoices.clear();
    merchant.totals.clear();
    data.deposit = None;
}

fn older_half<T>(list: &mut Vec<T>) {
    let half = list.len().div_ceil(2);
    list.drain(..half);
}

#[cfg(test)]
mod tests;
