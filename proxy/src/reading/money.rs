//! What has arrived, and where that puts an invoice.

use checkout::{
    Amount, InterventionKind, InvoiceStatus, NetworkId, Observation, Phase, Timestamp, advance,
};

use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::is_enough;
use crate::checkouts::unsound::Unsound;

/// The length of every hash of a transaction, in hexadecimal digits.
const HASH_DIGITS: usize = 64;

/// Takes in what a reading says about money. `amount` is what is to be paid, as it is known by now.
///
/// Paid is what the gateway calls paid and what enough was received for, or what the merchant has accepted as enough. Money it counts and has no word for is not passed over: it is
/// on its way while the invoice is open, and the merchant decides after that.
pub(super) fn record(
    invoice: &mut Invoice,
    amount: Amount,
    seen: &calypso::Invoice,
    now: Timestamp,
    alarms: &mut Vec<Unsound>,
) {
    let known = invoice.clone();
    record_received(invoice, seen, alarms);
    let (status, received) = (seen.state.clone(), seen.total_debit_amount.normalized());
    if let InvoiceStatus::Unknown(read) = status {
        alarms.push(Unsound::UnknownStatus { read });
        record_without_a_word(invoice, &known, amount, seen, now, alarms);
        return;
    }
    if goes_back(&known, &status) {
        alarms.push(Unsound::StatusWentBack {
            known: known.status.clone(),
            read: status.clone(),
        });
    }
    if known.phase.is_paid() && !says_paid(&status) {
        return;
    }
    let observation = Observation {
        status: &status,
        intervention: seen.intervention.as_ref(),
        past_expiry: now >= invoice.expires_at,
    };
    let mut phase = advance(known.phase, &observation);
    let is_fresh = says_paid(&status) && !known.phase.is_paid();
    if is_fresh && known.accepted_at.is_none() && !is_enough(received, amount) {
        phase = Phase::Intervention;
        alarms.push(Unsound::PaidWithTooLittle {
            status: status.clone(),
            received,
            amount,
        });
    }
    if let Some(kind) = contradiction(phase, received, amount, seen) {
        phase = Phase::Intervention;
        alarms.push(Unsound::InterventionContradicts {
            kind,
            received,
            amount,
        });
    }
    // What was counted once is there, whatever this reading counts.
    let received = invoice.received;
    if phase == Phase::Awaiting && !received.is_zero() {
        phase = Phase::Detected;
        alarms.push(Unsound::MoneyWithoutStatus {
            status: status.clone(),
            received,
        });
    }
    // An answer said twice is no decision of the merchant: only another one closes what waits for them.
    let still_waits = known.phase == Phase::Intervention && known.status == status;
    if phase == Phase::Archived && still_waits {
        phase = Phase::Intervention;
    } else if is_unaccounted(&known, phase, received) {
        phase = Phase::Intervention;
        alarms.push(Unsound::MoneyAfterEnd {
            status: status.clone(),
            received,
        });
    }
    invoice.phase = phase;
    if known.status != InvoiceStatus::Completed {
        invoice.status = status;
    }
    invoice.intervention = seen.intervention.clone();
}

/// What a reading under a word nobody knows means: nothing by the word, and by its money that nobody is asked for it again.
fn record_without_a_word(
    invoice: &mut Invoice,
    known: &Invoice,
    amount: Amount,
    seen: &calypso::Invoice,
    now: Timestamp,
    alarms: &mut Vec<Unsound>,
) {
    let (status, received) = (seen.state.clone(), invoice.received);
    if received.is_zero() {
        return;
    }
    let is_open = match known.phase {
        Phase::Choosing | Phase::Awaiting | Phase::Detected => true,
        // The rest of it has come.
        Phase::Underpaid => is_enough(received, amount),
        Phase::Paid
        | Phase::Completed
        | Phase::Reviewing
        | Phase::Declined
        | Phase::Overpaid
        | Phase::Intervention
        | Phase::Expired
        | Phase::Archived => false,
    };
    let is_over = now >= invoice.expires_at;
    if (is_open && is_over) || is_unaccounted(known, known.phase, received) {
        invoice.phase = Phase::Intervention;
        alarms.push(Unsound::MoneyAfterEnd { status, received });
    } else if is_open && known.phase != Phase::Detected {
        invoice.phase = Phase::Detected;
        alarms.push(Unsound::MoneyWithoutStatus { status, received });
    }
}

