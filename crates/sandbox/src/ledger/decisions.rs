//! What a merchant decides about an invoice.

use checkout::Timestamp;

use super::Ledger;
use crate::index::InvoiceIndex;
use crate::invoice::InvoiceState;

/// The invoice is in a state in which this cannot be decided (006).
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("Invoice is in incorrect state for operation: {state}, must be {needed}")]
pub(crate) struct WrongState {
    state: &'static str,
    needed: &'static str,
}

impl Ledger {
    /// Takes an unpaid invoice off the list (gateway reference §2.14).
    pub(crate) fn archive(&mut self, index: InvoiceIndex) -> Result<(), WrongState> {
        self.need(index, InvoiceState::PendingPayment)?;
        self.invoices[index.0].state = InvoiceState::Archived;
        Ok(())
    }

    /// Accepts what was received as the payment (gateway reference §2.15).
    pub(crate) fn return_to_paid(
        &mut self,
        index: InvoiceIndex,
        now: Timestamp,
    ) -> Result<(), WrongState> {
        self.need(index, InvoiceState::PendingIntervention)?;
        self.invoices[index.0].intervention_resolved = true;
        self.pay(index, now);
        Ok(())
    }

    /// Marks the intervention of a credited invoice as resolved (gateway reference §2.15).
    pub(crate) fn close_intervention(&mut self, index: InvoiceIndex) -> Result<(), WrongState> {
        self.need(index, InvoiceState::Completed)?;
        self.invoices[index.0].intervention_resolved = true;
        Ok(())
    }

    /// Sends the money back, which ends an intervention (gateway reference §4.1). The gateway has no documented call
    /// for it; the control side has.
    pub(crate) fn refund(&mut self, index: InvoiceIndex) -> Result<(), WrongState> {
        self.need(index, InvoiceState::PendingIntervention)?;
        let invoice = &mut self.invoices[index.0];
        invoice.intervention_resolved = true;
        invoice.state = InvoiceState::Archived;
        Ok(())
    }

    fn need(&self, index: InvoiceIndex, needed: InvoiceState) -> Result<(), WrongState> {
        let state = self.invoices[index.0].state;
        if state == needed {
            Ok(())
        } else {
            Err(WrongState {
                state: state.as_str(),
                needed: needed.as_str(),
            })
        }
    }
}
