//! The scenario: beginning one, seeing how far it is, ending it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::error::ControlError;
use crate::sandbox::Sandbox;
use crate::scenario::{Scenario, ScenarioError, ScenarioView};

#[derive(Serialize)]
pub(super) struct Playing {
    scenario: Option<ScenarioView>,
}

/// `POST /sandbox/v1/scenario`: the scenario itself, as JSON or as TOML. It takes the place of one that is played.
pub(super) async fn play(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<(StatusCode, Json<Playing>), ControlError> {
    let text = std::str::from_utf8(&body);
    let text = text.map_err(|error| ScenarioError::Malformed(error.to_string()))?;
    sandbox.play(Scenario::parse(text)?);
    Ok((StatusCode::CREATED, show(State(sandbox)).await))
}

/// `GET /sandbox/v1/scenario`
pub(super) async fn show(State(sandbox): State<Sandbox>) -> Json<Playing> {
    Json(Playing {
        scenario: sandbox.scenario(),
    })
}

/// `DELETE /sandbox/v1/scenario`: what it did stays, also the faults it asked for.
pub(super) async fn end(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.end_scenario();
    StatusCode::NO_CONTENT
}
