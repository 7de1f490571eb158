//! What the gateway's staff or pages do to an invoice, for which no call is documented (gateway reference §2.15).

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;

use super::error::ControlError;
use crate::ledger::InvoiceName;
use crate::sandbox::Sandbox;

#[derive(Serialize)]
pub(super) struct InvoiceState {
    state: &'static str,
}

/// `POST /sandbox/v1/invoices/{id}/refund`: the money of an intervention goes back, and the invoice is archived.
pub(super) async fn refund(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
) -> Result<Json<InvoiceState>, ControlError> {
    let (mut ledger, _) = sandbox.ledger();
    let name = InvoiceName::Id(id.clone());
    let index = ledger
        .find_invoice(&name)
        .ok_or(ControlError::InvoiceUnknown(id))?;
    ledger.refund(index)?;
    Ok(Json(InvoiceState {
        state: ledger.invoice(index).state.as_str(),
    }))
}
