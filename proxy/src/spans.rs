//! The spans of a trace: a request, its work in the database, its calls to the gateway. They have a target of their own, so that they are made
//! only where traces are sent somewhere: without a collector one costs the look at a flag.

use tracing::Span;
use tracing::field::Empty;

/// The target of every span, and of nothing else.
pub(crate) const TARGET: &str = "calypso_proxy::trace";

/// A request, by its route: the path may hold what opens a checkout.
pub(crate) fn request(id: &str, method: &str, route: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "request",
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request_id = id,
        code = Empty,
        otel.status_code = Empty,
    )
}

/// A request was answered.
pub(crate) fn answered(span: &Span, status: u16, code: Option<&str>) {
    span.record("http.response.status_code", status);
    if let Some(code) = code {
        span.record("code", code);
    }
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A call to the gateway.
pub(crate) fn gateway(call: &'static str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "gateway",
        otel.kind = "client",
        call,
        outcome = Empty,
        otel.status_code = Empty,
    )
}

/// A call to the gateway has ended.
pub(crate) fn ended(span: &Span, outcome: &'static str, has_failed: bool) {
    span.record("outcome", outcome);
    if has_failed {
        span.record("otel.status_code", "ERROR");
    }
}

/// Work in the database.
pub(crate) fn database(work: &'static str) -> Span {
    tracing::info_span!(target: TARGET, "database", otel.kind = "client", work)
}