/// Whether an invoice is over in `phase` while it holds money nobody has decided about. One that was archived after money was held is
/// a refund.
fn is_unaccounted(known: &Invoice, phase: Phase, received: Amount) -> bool {
    let had_none = matches!(
        known.phase,
        Phase::Choosing | Phase::Awaiting | Phase::Detected
    );
    match phase {
        Phase::Expired => !received.is_zero(),
        Phase::Archived => received > known.received || (had_none && !received.is_zero()),
        _ => false,
    }
}

/// Takes in the figures that are there in every state. What has been received never becomes less.
pub(super) fn record_received(
    invoice: &mut Invoice,
    seen: &calypso::Invoice,
    alarms: &mut Vec<Unsound>,
) {
    let read = seen.total_debit_amount.normalized();
    if read < invoice.received {
        alarms.push(Unsound::ReceivedShrank {
            known: invoice.received,
            read,
        });
    } else {
        invoice.received = read;
    }
    if let Some(fee) = seen.fee.map(Amount::normalized) {
        // Before anything has arrived it is what making the invoice costs (gateway reference §2.0).
        if invoice.received.is_zero() || fee <= invoice.received {
            invoice.fee = Some(fee);
        } else {
            alarms.push(Unsound::FeeTooHigh {
                fee,
                received: invoice.received,
            });
        }
    }
    let hash = seen.last_deposit_hash.as_deref();
    if let Some(hash) = hash.filter(|hash| !hash.is_empty()) {
        match fit_hash(invoice.currency.network, Some(hash)) {
            Some(fit) => invoice.transaction = Some(fit),
            None => alarms.push(Unsound::BadTransaction),
        }
    }
}

fn says_paid(status: &InvoiceStatus) -> bool {
    matches!(status, InvoiceStatus::Paid | InvoiceStatus::Completed)
}

/// Whether a status takes back what was certain: that it was paid, that money was held, that the address is no longer watched.
fn goes_back(known: &Invoice, status: &InvoiceStatus) -> bool {
    let was_paid = known.phase.is_paid() && !says_paid(status);
    let was_credited = known.status == InvoiceStatus::Completed && *status == InvoiceStatus::Paid;
    let held = matches!(
        known.phase,
        Phase::Declined | Phase::Underpaid | Phase::Overpaid | Phase::Intervention
    );
    let was_over = matches!(
        known.status,
        InvoiceStatus::Archived | InvoiceStatus::Cancel
    );
    was_paid
        || was_credited
        || ((held || was_over)
            && *status == InvoiceStatus::PendingPayment
            && known.status != InvoiceStatus::PendingPayment)
}

/// The gateway's word for an intervention, if the figures say otherwise.
fn contradiction(
    phase: Phase,
    received: Amount,
    amount: Amount,
    seen: &calypso::Invoice,
) -> Option<String> {
    let contradicts = match phase {
        Phase::Underpaid if seen.state == InvoiceStatus::PendingIntervention => {
            received.is_zero() || is_enough(received, amount)
        }
        Phase::Overpaid if seen.state == InvoiceStatus::PendingIntervention => received <= amount,
        _ => false,
    };
    let kind = seen.intervention.as_ref().map(InterventionKind::as_str);
    contradicts.then(|| kind.unwrap_or_default().to_owned())
}

/// A hash, if it is one of this network: it becomes part of a link.
pub(crate) fn fit_hash(network: NetworkId, hash: Option<&str>) -> Option<String> {
    let hash = hash?;
    let digits = hash.strip_prefix(network.network().family.hash_prefix())?;
    let is_hash = digits.len() == HASH_DIGITS && digits.bytes().all(|c| c.is_ascii_hexdigit());
    is_hash.then(|| hash.to_owned())
}
