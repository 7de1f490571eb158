//! The gateway's side: `/api/v1/…` as the gateway reference documents it.

mod check;
mod error;
mod field;
mod invoice;
mod rate;
mod widget;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, post};

use crate::faults::strike::strike;
use crate::sandbox::Sandbox;

pub(crate) use error::GatewayError;

/// Every endpoint of the gateway. All of them are logged and can be made to fail.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    Router::new()
        .route(
            "/api/v1/invoice/single-fiat/create",
            post(invoice::create_single_fiat).fallback(unsupported),
        )
        .route("/api/v1/invoice", post(invoice::get).fallback(unsupported))
        .route(
            "/api/v1/payment-widget/single-fiat/create",
            post(widget::create_single_fiat).fallback(unsupported),
        )
        .route(
            "/api/v1/payment-widget/single-fiat/find",
            post(widget::find_single_fiat).fallback(unsupported),
        )
        .route("/api/v1/rate", post(rate::crypto).fallback(unsupported))
        .route("/api/v1/rate/fiat", post(rate::fiat).fallback(unsupported))
        .route("/api/v1/{*path}", any(unknown))
        .layer(from_fn_with_state(sandbox.clone(), strike))
        .with_state(sandbox.clone())
}

/// Every documented call is a POST; anything else is refused like other bad input.
async fn unsupported(method: axum::http::Method) -> GatewayError {
    GatewayError::method_not_supported(&method)
}

/// Paths the sandbox does not have, some of which the gateway does (gateway reference §2.22).
async fn unknown(State(_): State<Sandbox>) -> GatewayError {
    GatewayError::NotFound("Path")
}
