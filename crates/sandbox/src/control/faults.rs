//! Faults: asking for them, seeing which are still to come.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::error::{ControlError, read};
use crate::faults::{EXPECTED, Fault, FaultRequest, FaultRequestRefusal};
use crate::sandbox::Sandbox;

#[derive(Serialize)]
pub(super) struct FaultList {
    faults: Vec<Fault>,
}

impl From<FaultRequestRefusal> for ControlError {
    fn from(FaultRequestRefusal { field, reason }: FaultRequestRefusal) -> Self {
        Self::FieldInvalid { field, reason }
    }
}

/// `POST /sandbox/v1/faults`
pub(super) async fn add(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<(StatusCode, Json<Fault>), ControlError> {
    let wish: FaultRequest = read(&body, EXPECTED)?;
    if wish.kind.is_none() && wish.weights.is_none() {
        let error = serde::de::Error::missing_field("kind");
        return Err(ControlError::BodyInvalid {
            expected: EXPECTED,
            error,
        });
    }
    let fault = sandbox.0.faults.add(wish.check()?, sandbox.seed());
    Ok((StatusCode::CREATED, Json(fault)))
}

/// `GET /sandbox/v1/faults`
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<FaultList> {
    let (ledger, _) = sandbox.ledger();
    drop(ledger);
    Json(FaultList {
        faults: sandbox.0.faults.list(),
    })
}

/// `DELETE /sandbox/v1/faults`
pub(super) async fn clear(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.0.faults.clear();
    StatusCode::NO_CONTENT
}
