//! What every request passes: its name, its measure, and the one shape of every error.

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
use tracing::Instrument;

use super::headers::protect;
use super::quiet_log::QuietLog;
use super::request_line::Line;
use crate::config::{Limits, RequestLines};
use crate::input::client::{Peer, Topology};
use crate::input::forwarded::ForwardedHeader;
use crate::meters::requests::{self, NO_ROUTE, RequestMeter};
use crate::refusal::Refusal;
use crate::request_id::RequestId;
use crate::spans;

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

/// What every request passes on its way in and out.
pub(super) struct Finish {
    meter: RequestMeter,
    topology: Topology,
    believed: ForwardedHeader,
    lines: RequestLines,
    quiet: QuietLog,
}

impl Finish {
    pub(super) fn new(meter: RequestMeter, limits: &Limits, lines: RequestLines) -> Self {
        Self {
            meter,
            topology: limits.topology.clone(),
            believed: limits.forwarded_header,
            lines,
            quiet: QuietLog::default(),
        }
    }

    /// The name of a request: what a proxy in front calls it, whose log can then be read beside this one; a new one for everybody else, who
    /// could otherwise hide among the lines of others.
    fn id(&self, request: &Request) -> RequestId {
        let peer = peer_of(request);
        request
            .headers()
            .get(REQUEST_ID)
            .filter(|_| peer.is_some_and(|peer| self.topology.is_proxy(peer)))
            .and_then(|given| RequestId::given(given.as_bytes()))
            .unwrap_or_else(RequestId::new)
    }
}

fn peer_of(request: &Request) -> Option<Peer> {
    request.extensions().get::<Peer>().copied()
}

/// Names the request, turns a refusal into its JSON, measures it and writes one line about it, and adds the headers that protect.
pub(super) async fn finish(
    State(finish): State<Arc<Finish>>,
    request: Request,
    next: Next,
) -> Response {
    let (id, begun) = (finish.id(&request), Instant::now());
    let method = request.method().clone();
    // The route, not the path: a checkout's id opens it, so it is not written into logs.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    let network = finish
        .topology
        .network(peer_of(&request), request.headers(), finish.believed);
    let meter = &finish.meter;
    let under_way = meter.begin();
    let span = spans::request(id.as_str(), requests::word(&method), route);
    let mut response = id.during(next.run(request).instrument(span.clone())).await;
    drop(under_way);
    let refusal = response.extensions_mut().remove::<Refusal>();
    if let Some(refusal) = &refusal {
        meter.refused(refusal);
        response = shape(response, refusal, id.as_str());
    }
    let (status, took) = (response.status(), begun.elapsed());
    meter.answered(route, &method, status, took);
    let code = refusal.as_ref().map(|refusal| refusal.code.as_str());
    spans::answered(&span, status.as_u16(), code);
    let line = Line {
        id,
        method: requests::word(&method),
        route,
        status: status.as_u16(),
        network,
        took,
    };
    line.write(refusal.as_ref(), finish.lines, &finish.quiet);
    let value = HeaderValue::from_str(id.as_str()).expect("plain ASCII makes a header value");
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, value);
    protect(headers);
    response
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
