//! The virtual clock: showing and advancing it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use checkout::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{ControlError, read};
use crate::clock::MAX_OFFSET_SECONDS;
use crate::sandbox::Sandbox;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClockAnswer {
    now: Timestamp,
    /// How far it is ahead of the wall clock.
    offset_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

/// `GET /sandbox/v1/clock`
pub(super) async fn show(State(sandbox): State<Sandbox>) -> Json<ClockAnswer> {
    let clock = &sandbox.0.clock;
    Json(ClockAnswer {
        now: clock.now(),
        offset_seconds: clock.offset_seconds(),
    })
}

/// `POST /sandbox/v1/clock`
pub(super) async fn advance(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<Json<ClockAnswer>, ControlError> {
    let Advance { advance_seconds } =
        read(&body, "{advanceSeconds: a whole number, not negative}")?;
    let clock = &sandbox.0.clock;
    let ahead = clock.offset_seconds().checked_add(advance_seconds);
    if ahead.is_none_or(|ahead| ahead > MAX_OFFSET_SECONDS) {
        let reason =
            format!("expected to stay within {MAX_OFFSET_SECONDS} seconds of the wall clock");
        return Err(ControlError::FieldInvalid {
            field: "advanceSeconds",
            reason,
        });
    }
    clock.advance_seconds(advance_seconds);
    let (mut ledger, now) = sandbox.ledger();
    ledger.touch();
    drop(ledger);
    Ok(Json(ClockAnswer {
        now,
        offset_seconds: clock.offset_seconds(),
    }))
}
