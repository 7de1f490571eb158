//! Looking at what a configuration names, without changing any of it.

mod assets;
mod clock;
mod database;
mod error;
mod events;
mod gateway;
mod listen;
mod webhooks;

pub use assets::inspect_assets;
pub use clock::inspect_clock;
pub use database::inspect_database;
pub(crate) use database::not_configured;
pub use error::InspectionError;
pub use events::inspect_events;
pub use gateway::inspect_gateway;
pub(crate) use gateway::probe;
pub use listen::inspect_listen;
pub use webhooks::inspect_webhooks;
