//! Faults: asking for them, seeing which are still to come.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::error::{ControlError, read};
use crate::faults::{Fault, FaultKind};
use crate::sandbox::Sandbox;

/// How late a late answer is when nobody says, in milliseconds.
const DELAY_MS: u64 = 2_000;
/// The longest delay, in milliseconds.
const MOST_DELAY_MS: u64 = 600_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewFault {
    path: Option<String>,
    kind: String,
    times: Option<u32>,
    delay_ms: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct FaultList {
    faults: Vec<Fault>,
}

/// `POST /sandbox/v1/faults`
pub(super) async fn add(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<(StatusCode, Json<Fault>), ControlError> {
    let fault: NewFault = read(&body, "{path?, kind, times?, delayMs?}")?;
    let wrong = |field, reason| ControlError::FieldInvalid { field, reason };
    let kind = FaultKind::find(&fault.kind).ok_or_else(|| {
        let known: Vec<_> = FaultKind::ALL.iter().map(|kind| kind.as_str()).collect();
        wrong(
            "kind",
            format!("expected one of {}, got {:?}", known.join(", "), fault.kind),
        )
    })?;
    if let Some(path) = fault.path.as_ref().filter(|path| !path.starts_with('/')) {
        return Err(wrong(
            "path",
            format!("expected a path such as /api/v1/invoice, got {path:?}"),
        ));
    }
    let times = fault.times.unwrap_or(1);
    if times == 0 {
        return Err(wrong("times", "expected at least 1".to_owned()));
    }
    let delay_ms = fault.delay_ms.unwrap_or(DELAY_MS);
    if delay_ms > MOST_DELAY_MS {
        return Err(wrong(
            "delayMs",
            format!("expected at most {MOST_DELAY_MS}, got {delay_ms}"),
        ));
    }
    let fault = Fault {
        path: fault.path,
        kind,
        times,
        delay_ms,
    };
    sandbox.0.faults.add(fault.clone());
    Ok((StatusCode::CREATED, Json(fault)))
}

/// `GET /sandbox/v1/faults`
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<FaultList> {
    Json(FaultList {
        faults: sandbox.0.faults.list(),
    })
}

/// `DELETE /sandbox/v1/faults`
pub(super) async fn clear(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.0.faults.clear();
    StatusCode::NO_CONTENT
}
