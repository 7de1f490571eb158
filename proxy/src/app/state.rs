//! What all requests of one proxy share.

use std::sync::Arc;

use uuid::Uuid;

use super::outcome::Chosen;
use super::outcome::ReadOutcome;
use crate::assets::Assets;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::id::CheckoutId;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::merchant_key::MerchantKey;
use crate::gateway::Gateway;
use crate::gateway::freshness::Freshness;
use crate::gateway::rates::Rates;
use crate::input::network_mark::Marker;
use crate::limits::bounds::Bounds;
use crate::limits::page_checkouts::PageCheckouts;
use crate::limits::places::Places;
use crate::refusal::Refusal;
use crate::single_flight::SingleFlight;
use crate::store::Store;

/// Everything that the acts work with.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) merchant_key: MerchantKey,
    pub(crate) assets: Assets,
    pub(crate) rates: Rates,
    pub(crate) freshness: Freshness,
    pub(crate) bounds: Bounds,
    /// Merchant keys that are being compared or answered slowly.
    pub(crate) wrong_keys: Places,
    pub(crate) places: Places,
    pub(crate) page_checkouts: PageCheckouts,
    pub(crate) marker: Marker,
    /// Readings on their way, by invoice. What they found is in the store.
    pub(crate) reads: SingleFlight<Uuid, ReadOutcome>,
    /// Choices on their way, by checkout and currency.
    pub(crate) choosing: SingleFlight<(CheckoutId, &'static str), Result<Chosen, Refusal>>,
    /// Customers being made at the gateway; each with its id there.
    pub(crate) customers: SingleFlight<CustomerId, Result<String, Refusal>>,
    /// The gateway's own widgets being found or made, by checkout.
    pub(crate) hosting: SingleFlight<CheckoutId, Result<(), Refusal>>,
}
