//! Whoever sends many wrong merchant keys is answered slowly, and only so many of them at a time. A merchant elsewhere is never held up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::ErrorCode;

use super::caller::Caller;
use crate::client::Network;
use crate::inner::Inner;
use crate::refusal::Refusal;
use crate::single_flight::lock;

/// How long the answer to one wrong key too many takes.
const PAUSE: Duration = Duration::from_millis(500);
/// How many keys of one network are compared or answered slowly at the same time.
const PLACES: usize = 32;

/// The places that are taken, by network; those of no known network share theirs.
#[derive(Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<Option<Network>, usize>>>);

/// A place, free again when this is dropped.
struct Place {
    taken: Arc<Mutex<HashMap<Option<Network>, usize>>>,
    network: Option<Network>,
}

impl Places {
    /// A place of this network, if one is free.
    fn take(&self, network: Option<Network>) -> Option<Place> {
        let mut taken = lock(&self.0);
        let count = taken.entry(network).or_default();
        if *count >= PLACES {
            return None;
        }
        *count += 1;
        Some(Place {
            taken: Arc::clone(&self.0),
            network,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(count) = taken.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

/// Lets a right key through at once. Answers a wrong one with `rate_limited`, after a pause, when too many have come from the same
/// network; and any at once, without comparing it, while [`PLACES`] of that network wait. Guessing in parallel is no faster then.
///
/// Where the network is not known, strangers and the merchant look alike, so there every key is compared.
pub(super) async fn slow_down(
    State(inner): State<Arc<Inner>>,
    request: Request,
    next: Next,
) -> Response {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    let network = inner.network(request.extensions(), request.headers());
    let place = inner.wrong_keys.take(network);
    if place.is_none() && network.is_some() {
        return too_many(PAUSE);
    }
    if Caller::of(request.headers(), &inner.merchant_key).is_ok() {
        drop(place);
        return next.run(request).await;
    }
    let response = next.run(request).await;
    let is_wrong = response
        .extensions()
        .get::<Refusal>()
        .is_some_and(|refusal| refusal.code == ErrorCode::MerchantKeyWrong);
    if !is_wrong {
        return response;
    }
    let Err(wait) = inner.bounds.wrong_key(network) else {
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

#[cfg(test)]
mod tests {
    use super::{Network, PLACES, Places};

    fn network(address: &str) -> Option<Network> {
        Some(Network::of(address.parse().unwrap()))
    }

    #[test]
    fn each_network_has_its_own_places_and_gets_them_back() {
        let places = Places::default();
        let networks = [network("203.0.113.7"), network("198.51.100.7"), None];
        let mut taken = Vec::new();
        for network in networks {
            for _ in 0..PLACES {
                taken.push(places.take(network).expect("a place"));
            }
            assert!(places.take(network).is_none());
        }
        let neighbour = network("203.0.113.99");
        assert!(places.take(neighbour).is_none(), "of the same network");
        drop(taken.pop());
        let again = places.take(None);
        assert!(again.is_some());
        assert!(places.take(None).is_none());
        drop((taken, again));
        assert!(places.0.lock().unwrap().is_empty(), "nothing is kept");
    }
}
