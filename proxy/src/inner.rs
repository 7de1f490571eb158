//! What all requests of one proxy share.

use std::sync::Arc;

use axum::http::{Extensions, HeaderMap};
use uuid::Uuid;

use crate::bounds::Bounds;
use crate::checkout_id::CheckoutId;
use crate::client::{Network, Peer};
use crate::clock::Clock;
use crate::config::Config;
use crate::customer::CustomerId;
use crate::gateway::Gateway;
use crate::http::assets::Assets;
use crate::merchant_key::MerchantKey;
use crate::network_mark::Marker;
use crate::places::Places;
use crate::rates::Rates;
use crate::readings::Readings;
use crate::refusal::Refusal;
use crate::retention::Retention;
use crate::single_flight::SingleFlight;
use crate::store::Store;

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) merchant_key: MerchantKey,
    pub(crate) assets: Assets,
    pub(crate) rates: Rates,
    pub(crate) readings: Readings,
    pub(crate) bounds: Bounds,
    /// Merchant keys that are being compared or answered slowly.
    pub(crate) wrong_keys: Places,
    pub(crate) places: Places,
    pub(crate) retention: Retention,
    pub(crate) marker: Marker,
    /// Readings on their way, by invoice. What they found is in the store.
    pub(crate) reading: SingleFlight<Uuid, bool>,
    /// Choices on their way, by checkout and currency.
    pub(crate) choosing: SingleFlight<(CheckoutId, &'static str), Result<(), Refusal>>,
    /// Customers being made at the gateway; each with its id there.
    pub(crate) customers: SingleFlight<CustomerId, Result<String, Refusal>>,
    /// The gateway's own widgets being found or made, by checkout.
    pub(crate) hosting: SingleFlight<CheckoutId, Result<(), Refusal>>,
}

impl Inner {
    /// The network a request comes from; `None` when that cannot be known.
    pub(crate) fn network(&self, about: &Extensions, headers: &HeaderMap) -> Option<Network> {
        let peer = about.get::<Peer>().copied();
        self.config.limits.topology.network(peer, headers)
    }
}
