//! `GET /healthz` and `GET /readyz`: whether the process answers, and whether requests may be sent to it. Neither tells a stranger more than
//! that, and neither is counted against any limit on what strangers do.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer;
use super::app_state::AppState;
use super::serve::Stopping;
use crate::app::DatabaseState;
use crate::refusal::Refusal;

/// What `/readyz` says.
#[derive(Serialize)]
struct Ready {
    ready: bool,
    database: &'static str,
    gateway: &'static str,
    draining: bool,
}

/// The process answers. Nothing else is asked, so that a database that is away has no proxy restarted, which would not mend it.
pub(super) async fn alive() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, "ok\n").into_response()
}

/// 200 when requests may be sent here, 503 when not: the database does not answer or has other tables, or the proxy is about to stop.
///
/// A gateway that fails is told and changes nothing: every proxy would be taken away at the same time, and with them what works without
/// the gateway, such as showing buyers what they have paid.
pub(super) async fn ready(app: AppState, stopping: Stopping) -> Result<Response, Refusal> {
    let state = app.database_state().await;
    let draining = stopping.is_told();
    let ready = state == DatabaseState::Fit && !draining;
    let body = answer::text(&Ready {
        ready,
        database: match state {
            DatabaseState::Fit => "ok",
            DatabaseState::OtherSchema => "other_schema",
            DatabaseState::Failing => "failing",
        },
        gateway: if app.is_a_gateway_failing() {
            "failing"
        } else {
            "ok"
        },
        draining,
    })?;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Ok(answer::json(status, body))
}
