//! Whoever sends many wrong merchant keys or signatures is answered slowly, and only so many of them at a time. A merchant elsewhere is never held up.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::caller::caller;
use super::extract::Client;
use crate::input::client::Network;
use crate::limits::places::Place;
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
    let guess = match Guess::begin(&app, network) {
        Ok(guess) => guess,
        Err(refusal) => return refusal.into_response(),
    };
    if caller(request.headers(), &app.shops).is_ok() {
        drop(guess);
        return next.run(request).await;
    }
    let response = next.run(request).await;
    let wrong = response
        .extensions()
        .get::<Refusal>()
        .filter(|refusal| refusal.code == RefusalCode::MerchantKeyWrong);
    match wrong {
        None => response,
        Some(refusal) => {
            let refusal = refusal.clone();
            guess.was_wrong(&app, refusal).await.into_response()
        }
    }
}

/// A key or a signature that may be wrong, while it is looked at.
pub(super) struct Guess {
    network: Option<Network>,
    place: Option<Place>,
}

impl Guess {
    /// Begins to look at one.
    ///
    /// # Errors
    /// `rate_limited` while [`PLACES`] of this network are being looked at or answered slowly.
    pub(super) fn begin(app: &AppState, network: Option<Network>) -> Result<Self, Refusal> {
        let place = app.wrong_keys.take(network, PLACES);
        if place.is_none() && network.is_some() {
            return Err(too_many(PAUSE));
        }
        Ok(Self { network, place })
    }

    /// It was wrong: `refusal`; or `rate_limited`, after a pause, when too many have come from the same network.
    pub(super) async fn was_wrong(self, app: &AppState, refusal: Refusal) -> Refusal {
        let Err(wait) = app.bounds.wrong_key(self.network) else {
            return refusal;
        };
        if self.place.is_some() {
            tokio::time::sleep(PAUSE).await;
        }
        too_many(wait)
    }
}

fn too_many(wait: Duration) -> Refusal {
    Refusal::too_often(
        "too many wrong merchant keys came from this network; wait, or call from another one",
        wait,
    )
}
