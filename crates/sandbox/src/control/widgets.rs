//! The buyer's choice in a widget, which the gateway's own page makes by an undocumented call (gateway reference §4.3).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{ControlError, read};
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    currency: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChosenInvoice {
    invoice_id: Uuid,
    invoice_idempotency_key: Uuid,
    address: String,
}

/// `POST /sandbox/v1/widgets/{key}/choose`
pub(super) async fn choose(
    State(sandbox): State<Sandbox>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<ChosenInvoice>), ControlError> {
    let choice: Choice = read(&body, "{currency}")?;
    let (mut ledger, now) = sandbox.ledger();
    let widget = Uuid::try_parse(&key)
        .ok()
        .and_then(|key| ledger.find_widget(key));
    let widget = widget.ok_or(ControlError::WidgetUnknown(key))?;
    let invoice = ledger.choose(now, widget, &choice.currency)?;
    let invoice = ledger.invoice(invoice);
    let chosen = ChosenInvoice {
        invoice_id: invoice.id,
        invoice_idempotency_key: invoice.key,
        address: invoice.address.clone(),
    };
    Ok((StatusCode::CREATED, Json(chosen)))
}
