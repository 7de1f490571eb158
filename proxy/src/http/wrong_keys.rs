//! Whoever sends many wrong merchant keys or signatures is answered slowly, and only so many of them at a time. A merchant elsewhere is never held up.

use std::time::Duration;

use super::app_state::AppState;
use crate::input::client::Network;
use crate::limits::places::Place;
use crate::refusal::{Limit, Refusal};

/// How long the answer to one wrong key too many takes.
const PAUSE: Duration = Duration::from_millis(500);
/// How many keys of one network are compared or answered slowly at the same time.
const PLACES: usize = 32;

/// A key or a signature that may be wrong, while it is looked at. A right one is let through at once. A wrong one is answered with
/// `rate_limited`, after a pause, when too many have come from the same network; and any at once, without being compared, while [`PLACES`] of
/// that network wait. Guessing in parallel is no faster then.
///
/// Where the network is not known, strangers and the merchant look alike, so there every key is compared.
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
    .by(Limit::WrongKeys)
}
