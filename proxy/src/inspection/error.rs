//! What is wrong with something that a configuration names.

use std::net::SocketAddr;

use crate::assets::AssetsError;
use crate::config::DatabasePlace;
use crate::input::redacted;

/// What is wrong with something that a configuration names.
#[derive(Debug, thiserror::Error)]
pub enum InspectionError {
    /// The database cannot be used.
    #[error("database: {place}: {reason}")]
    Database {
        /// Where it is, without a password.
        place: DatabasePlace,
        /// What was expected and what is there.
        reason: String,
    },
    /// The widget's files are not complete.
    #[error("widget: `assets`: {0}")]
    Assets(#[from] AssetsError),
    /// The gateway does not take what the configuration says.
    #[error("gateway: {}: {reason}", redacted::value(base_url))]
    Gateway {
        /// Its address.
        base_url: String,
        /// What it answered, and which key to look at.
        reason: String,
    },
    /// This computer's clock and the gateway's differ.
    #[error("clock: {0}")]
    Clock(String),
    /// The gateway's webhooks do not come to this proxy.
    #[error("webhooks: {0}")]
    Webhooks(String),
    /// The merchant's server cannot be told of events.
    #[error("events: {url}: {reason}")]
    Events {
        /// Its address, without what may be a secret in it.
        url: String,
        /// What was expected and what came.
        reason: String,
    },
    /// Nothing can listen there.
    #[error("listen: {address}: {reason}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// What the operating system said.
        reason: std::io::Error,
    },
}
