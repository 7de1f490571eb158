//! What is counted of each request.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use checkout::RefusalCode;
use prometheus::{HistogramVec, IntCounterVec, IntGauge, Registry};

use super::made::{self, counters, gauge, seconds, show};
use crate::refusal::{Limit, Refusal};

/// What stands for a path that is none: strangers choose as many as they like.
pub(crate) const NO_ROUTE: &str = "(none)";

/// The meters of all requests. Cheap to clone; clones count together.
#[derive(Clone)]
pub(crate) struct RequestMeter {
    requests: IntCounterVec,
    seconds: HistogramVec,
    refusals: IntCounterVec,
    limits: IntCounterVec,
    under_way: IntGauge,
}

/// A request that is being answered, until this is dropped.
pub(crate) struct UnderWay<'a>(&'a IntGauge);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for RequestMeter {
    fn default() -> Self {
        let meter = Self {
            requests: counters(
                "http_requests_total",
                "Requests that were answered, by route, method and status. A poll is `GET /v1/checkouts/{id}`: 200 when there was news, 304 when not.",
                &["route", "method", "status"],
                None,
            ),
            seconds: seconds(
                "http_request_seconds",
                "How long it took until the head of an answer was there.",
                &["route"],
                None,
            ),
            refusals: counters(
                "http_refusals_total",
                "Requests that were refused or failed, by the code of the answer.",
                &["code"],
                None,
            ),
            limits: counters(
                "limits_hit_total",
                "Requests that were refused because there was too much of something, by which limit.",
                &["limit"],
                None,
            ),
            under_way: gauge(
                "http_requests_under_way",
                "Requests whose answer has not begun yet.",
            ),
        };
        for limit in Limit::ALL {
            meter.limits.with_label_values(&[limit.as_str()]);
        }
        for code in [
            RefusalCode::Internal,
            RefusalCode::StoreUnavailable,
            RefusalCode::GatewayUnavailable,
        ] {
            meter.refusals.with_label_values(&[code.as_str()]);
        }
        meter
    }
}

impl RequestMeter {
    /// Puts them on the page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.requests);
        show(registry, &self.seconds);
        show(registry, &self.refusals);
        show(registry, &self.limits);
        show(registry, &self.under_way);
    }

    /// A request begins.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        self.under_way.inc();
        UnderWay(&self.under_way)
    }

    /// A request was answered.
    pub(crate) fn answered(
        &self,
        route: &str,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        self.requests
            .with_label_values(&[route, word(method), status.as_str()])
            .inc();
        made::took(&self.seconds.with_label_values(&[route]), took);
    }

    /// A request was refused.
    pub(crate) fn refused(&self, refusal: &Refusal) {
        let code = refusal.code.as_str();
        self.refusals.with_label_values(&[code]).inc();
        if let Some(limit) = refusal.limit() {
            self.limits.with_label_values(&[limit.as_str()]).inc();
        }
    }
}

/// A method that this proxy answers; all others, of which a caller may think up any number, are one.
pub(crate) fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}
