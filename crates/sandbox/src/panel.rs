//! The panel at `/sandbox/`: plain HTML, CSS and JavaScript, served under a policy that allows nothing else.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::door::{Room, door};
use crate::sandbox::Sandbox;

const HTML: &str = include_str!("panel/panel.html");
const CSS: &str = include_str!("panel/panel.css");
const JS: &str = include_str!("panel/panel.js");
const ICON: &str = include_str!("panel/panel.svg");

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";

/// The page and its files.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    let files = [
        ("/sandbox/", "text/html; charset=utf-8", HTML),
        ("/sandbox/panel.css", "text/css; charset=utf-8", CSS),
        ("/sandbox/panel.js", "text/javascript; charset=utf-8", JS),
        ("/sandbox/panel.svg", "image/svg+xml", ICON),
    ];
    let moved = get(|| async { Redirect::permanent("/sandbox/") });
    files
        .into_iter()
        .fold(
            Router::new().route("/sandbox", moved),
            |router, (path, kind, text)| {
                router.route(path, get(move || async move { file(kind, text) }))
            },
        )
        .layer(from_fn_with_state((sandbox.clone(), Room::Page), door))
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
