//! What was asked of the gateway, for assertions.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::request_log::Entry;
use crate::sandbox::Sandbox;

#[derive(Serialize)]
pub(super) struct Requests {
    requests: Vec<Entry>,
}

/// `GET /sandbox/v1/requests`
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<Requests> {
    Json(Requests {
        requests: sandbox.0.log.list(),
    })
}
