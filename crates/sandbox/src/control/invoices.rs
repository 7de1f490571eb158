//! Decisions about an invoice without a signed call: by the panel, and the refund that has no documented call at all.

use axum::Json;
use axum::extract::{Path, State};
use checkout::Timestamp;
use serde::Serialize;

use super::error::ControlError;
use crate::index::InvoiceIndex;
use crate::ledger::{InvoiceName, Ledger, WrongState};
use crate::sandbox::Sandbox;

#[derive(Serialize)]
pub(super) struct InvoiceState {
    state: &'static str,
}

type Decided = Result<Json<InvoiceState>, ControlError>;

fn decide(
    sandbox: &Sandbox,
    id: String,
    decision: impl FnOnce(&mut Ledger, InvoiceIndex, Timestamp) -> Result<(), WrongState>,
) -> Decided {
    let (mut ledger, now) = sandbox.ledger();
    let name = InvoiceName::Id(id.clone());
    let index = ledger
        .find_invoice(&name)
        .ok_or(ControlError::InvoiceUnknown(id))?;
    decision(&mut ledger, index, now)?;
    let state = ledger.invoice(index).state.as_str();
    Ok(Json(InvoiceState { state }))
}

/// `POST /sandbox/v1/invoices/{id}/accept`: what was received is taken as the payment, as by
/// `/api/v1/invoice/return-to-paid`.
pub(super) async fn accept(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Decided {
    decide(&sandbox, id, Ledger::return_to_paid)
}

/// `POST /sandbox/v1/invoices/{id}/refund`: the money of an intervention goes back, and the invoice is archived
/// (gateway reference §2.15, §4.1).
pub(super) async fn refund(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Decided {
    decide(&sandbox, id, |ledger, index, _| ledger.refund(index))
}
