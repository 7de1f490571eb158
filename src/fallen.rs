//! A payment that was seen and is gone again: dropped by its network, or taken back by its sender.

use checkout::wire::CheckoutView;
use checkout::{Amount, Phase};

/// What is remembered from one answer to the next to notice a payment that fell away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fallen {
    is_told: bool,
    /// What had counted on the invoice before the payment that is on its way was seen.
    settled: Option<Amount>,
}

impl Fallen {
    /// Whether the buyer must be told.
    #[must_use]
    pub fn is_told(self) -> bool {
        self.is_told
    }

    /// What is known after `answer`, which follows `before`.
    #[must_use]
    pub fn after(self, before: Option<&CheckoutView>, answer: &CheckoutView) -> Self {
        let settled = match answer.state {
            Phase::Awaiting | Phase::Underpaid => answer.invoice.as_ref().map(|to| to.received),
            _ => self.settled,
        };
        let is_told = before.is_some_and(|before| {
            let fell = self.invoice_fell(before, answer) || deposits(answer) < deposits(before);
            let came = is_seen(answer.state) || deposits(answer) > deposits(before);
            fell || (self.is_told && !came)
        });
        Self { is_told, settled }
    }

    /// Whether money that was seen, or had counted, no longer is.
    fn invoice_fell(self, before: &CheckoutView, answer: &CheckoutView) -> bool {
        match (before.state, answer.state) {
            (
                Phase::Detected | Phase::Reviewing | Phase::Underpaid,
                Phase::Choosing | Phase::Awaiting | Phase::Expired,
            ) => true,
            // A part that is confirmed leads here too; then more has counted than before it was seen.
            (Phase::Detected | Phase::Reviewing, Phase::Underpaid) => {
                let received = answer.invoice.as_ref().map(|to| to.received);
                self.settled.is_some_and(|settled| !settled.is_zero()) && received <= self.settled
            }
            (Phase::Underpaid, Phase::Underpaid) => {
                let of = |view: &CheckoutView| view.invoice.as_ref().map(|to| to.received);
                of(answer) < of(before)
            }
            _ => false,
        }
    }
}

/// Whether a payment is on its way or has come.
fn is_seen(phase: Phase) -> bool {
    match phase {
        Phase::Choosing | Phase::Awaiting | Phase::Underpaid | Phase::Expired => false,
        Phase::Detected
        | Phase::Paid
        | Phase::Completed
        | Phase::Reviewing
        | Phase::Declined
        | Phase::Overpaid
        | Phase::Intervention
        | Phase::Archived => true,
    }
}

/// How many deposits an address that takes any amount has seen.
fn deposits(view: &CheckoutView) -> usize {
    view.receiving.as_ref().map_or(0, |to| to.deposits.len())
}
