//! What all requests of one proxy share.

use std::sync::Arc;

use uuid::Uuid;

use super::caller::Caller;
use super::following::hub::Hub;
use super::meter::AppMeter;
use super::outcome::Chosen;
use super::outcome::ReadOutcome;
use super::readiness::Readiness;
use super::shop::Shop;
use super::shops::{Shops, UnknownShop};
use super::showing::shown::LatelyShown;
use super::state_meter::StateMeter;
use super::webhooks::keys::WebhookKeys;
use super::webhooks::telling::Telling;
use crate::assets::Assets;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::Config;
use crate::courier::Courier;
use crate::gateway::freshness::Freshness;
use crate::input::network_mark::Marker;
use crate::limits::bounds::Bounds;
use crate::limits::page_checkouts::PageCheckouts;
use crate::limits::places::Places;
use crate::limits::push_places::PushPlaces;
use crate::limits::rush::Rush;
use crate::meters::page::Page;
use crate::meters::requests::RequestMeter;
use crate::refusal::Refusal;
use crate::single_flight::SingleFlight;
use crate::store::Store;

/// Everything that the acts work with.
pub(crate) struct App {
    /// The name that this run of the proxy has for itself, among those that share its database.
    pub(crate) run: Uuid,
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    pub(crate) shops: Shops,
    pub(crate) assets: Assets,
    pub(crate) freshness: Freshness,
    pub(crate) bounds: Bounds,
    /// Merchant keys that are being compared or answered slowly.
    pub(crate) wrong_keys: Places,
    pub(crate) places: Places,
    pub(crate) push_places: PushPlaces,
    /// What is being worked on for each shop.
    pub(crate) rush: Rush,
    pub(crate) lately_shown: LatelyShown,
    pub(crate) hub: Hub,
    pub(crate) page_checkouts: PageCheckouts,
    pub(crate) marker: Marker,
    /// What webhooks may be signed with.
    pub(crate) webhook_keys: WebhookKeys,
    pub(crate) telling: Telling,
    pub(crate) meter: AppMeter,
    pub(crate) requests: RequestMeter,
    /// All meters of this proxy.
    pub(crate) page: Page,
    pub(crate) state_meter: StateMeter,
    pub(crate) readiness: Readiness,
    /// Who carries events to the merchants' servers.
    pub(crate) courier: Courier,
    /// Readings on their way, by invoice. What they found is in the store.
    pub(crate) reads: SingleFlight<Uuid, ReadOutcome>,
    /// Choices on their way, by checkout and currency.
    pub(crate) choosing: SingleFlight<(CheckoutId, &'static str), Result<Chosen, Refusal>>,
    /// Customers being made at the gateway; each with its id there.
    pub(crate) customers: SingleFlight<CustomerId, Result<String, Refusal>>,
    /// The gateway's own widgets being found or made, by checkout.
    pub(crate) hosting: SingleFlight<CheckoutId, Result<(), Refusal>>,
}

impl App {
    /// The shop that a checkout, an invoice or a customer belongs to.
    ///
    /// # Errors
    /// [`UnknownShop`].
    pub(crate) fn shop(&self, name: &ShopId) -> Result<&Arc<Shop>, UnknownShop> {
        self.shops.get(name)
    }

    /// The shop in which a caller makes checkouts. A page of the proxy itself, and whoever names no origin, do so in the first.
    ///
    /// # Errors
    /// [`UnknownShop`].
    pub(crate) fn shop_of(&self, caller: &Caller) -> Result<&Arc<Shop>, UnknownShop> {
        match caller {
            Caller::Merchant(shop) | Caller::Page(shop) => self.shops.get(shop),
            Caller::Nobody => Ok(self.shops.first()),
        }
    }
}
