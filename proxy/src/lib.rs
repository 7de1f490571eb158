//! The signing proxy: it keeps the gateway's secret on the merchant's side, decides the price, and remembers.
//!
//! [`Proxy::open`] takes a [`Config`] and a [`Clock`]; [`Proxy::router`] answers HTTP, [`Proxy::watch`] looks after invoices nobody
//! looks at, and [`serve()`] accepts connections with the time limits a public server needs.
//!
//! What the buyer's browser may do is small: see a checkout whose id it has, pick a currency the merchant offers, make a checkout
//! from the price list. Everything that decides money comes from the merchant's server or from the configuration.

mod app;
mod assets;
mod checkouts;
mod clock;
mod config;
mod courier;
mod gateway;
mod http;
mod input;
mod inspection;
mod limits;
mod lock;
mod log;
mod meters;
mod proxy;
mod reading;
mod refusal;
mod request_id;
mod sandbox_clock;
mod signer;
mod single_flight;
mod spans;
mod store;
#[cfg(feature = "otlp")]
mod traces;

pub use app::{
    Audit, Compared, Delivered, Difference, EventsAsked, EventsError, ExchangeError, Follower,
    LedgerSum, Reconciled, Round, Scope, SharedKey, ShopsError, Shown, SubscribeError, Subscribed,
    Told,
};
pub use assets::AssetsError;
pub use checkouts::links::ShopLinks;
pub use checkouts::offer::Offer;
pub use checkouts::price::Price;
pub use checkouts::price_list::{PriceList, Product};
pub use checkouts::shop_id::{ShopId, ShopIdError};
pub use clock::{Clock, SystemClock};
pub use config::origin::{Origin, OriginError, is_loopback};
pub use config::{
    AttestationConfig, Config, ConfigError, ConfigErrors, DatabasePlace, Draft, EventSecret,
    EventSecretError, EventTarget, EventTargetError, EventUrlError, GatewayConfig, Limits,
    MerchantKey, Note, Operations, OrderAlgorithm, OrderTokens, Paces, PostgresPlace, Reading,
    RequestLines, SHORTEST_MERCHANT_KEY, Scope as KeyScope, ShopConfig, ShopDraft,
};
pub use courier::{
    Attempted, Courier, DeliveryFailure, LookedUp, Message, Names, SystemNames, schedule,
};
pub use http::serve::{listen, serve};
pub use input::address_space::{AllowedNetworkError, AllowedNetworks, Forbidden};
pub use input::client::Topology;
pub use input::forwarded::ForwardedHeader;
pub use inspection::{
    InspectionError, inspect_assets, inspect_clock, inspect_database, inspect_events,
    inspect_gateway, inspect_listen, inspect_webhooks,
};
pub use log::{LOG_FIELDS, LogField, LogFormat, LogLines, is_written};
pub use proxy::{OpenError, Proxy, webhook_url};
pub use sandbox_clock::{SandboxClock, SandboxClockError, in_step};
pub use signer::{Signer, SignerError, kid, written};
pub use store::{
    BackedUp, BackupError, Books, Copied, CopyError, Migrated, StoreError, backup, copy, migrate,
};
#[cfg(feature = "otlp")]
pub use traces::{TraceSender, TracesError};
