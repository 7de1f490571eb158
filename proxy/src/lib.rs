//! The signing proxy: it keeps the gateway's secret on the merchant's side, decides the price, and remembers.
//!
//! [`Proxy::open`] takes a [`Config`] and a [`Clock`]; [`Proxy::router`] answers HTTP, [`Proxy::watch`] looks after invoices nobody
//! looks at, and [`serve()`] accepts connections with the time limits a public server needs.
//!
//! What the buyer's browser may do is small: see a checkout whose id it has, pick a currency the merchant offers, make a checkout
//! from the price list. Everything that decides money comes from the merchant's server or from the configuration.

mod alarm;
mod allowance;
mod apply;
mod bounds;
mod checkout;
mod checkout_id;
mod choosing;
mod client;
mod clock;
mod config;
mod customer;
mod deposit;
mod gateway;
mod hosted_widget;
mod http;
mod inner;
mod inspection;
mod invoice;
mod json;
mod links;
mod merchant_key;
mod merchant_view;
mod network_mark;
mod offer;
mod origin;
mod places;
mod price;
mod price_list;
mod proxy;
mod purpose;
mod quote;
mod rates;
mod reading;
mod readings;
mod receiving;
mod refresh;
mod refusal;
mod retention;
mod sandbox_clock;
mod serve;
mod shares;
mod single_flight;
mod store;
mod text;
mod throttle;
mod turns;
mod unsound;
mod view;
mod visible;
mod watch;
mod watch_customers;

pub use client::Topology;
pub use clock::{Clock, SystemClock};
pub use config::{
    Config, ConfigError, ConfigErrors, Draft, GatewayConfig, Limits, Note, Paces, Reading,
    SHORTEST_MERCHANT_KEY,
};
pub use http::assets::AssetsError;
pub use inspection::{
    InspectionError, inspect_assets, inspect_database, inspect_gateway, inspect_listen,
};
pub use links::ShopLinks;
pub use offer::Offer;
pub use origin::{Origin, OriginError};
pub use price::Price;
pub use price_list::{PriceList, Product};
pub use proxy::{OpenError, Proxy};
pub use sandbox_clock::{SandboxClock, SandboxClockError, in_step};
pub use serve::{listen, serve};
pub use store::StoreError;
pub use watch::Round;
