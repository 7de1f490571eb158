//! The phase a buyer sees, as the client folds it from readings, held against what the model knows to be true.

use checkout::{InterventionKind, InvoiceStatus, Observation, Phase, advance};

use crate::desk::ShownInvoice;
use crate::reference::{Invoice, Reason, State};

/// Follows one invoice from reading to reading, as the client does.
pub(crate) struct Follower {
    phase: Phase,
    seen: Vec<Reading>,
}

/// One reading, kept to be read again out of order.
struct Reading {
    status: InvoiceStatus,
    intervention: Option<InterventionKind>,
    past_expiry: bool,
}

impl Reading {
    fn advance(&self, phase: Phase) -> Phase {
        advance(
            phase,
            &Observation {
                status: &self.status,
                intervention: self.intervention.as_ref(),
                past_expiry: self.past_expiry,
            },
        )
    }

    fn is_paid(&self) -> bool {
        matches!(self.status, InvoiceStatus::Paid | InvoiceStatus::Completed)
    }
}

impl Follower {
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Awaiting,
            seen: Vec::new(),
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// Takes in what the sandbox shows, and says so if the phase is not what the model's truth calls for.
    pub(crate) fn see(
        &mut self,
        model: &Invoice,
        shown: &ShownInvoice,
        now: i64,
    ) -> Result<(), String> {
        let reading = Reading {
            status: InvoiceStatus::from(shown.state.as_str()),
            intervention: shown
                .intervention_type
                .as_deref()
                .map(InterventionKind::from),
            past_expiry: model.expiration.is_some_and(|end| end <= now),
        };
        let before = self.phase;
        self.phase = reading.advance(before);
        if reading.advance(self.phase) != self.phase {
            return Err(format!(
                "the same reading again moves the phase from {}",
                self.phase
            ));
        }
        self.seen.push(reading);
        let allowed = allowed(model, now);
        if !allowed.contains(&self.phase) {
            return Err(format!(
                "phase went from {before} to {}, but the model is in {:?}, which calls for one of {allowed:?}",
                self.phase, model.state
            ));
        }
        Ok(())
    }

    /// Readings that arrive in any order still make no payment out of nothing, and never take one back.
    pub(crate) fn holds_out_of_order(&self) -> Result<(), String> {
        let backwards = self.seen.iter().rev();
        let halves = self
            .seen
            .iter()
            .skip(1)
            .step_by(2)
            .chain(self.seen.iter().step_by(2));
        fold(backwards)?;
        fold(halves)
    }
}

fn fold<'a>(readings: impl Iterator<Item = &'a Reading>) -> Result<(), String> {
    let (mut phase, mut paid) = (Phase::Awaiting, false);
    for reading in readings {
        paid |= reading.is_paid();
        let next = reading.advance(phase);
        if next.is_paid() != paid {
            return Err(format!(
                "out of order, {:?} leads from {phase} to {next}",
                reading.status
            ));
        }
        if phase == Phase::Completed && next != Phase::Completed {
            return Err(format!(
                "out of order, {:?} leads from completed to {next}",
                reading.status
            ));
        }
        phase = next;
    }
    Ok(())
}

/// The phases a buyer may see while the invoice is in that state; one, except where the gateway's word has two meanings.
fn allowed(model: &Invoice, now: i64) -> &'static [Phase] {
    match (model.state, model.reason) {
        (State::PendingPayment, _) => &[Phase::Awaiting],
        (State::MemPoolFound, _) => &[Phase::Detected],
        (State::PendingComplianceCheck, _) => &[Phase::Reviewing],
        (State::Declined, _) => &[Phase::Declined],
        (State::Paid, _) => &[Phase::Paid],
        (State::Completed, _) => &[Phase::Completed],
        (State::PendingIntervention, Some(Reason::Underpay)) => &[Phase::Underpaid],
        (State::PendingIntervention, Some(Reason::Overpay)) => &[Phase::Overpaid],
        (State::PendingIntervention, _) => &[Phase::Intervention],
        (State::Archived, _) if model.has_expired && model.expiration.is_some() => {
            &[Phase::Expired]
        }
        // ARCHIVED says both (gateway reference §3.1): who looks only after the expiry cannot tell.
        (State::Archived, _) if model.expiration.is_some_and(|end| end <= now) => {
            &[Phase::Archived, Phase::Expired]
        }
        (State::Archived, _) => &[Phase::Archived],
    }
}
