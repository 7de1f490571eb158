//! Everything the proxy is told before it starts. Values of these types have been checked.

mod check;
mod database;
mod database_tls;
mod draft;
mod environment;
mod error;
mod file;
mod gateway;
mod keys;
mod limits;
mod load;
pub(crate) mod merchant_key;
mod one_shop;
pub(crate) mod origin;
mod paces;
mod path;
mod place;
mod products;
mod secret;
mod service_links;
mod settings;
mod shared_keys;
mod shop;
mod stores;
mod values;
mod variables;
mod wiped;

pub use database::{DatabasePlace, PostgresPlace};
pub use draft::Draft;
pub use error::{ConfigError, ConfigErrors, Note};
pub use gateway::GatewayConfig;
pub use limits::Limits;
pub use load::Reading;
pub use paces::Paces;
pub use settings::{Config, SHORTEST_MERCHANT_KEY};
pub use shop::{ShopConfig, ShopDraft};
