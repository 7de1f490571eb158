//! The proxy as a whole: opened once, then serving and watching.

use std::sync::Arc;

use axum::Router;
use checkout::wire::{EventListView, EventView};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::app::{
    App, AppMeter, Audit, Delivered, EventsAsked, EventsError, ExchangeError, Follower, Hub,
    LatelyShown, Readiness, Reconciled, Round, Scope, Shops, ShopsError, StateMeter,
    SubscribeError, Subscribed, Telling, Told, WebhookKeys,
};
use crate::assets::{Assets, AssetsError};
use crate::checkouts::delivery::Named;
use crate::checkouts::event::EventId;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::origin::Origin;
use crate::courier::Courier;
use crate::gateway::freshness::Freshness;
use crate::http::{metrics, router};
use crate::input::network_mark::Marker;
use crate::inspection::{self, InspectionError};
use crate::limits::bounds::Bounds;
use crate::limits::page_checkouts::PageCheckouts;
use crate::limits::places::{Looker, Places};
use crate::limits::push_places::PushPlaces;
use crate::limits::rush::Rush;
use crate::meters::page::Page;
use crate::meters::requests::RequestMeter;
use crate::refusal::Refusal;
use crate::single_flight::SingleFlight;
use crate::store::{Books, Store, StoreError};

/// A proxy with its store open. Cheap to clone; the store closes with the last clone.
#[derive(Clone)]
pub struct Proxy {
    app: Arc<App>,
}

