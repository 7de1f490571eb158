//! The shape of the sandbox's own refusals: `{"error":{"code":"…","message":"…"}}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    error: Detail<'a>,
}

#[derive(Serialize)]
struct Detail<'a> {
    code: &'static str,
    message: &'a str,
}

/// The answer that refuses a call of the control side, or a request that is not let in.
pub(crate) fn refuse(status: StatusCode, code: &'static str, message: &str) -> Response {
    let error = Detail { code, message };
    (status, Json(Body { error })).into_response()
}
