//! Webhooks: what was delivered, what is still to come, and the end of a blocking.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use checkout::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::error::{ControlError, read};
use crate::dialect::{Dialect, DialectChange};
use crate::event::EventName;
use crate::faults::FaultKind;
use crate::sandbox::Sandbox;
use crate::webhook::{Attempt, Delivery, DeliveryState};

#[derive(Serialize)]
pub(super) struct Deliveries {
    deliveries: Vec<DeliveryView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryView {
    id: u64,
    request_id: Uuid,
    event_type: EventName,
    state: DeliveryState,
    attempts: Vec<Attempt>,
    next_attempt_at: Option<Timestamp>,
    body: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultKind>,
}

impl DeliveryView {
    fn new(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id,
            request_id: delivery.subscription,
            event_type: delivery.event,
            state: delivery.state,
            attempts: delivery.attempts.clone(),
            next_attempt_at: delivery.next,
            fault: delivery.fault,
            body: RawValue::from_string(delivery.body.clone()).ok(),
        }
    }
}

/// `GET /sandbox/v1/webhooks`: every delivery, oldest first.
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<Deliveries> {
    let (ledger, _) = sandbox.ledger();
    Json(Deliveries {
        deliveries: ledger.deliveries().iter().map(DeliveryView::new).collect(),
    })
}

/// `POST /sandbox/v1/webhooks/{requestId}/unblock`: what a merchant does in their personal account.
pub(super) async fn unblock(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
) -> Result<StatusCode, ControlError> {
    let (mut ledger, now) = sandbox.ledger();
    let known = Uuid::try_parse(&name).is_ok_and(|name| ledger.unblock(name, now));
    if known {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ControlError::SubscriptionUnknown(name))
    }
}

/// `GET /sandbox/v1/webhooks/{requestId}/dialect`: how its webhooks are written.
pub(super) async fn dialect(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
) -> Result<Json<Dialect>, ControlError> {
    let (ledger, _) = sandbox.ledger();
    let known = Uuid::try_parse(&name)
        .ok()
        .and_then(|name| ledger.dialect_of(name));
    known
        .map(Json)
        .ok_or(ControlError::SubscriptionUnknown(name))
}

/// `POST /sandbox/v1/webhooks/{requestId}/dialect`: has them written differently from the next event on.
pub(super) async fn set_dialect(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<Dialect>, ControlError> {
    let change: DialectChange = read(
        &body,
        "{ids?, transactionId?, externalId?, fiatAmount?, viewed?, paid?, compliance?, addresses?, dates?}, each with a value of \
         the table of switches",
    )?;
    let (mut ledger, _) = sandbox.ledger();
    let known = Uuid::try_parse(&name)
        .ok()
        .and_then(|name| ledger.set_dialect(name, change));
    known
        .map(Json)
        .ok_or(ControlError::SubscriptionUnknown(name))
}