/// Why a proxy cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be opened or brought up to date.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The directory with the widget is not complete.
    #[error(transparent)]
    Assets(#[from] AssetsError),
    /// The database holds checkouts of a shop that is not configured: nobody would look after them any more.
    #[error("{}", inspection::not_configured(.0))]
    UnknownShop(ShopId),
    /// The shops cannot be served together.
    #[error(transparent)]
    Shops(#[from] ShopsError),
}

impl Proxy {
    /// Opens the store, reads the widget's files and sets up the connection to the gateway, without calling it.
    ///
    /// # Errors
    /// [`OpenError`], which names the file or key at fault.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let shops = Shops::open(&config, &clock)?;
        let assets = config
            .assets
            .as_deref()
            .map_or_else(|| Ok(Assets::none()), Assets::load)?;
        let store = Store::open(&config.database).await?;
        let stored = store.shops().await?;
        if let Some(unknown) = stored.into_iter().find(|name| shops.get(name).is_err()) {
            return Err(OpenError::UnknownShop(unknown));
        }
        let app = App {
            run: Uuid::new_v4(),
            freshness: Freshness::default(),
            page_checkouts: PageCheckouts::default(),
            marker: Marker::new(),
            webhook_keys: WebhookKeys::default(),
            telling: Telling::default(),
            meter: AppMeter::default(),
            requests: RequestMeter::default(),
            page: Page::new(),
            state_meter: StateMeter::default(),
            readiness: Readiness::default(),
            courier: Courier::new(),
            places: Places::default(),
            lately_shown: LatelyShown::default(),
            hub: Hub::default(),
            push_places: PushPlaces::new(&config.limits, config.shops.len()),
            rush: Rush::new(&config.limits),
            bounds: Bounds::new(&config.limits, &clock),
            wrong_keys: Places::default(),
            reads: SingleFlight::new(),
            choosing: SingleFlight::new(),
            customers: SingleFlight::new(),
            hosting: SingleFlight::new(),
            assets,
            shops,
            store,
            clock,
            config,
        };
        app.show_meters();
        Ok(Self { app: Arc::new(app) })
    }

    /// All HTTP of the proxy, with every check on the way in and out. It answers every path, unknown ones with `not_found`.
    pub fn router(&self) -> Router {
        router::router(Arc::clone(&self.app))
    }

    /// Has the meters say what becomes of traces.
    #[cfg(feature = "otlp")]
    pub fn show_traces(&self, traces: &crate::traces::TraceSender) {
        traces.show(self.app.page.registry());
    }

    /// The HTTP of the operator's listener: `/metrics`, and whether the proxy is well.
    pub fn metrics_router(&self) -> Router {
        metrics::router(Arc::clone(&self.app))
    }

    /// Reads open invoices nobody looks at, round after round, until `shutdown` is cancelled.
    pub async fn watch(&self, shutdown: CancellationToken) {
        Arc::clone(&self.app).watch(shutdown).await;
    }

    /// One such round.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; a gateway that fails is counted in the round.
    pub async fn watch_once(&self) -> Result<Round, StoreError> {
        self.app
            .watch_once()
            .await
            .map_err(|refusal| StoreError::Refused(refusal.cause.unwrap_or(refusal.message)))
    }

    /// Tells the merchants' servers everything that is to be told now: what time has brought, and every event that is due, until none is.
    ///
    /// # Errors
    /// [`StoreError`] when the store refuses; a target that fails is counted.
    pub async fn tell_once(&self) -> Result<Told, StoreError> {
        self.app.tell_once().await
    }

    /// Events of a shop for its merchant, the newest first.
    ///
    /// # Errors
    /// [`EventsError`].
    pub async fn events(
        &self,
        shop: &ShopId,
        asked: &EventsAsked,
    ) -> Result<EventListView, EventsError> {
        Ok(self.app.event_list(shop.clone(), asked).await?)
    }

    /// Has an event of a shop sent again from the beginning of the schedule, by whoever serves this database.
    ///
    /// # Errors
    /// [`EventsError`].
    pub async fn replay_event(&self, shop: &ShopId, id: &str) -> Result<EventView, EventsError> {
        let id = EventId::parse(id).ok_or_else(Refusal::no_event)?;
        Ok(self.app.replay_event(shop, id).await?)
    }

    /// Takes in what the gateway says now about an invoice of which it has just told that it changed, by a reading that begins after this
    /// call. `gateway_id` is the id of the invoice at the gateway of this shop.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; then the gateway should tell it again.
    pub async fn invoice_has_changed(
        &self,
        shop: &ShopId,
        gateway_id: &str,
    ) -> Result<Delivered, StoreError> {
        let subject = Named::Invoice(gateway_id.to_owned());
        self.app.deliver(shop, &subject).await
    }

    /// Where the gateway reaches this proxy with webhooks, by its public address.
    #[must_use]
    pub fn webhook_url(&self) -> Url {
        webhook_url(&self.config().public_url)
    }

    /// Subscribes a shop to its gateway's webhooks at `url`, and keeps the keys where every proxy on this database finds them. One to this address that is there
    /// already is only brought up to date, unless `with_new_keys`: then another one is made beside it, and deliveries of both are taken.
    ///
    /// # Errors
    /// [`SubscribeError`]. Doing it again takes up where it stopped.
    pub async fn subscribe(
        &self,
        shop: &ShopId,
        url: &Url,
        with_new_keys: bool,
    ) -> Result<Uuid, SubscribeError> {
        self.app.subscribe(shop, url, with_new_keys).await
    }

    /// Every subscription of a shop to webhooks, the gateway's and this proxy's.
    ///
    /// # Errors
    /// [`SubscribeError`].
    pub async fn subscribed(&self, shop: &ShopId) -> Result<Vec<Subscribed>, SubscribeError> {
        self.app.subscribed(shop).await
    }

    /// Ends a subscription of a shop at its gateway, and forgets its keys. `false` when neither side had it.
    ///
    /// # Errors
    /// [`SubscribeError`]. Doing it again takes up where it stopped.
    pub async fn unsubscribe(&self, shop: &ShopId, id: Uuid) -> Result<bool, SubscribeError> {
        self.app.unsubscribe(shop, id).await
    }

    /// Follows one checkout: its buyer's view at once, and anew whenever it changes or one of its deadlines passes. `None` when `id` is no
    /// checkout's id.
    #[must_use]
    pub fn follow(&self, id: &str) -> Option<Follower> {
        let id = CheckoutId::parse(id).ok()?;
        Some(Follower::new(Arc::clone(&self.app), id, Looker::Counted))
    }

    /// Takes the keys and secrets of another configuration in the place of those that count: merchant keys, those that order tokens and events are
    /// signed with, and the gateway's. Nothing else of it is taken. A request that has begun goes on with what it began with.
    ///
    /// # Errors
    /// [`ExchangeError`]; then all of them stay as they are.
    pub fn exchange_keys(&self, config: &Config) -> Result<(), ExchangeError> {
        self.app.shops.exchange_keys(&config.shops)
    }

    /// How much is stored of each kind of thing.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn books(&self) -> Result<Books, StoreError> {
        self.app.store.books().await
    }

    /// Looks through all books, without asking the gateway: whether each history can be true, and ends with what is kept. Changes made
    /// meanwhile make it look again.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn audit(&self) -> Result<Audit, StoreError> {
        self.app.audit().await
    }

    /// Compares the books with the gateways: reads each invoice of the scope and each customer again, one call at a time, and names what differs.
    /// What is new by it is taken in.
    ///
    /// # Errors
    /// [`StoreError`] when the store refuses; a gateway that fails is in what was not read.
    pub async fn reconcile(&self, scope: &Scope) -> Result<Reconciled, StoreError> {
        self.app.reconcile(scope).await
    }

    /// The configuration it was opened with.
    pub fn config(&self) -> &Config {
        &self.app.config
    }

    /// Asks each shop's gateway two signed questions, which show that address, key, secret, account and clock are right. One answer for
    /// each shop, in the order of the configuration; [`InspectionError::Gateway`] is what a gateway answered, without any secret.
    pub async fn probe(&self) -> Vec<(ShopId, Result<String, InspectionError>)> {
        // All at once: a gateway that does not answer keeps nobody waiting for the others.
        let asked: Vec<_> = self
            .app
            .shops
            .iter()
            .map(|shop| {
                let shop = Arc::clone(shop);
                tokio::spawn(async move {
                    let config = &shop.config;
                    inspection::probe(&shop.gateway, &config.gateway, &config.currencies).await
                })
            })
            .collect();
        let mut answers = Vec::with_capacity(asked.len());
        for (shop, asked) in self.app.shops.iter().zip(asked) {
            let answer = asked.await.unwrap_or_else(|error| {
                Err(InspectionError::Gateway {
                    base_url: shop.config.gateway.base_url.to_string(),
                    reason: error.to_string(),
                })
            });
            answers.push((shop.id().clone(), answer));
        }
        answers
    }
}

/// Where the gateway reaches a proxy with webhooks whose public address is this.
#[must_use]
pub fn webhook_url(public_url: &Origin) -> Url {
    let url = format!("{}/webhooks/calypso", public_url.as_str());
    Url::parse(&url).expect("an origin and a path make a URL")
}
