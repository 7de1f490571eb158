//! The one shape of every error, and the one place that logs them.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;
use checkout::wire::{ErrorBody, ErrorDetail};
use uuid::Uuid;

use super::headers::protect;
use super::quiet_log::QuietLog;
use crate::refusal::Refusal;

/// After how many seconds a caller may try again what the gateway or the store could not do now.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A refusal rides along in the answer; [`finish`] gives it its shape and logs it, so making one has no side effects.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.http_status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Names the request, turns a refusal into its JSON and writes one line about it, and adds the headers that protect.
pub(super) async fn finish(
    State(quiet): State<Arc<QuietLog>>,
    request: Request,
    next: Next,
) -> Response {
    let mut digits = Uuid::encode_buffer();
    let id = &*Uuid::new_v4().simple().encode_lower(&mut digits);
    let method = request.method().clone();
    // The route, not the path: a checkout's id opens it, so it is not written into logs.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let begun = tracing::enabled!(tracing::Level::DEBUG).then(Instant::now);
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        log(&refusal, id, method.as_str(), route, &quiet);
        response = shape(response, &refusal, id);
    }
    if let Some(begun) = begun {
        tracing::debug!(
            request_id = id,
            method = method.as_str(),
            route,
            status = response.status().as_u16(),
            millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
    }
    let value = HeaderValue::from_str(id).expect("hexadecimal digits make a header value");
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, value);
    protect(headers);
    response
}

fn log(refusal: &Refusal, request_id: &str, method: &str, route: &str, quiet: &QuietLog) {
    let (code, cause) = (refusal.code.as_str(), refusal.cause.as_deref());
    // A crowd decides how often that happens.
    let is_crowded = refusal.code == RefusalCode::Overloaded;
    if refusal.code.http_status() >= 500 && !is_crowded {
        tracing::error!(request_id, method, route, code, cause, "a request failed");
    } else if quiet.admits(&refusal.code, Instant::now()) {
        tracing::info!(
            request_id,
            method,
            route,
            code,
            said = refusal.message,
            "a request was refused"
        );
    }
}

fn shape(response: Response, refusal: &Refusal, id: &str) -> Response {
    let error = ErrorDetail {
        code: refusal.code.clone(),
        message: refusal.message.clone(),
        request_id: id.to_owned(),
    };
    let json = serde_json::to_string(&ErrorBody { error }).expect("three texts make JSON");
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    parts
        .headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match parts.status {
        // The gateway signs and shows no key.
        StatusCode::UNAUTHORIZED if refusal.code != RefusalCode::WebhookNotSigned => drop(
            parts
                .headers
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        ),
        StatusCode::SERVICE_UNAVAILABLE => {
            drop(parts.headers.insert(header::RETRY_AFTER, RETRY_AFTER));
        }
        _ => {}
    }
    if let Some(wait) = refusal.retry_after {
        // Rounded up: a caller that comes a moment too early is refused once more.
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let value = HeaderValue::from_str(&seconds.to_string());
        parts
            .headers
            .insert(header::RETRY_AFTER, value.expect("digits"));
    }
    Response::from_parts(parts, Body::from(json))
}

/// Answers every path that is none.
pub(super) async fn not_found() -> Refusal {
    Refusal::new(RefusalCode::NotFound, "there is nothing at this path")
}

/// Answers a method a path does not have.
pub(super) async fn method_not_allowed() -> Refusal {
    Refusal::new(
        RefusalCode::MethodNotAllowed,
        "this path does not answer this method; the Allow header names those it does",
    )
}

/// Answers for a handler that panicked.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over by value"
)]
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    Refusal::internal(format_args!(
        "a handler panicked: {}",
        said.unwrap_or("without a message")
    ))
    .into_response()
}
