//! The panel at `/sandbox/`: plain HTML, CSS and JavaScript, served under a policy that allows nothing else.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

const HTML: &str = include_str!("page/panel.html");
const CSS: &str = include_str!("page/panel.css");
const JS: &str = include_str!("page/panel.js");

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";

/// The page and its two files.
pub(crate) fn router() -> Router {
    Router::new()
        .route(
            "/sandbox",
            get(|| async { Redirect::permanent("/sandbox/") }),
        )
        .route(
            "/sandbox/",
            get(|| async { file("text/html; charset=utf-8", HTML) }),
        )
        .route(
            "/sandbox/panel.css",
            get(|| async { file("text/css; charset=utf-8", CSS) }),
        )
        .route(
            "/sandbox/panel.js",
            get(|| async { file("text/javascript; charset=utf-8", JS) }),
        )
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (
        headers.map(|(name, value)| (name, HeaderValue::from_static(value))),
        text,
    )
        .into_response()
}
