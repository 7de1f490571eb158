//! The control side: `/sandbox/v1/…`, by which tests and the panel make things happen.

mod clock;
mod deposits;
mod error;
mod faults;
mod invoices;
mod rates;
mod requests;
mod scenario;
mod state;
mod webhooks;
mod widgets;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use crate::door::{Room, door};
use crate::sandbox::Sandbox;

use error::ControlError;

/// Every call of the control side, for programs of this computer and the panel only.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    Router::new()
        .route(
            "/sandbox/v1/deposits",
            post(deposits::create).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/deposits/{id}",
            post(deposits::advance).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/clock",
            get(clock::show).post(clock::advance).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/rates",
            get(rates::list)
                .post(rates::fix)
                .delete(rates::free)
                .fallback(unsupported),
        )
        .route(
            "/sandbox/v1/faults",
            get(faults::list)
                .post(faults::add)
                .delete(faults::clear)
                .fallback(unsupported),
        )
        .route(
            "/sandbox/v1/scenario",
            get(scenario::show)
                .post(scenario::play)
                .delete(scenario::end)
                .fallback(unsupported),
        )
        .route(
            "/sandbox/v1/invoices/{id}/accept",
            post(invoices::accept).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/invoices/{id}/refund",
            post(invoices::refund).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/requests",
            get(requests::list).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/widgets/{key}/choose",
            post(widgets::choose).fallback(unsupported),
        )
        .route("/sandbox/v1/state", get(state::show).fallback(unsupported))
        .route("/sandbox/v1/reset", post(reset).fallback(unsupported))
        .route(
            "/sandbox/v1/webhooks",
            get(webhooks::list).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/webhooks/{name}/unblock",
            post(webhooks::unblock).fallback(unsupported),
        )
        .route(
            "/sandbox/v1/webhooks/{name}/dialect",
            get(webhooks::dialect)
                .post(webhooks::set_dialect)
                .fallback(unsupported),
        )
        .route("/sandbox/v1/{*path}", any(unknown))
        .layer(from_fn_with_state((sandbox.clone(), Room::Control), door))
        .with_state(sandbox.clone())
}

async fn reset(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.reset();
    StatusCode::NO_CONTENT
}

async fn unsupported(method: Method, uri: Uri) -> ControlError {
    ControlError::MethodNotAllowed {
        method: method.to_string(),
        path: uri.path().to_owned(),
    }
}

async fn unknown(uri: Uri) -> ControlError {
    ControlError::NotFound(uri.path().to_owned())
}
