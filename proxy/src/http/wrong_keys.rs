//! Whoever sends many wrong merchant keys is answered slowly, and only so many of them at a time. A merchant elsewhere is never held up.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::caller::caller;
use super::extract::Client;
use crate::refusal::Refusal;

/// How long the answer to one wrong key too many takes.
const PAUSE: Duration = Duration::from_millis(500);
/// How many keys of one network are compared or answered slowly at the same time.
const PLACES: usize = 32;

/// Lets a right key through at once. Answers a wrong one with `rate_limited`, after a pause, when too many have come from the same
/// network; and any at once, without comparing it, while [`PLACES`] of that network wait. Guessing in parallel is no faster then.
///
/// Where the network is not known, strangers and the merchant look alike, so there every key is compared.
pub(super) async fn slow_down(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    let Client(network) = Client::of(&app, request.extensions(), request.headers());
    let place = app.wrong_keys.take(network, PLACES);
    if place.is_none() && network.is_some() {
        return too_many(PAUSE);
    }
    if caller(request.headers(), &app.shops).is_ok() {
        drop(place);
        return next.run(request).await;
    }
    let response = next.run(request).await;
    let is_wrong = response
        .extensions()
        .get::<Refusal>()
        .is_some_and(|refusal| refusal.code == RefusalCode::MerchantKeyWrong);
    if !is_wrong {
        return response;
    }
    let Err(wait) = app.bounds.wrong_key(network) else {
        return response;
    };
    if place.is_some() {
        tokio::time::sleep(PAUSE).await;
    }
    too_many(wait)
}

fn too_many(wait: Duration) -> Response {
    Refusal::too_often(
        "too many wrong merchant keys came from this network; wait, or call from another one",
        wait,
    )
    .into_response()
}
