//! Events about where a checkout stands: by a reading, by an invoice that was found, and by time.

use checkout::wire::EventKind;
use checkout::{Phase, Timestamp};
use uuid::Uuid;

use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::invoice::Change;

/// Something that is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) kind: EventKind,
    /// What it follows from. No other fact of its shop has the same.
    pub(crate) cause: String,
    pub(crate) at: Timestamp,
    /// The deposit it is about, by the key of what it was paid to and the gateway's id.
    pub(crate) deposit: Option<(Uuid, String)>,
}

/// The checkout once a reading of an invoice is stored.
pub(crate) fn after(before: &Snapshot, change: &Change) -> Snapshot {
    let mut after = before.with(&change.invoice);
    after.alarms.extend(change.alarms.iter().cloned());
    after
}

/// What a reading of an invoice tells. `before` is the checkout as it was stored.
pub(crate) fn read(before: &Snapshot, change: &Change, at: Timestamp) -> Vec<Fact> {
    let after = before.with(&change.invoice);
    let known = before.invoice(change.invoice.key);
    let grew = known.is_some_and(|known| change.invoice.received > known.received);
    let mut facts = moved(before, &after, grew, at);
    let is_more = known.is_some_and(|known| known.second_payment_at.is_some()) && grew;
    let has_price = change.invoice.amount.is_some();
    if has_price && (change.second.is_some() || is_more) {
        facts.push(second_payment(&change.invoice, at));
    }
    facts
}

/// Whether an invoice that was made may tell anything: one that waits for money does not.
pub(crate) fn is_news(invoice: &Invoice) -> bool {
    invoice.phase != Phase::Awaiting
}

/// What an invoice tells that was made. One that was found again after a crash may have come far by then.
pub(crate) fn made(before: &Snapshot, invoice: &Invoice, at: Timestamp) -> Vec<Fact> {
    moved(before, &before.with(invoice), false, at)
}

/// What a decision of the merchant tells that closes the checkout, or opens it again.
pub(crate) fn decided(before: &Snapshot, after: &Snapshot, at: Timestamp) -> Vec<Fact> {
    moved(before, after, false, at)
}

/// What time has brought to a checkout that has closed.
pub(crate) fn closed(snapshot: &Snapshot, at: Timestamp) -> Vec<Fact> {
    let checkout = &snapshot.checkout;
    // A page has made it from the price list and nobody ever picked a currency: the merchant has never heard of it. Of an order that its
    // server has signed it has, and waits for the outcome.
    let is_nobodys = checkout.product.is_some() && snapshot.invoices.is_empty();
    let (phase, _) = snapshot.standing(at);
    if is_nobodys || phase != Phase::Expired || !checkout.is_past_expiry(at) {
        return Vec::new();
    }
    vec![once(snapshot, EventKind::Expired, at)]
}

/// What the step of a checkout from one standing to another tells. `grew` says that more has arrived by it.
fn moved(before: &Snapshot, after: &Snapshot, grew: bool, at: Timestamp) -> Vec<Fact> {
    let ((was, _), (is, deciding)) = (before.standing(at), after.standing(at));
    let mut facts = Vec::new();
    // Also when it was credited between two readings: whoever waits for this one alone must not miss it.
    if is.is_paid() && !was.is_paid() {
        facts.push(once(after, EventKind::Paid, at));
    }
    let has_moved = was != is;
    let kind = match is {
        Phase::Choosing | Phase::Awaiting | Phase::Paid => None,
        Phase::Completed if has_moved => {
            facts.push(once(after, EventKind::Completed, at));
            None
        }
        // By time alone it expires only when it closes: until then the buyer may pick a currency anew.
        Phase::Expired if has_moved && after.checkout.is_past_expiry(at) => {
            facts.push(once(after, EventKind::Expired, at));
            None
        }
        Phase::Completed | Phase::Expired => None,
        Phase::Archived => has_moved.then_some(EventKind::Archived),
        Phase::Detected => has_moved.then_some(EventKind::Detected),
        Phase::Reviewing => (has_moved || grew).then_some(EventKind::Reviewing),
        Phase::Declined => (has_moved || grew).then_some(EventKind::Declined),
        Phase::Underpaid => (has_moved || grew).then_some(EventKind::Underpaid),
        Phase::Overpaid => (has_moved || grew).then_some(EventKind::Overpaid),
        Phase::Intervention => (has_moved || grew).then_some(EventKind::Intervention),
    };
    if let Some(kind) = kind {
        facts.push(each_time(after, kind, deciding, at));
    }
    facts
}

/// What is told once for a checkout, whatever happens after it.
fn once(snapshot: &Snapshot, kind: EventKind, at: Timestamp) -> Fact {
    Fact {
        kind,
        cause: format!("{}/{kind}", snapshot.checkout.id),
        at,
        deposit: None,
    }
}

/// What is told each time a checkout comes there.
fn each_time(
    snapshot: &Snapshot,
    kind: EventKind,
    deciding: Option<&Invoice>,
    at: Timestamp,
) -> Fact {
    let invoice = deciding.map_or_else(String::new, |invoice| invoice.key.to_string());
    let cause = format!("{}/{kind}/{invoice}/{}", snapshot.checkout.id, at.millis());
    Fact {
        kind,
        cause,
        at,
        deposit: None,
    }
}

fn second_payment(invoice: &Invoice, at: Timestamp) -> Fact {
    let kind = EventKind::SecondPayment;
    let received = invoice.received.normalized();
    Fact {
        kind,
        cause: format!("{}/{kind}/{}/{received}", invoice.checkout_id, invoice.key),
        at,
        deposit: None,
    }
}
