//! `GET /openapi.json`: what the proxy takes and answers, for programs.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::extract::Stranger;

/// Made by a test from the same rows as docs/API.md, and never by hand.
const DOCUMENT: &str = include_str!("openapi.json");

/// The document. There is nothing of any store in it, so anyone may read it.
pub(super) async fn document(_: Stranger) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT).into_response()
}
