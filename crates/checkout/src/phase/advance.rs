//! The function that moves a phase: one written answer to every gateway status in every phase.

use super::Phase;
use crate::status::{InterventionKind, InvoiceStatus};

/// What was just read about one invoice.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The gateway's state of it.
    pub status: &'a InvoiceStatus,
    /// Why the merchant must decide, if the gateway says so.
    pub intervention: Option<&'a InterventionKind>,
    /// Whether the invoice's expiry has passed, by the proxy's clock.
    pub past_expiry: bool,
}

/// The phase that follows when `seen` is read of an invoice in `phase`.
///
/// It is total, and it holds to these laws: an unknown status changes nothing; from `paid` only
/// `completed` follows, from `completed` nothing; only the gateway's PAID and COMPLETED lead there; time
/// expires an invoice only while the gateway sees no money; an expired one may be revived by money that
/// arrives late, never by waiting. `PHASES.md` beside the source shows the whole table.
#[must_use]
pub fn advance(phase: Phase, seen: &Observation<'_>) -> Phase {
    use Phase::{
        Archived, Awaiting, Choosing, Completed, Declined, Detected, Expired, Intervention,
        Overpaid, Paid, Reviewing, Underpaid,
    };
    match seen.status {
        InvoiceStatus::PendingPayment => match phase {
            // A transaction seen before may have been replaced or dropped: the buyer can pay again.
            Choosing | Awaiting | Detected if seen.past_expiry => Expired,
            Choosing | Awaiting | Detected => Awaiting,
            // Money was held here, or the address was withdrawn: a step back must not offer it again.
            Paid | Completed | Reviewing | Declined | Underpaid | Overpaid | Intervention
            | Expired | Archived => phase,
        },
        InvoiceStatus::MemPoolFound => match phase {
            Choosing | Awaiting | Detected | Reviewing | Underpaid | Overpaid | Intervention
            | Expired | Archived => Detected,
            // A suspended deposit stays suspended until a review, an intervention or a payment says otherwise.
            Declined => Declined,
            Paid => Paid,
            Completed => Completed,
        },
        InvoiceStatus::PendingComplianceCheck => match phase {
            Choosing | Awaiting | Detected | Reviewing | Declined | Underpaid | Overpaid
            | Intervention | Expired | Archived => Reviewing,
            Paid => Paid,
            Completed => Completed,
        },
        InvoiceStatus::Declined => match phase {
            Choosing | Awaiting | Detected | Reviewing | Declined | Underpaid | Overpaid
            | Intervention | Expired | Archived => Declined,
            Paid => Paid,
            Completed => Completed,
        },
        InvoiceStatus::PendingIntervention => match phase {
            Choosing | Awaiting | Detected | Reviewing | Declined | Underpaid | Overpaid
            | Intervention | Expired | Archived => match seen.intervention {
                Some(InterventionKind::Underpay) => Underpaid,
                Some(InterventionKind::Overpay) => Overpaid,
                Some(InterventionKind::Unknown(_)) | None => Intervention,
            },
            Paid => Paid,
            Completed => Completed,
        },
        InvoiceStatus::Paid => match phase {
            Choosing | Awaiting | Detected | Paid | Reviewing | Declined | Underpaid | Overpaid
            | Intervention | Expired | Archived => Paid,
            Completed => Completed,
        },
        InvoiceStatus::Completed => Completed,
        // The gateway has one word for expired and for removed; the expiry tells them apart.
        InvoiceStatus::Archived => match phase {
            Choosing | Awaiting | Detected if seen.past_expiry => Expired,
            Choosing | Awaiting | Detected => Archived,
            // Money was held, so this is a refund or the merchant's decision, whatever the time.
            Reviewing | Underpaid | Overpaid | Intervention => Archived,
            Paid | Completed | Declined | Expired | Archived => phase,
        },
        InvoiceStatus::Cancel => match phase {
            Choosing | Awaiting | Detected | Reviewing | Underpaid | Overpaid | Intervention => {
                Archived
            }
            Paid | Completed | Declined | Expired | Archived => phase,
        },
        InvoiceStatus::Unknown(_) => phase,
    }
}
