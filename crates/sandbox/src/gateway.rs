//! The gateway's side: `/api/v1/…` as the gateway reference documents it.

mod check;
mod currency;
mod customer;
mod deposit;
mod error;
mod fault_bodies;
mod fault_middleware;
mod field;
mod filter;
mod invoice;
mod page;
mod problem;
mod rate;
mod webhook;
mod widget;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, post};

use crate::door::{Room, door};
use crate::sandbox::Sandbox;

use error::GatewayError;
use fault_middleware::note_and_strike;

/// Every endpoint of the gateway. All of them are logged and can be made to fail.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    let calls = Router::new()
        .route("/invoice", post(invoice::get))
        .route(
            "/invoice/single-fiat/create",
            post(invoice::create_single_fiat),
        )
        .route("/invoice/single/create", post(invoice::create_single))
        .route("/invoice/unlimited/create", post(invoice::create_unlimited))
        .route("/invoice/bound/create", post(invoice::create_bound))
        .route("/invoice/external", post(invoice::external))
        .route("/invoice/archive", post(invoice::archive))
        .route("/invoice/return-to-paid", post(invoice::return_to_paid))
        .route(
            "/invoice/close-intervention",
            post(invoice::close_intervention),
        )
        .route("/invoice/deposit-history", post(deposit::history))
        .route("/invoice/deposit", post(deposit::get))
        .route(
            "/payment-widget/single-fiat/create",
            post(widget::create_single_fiat),
        )
        .route(
            "/payment-widget/single-fiat/find",
            post(widget::find_single_fiat),
        )
        .route(
            "/payment-widget/unlimited-linked/create",
            post(widget::create_unlimited_linked),
        )
        .route(
            "/payment-widget/unlimited-linked/find",
            post(widget::find_unlimited_linked),
        )
        .route(
            "/subscription/webhook",
            post(webhook::list).delete(webhook::delete),
        )
        .route("/subscription/webhook/create", post(webhook::create))
        .route("/subscription/webhook/change", post(webhook::change))
        .route("/customer-purse/customer/create", post(customer::create))
        .route("/customer-purse/customer/update", post(customer::update))
        .route("/customer-purse/address/get", post(customer::address))
        .route(
            "/customer-purse/transaction/get",
            post(customer::transaction),
        )
        .route(
            "/customer-purse/transaction/find",
            post(customer::transactions),
        )
        .route("/rate", post(rate::crypto))
        .route("/rate/fiat", post(rate::fiat))
        .route("/currency", post(currency::list))
        .route("/{*path}", any(unknown))
        .method_not_allowed_fallback(unsupported);
    Router::new()
        .nest("/api/v1", calls)
        .layer(from_fn_with_state(sandbox.clone(), note_and_strike))
        .layer(from_fn_with_state((sandbox.clone(), Room::Gateway), door))
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
