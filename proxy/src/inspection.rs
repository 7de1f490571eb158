//! Looking at what a configuration names, without changing any of it: the database, the widget's files, the gateway, the port.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use crate::assets::{Assets, AssetsError};
use crate::checkouts::offer::Offer;
use crate::checkouts::shop_id::ShopId;
use crate::config::{DatabasePlace, GatewayConfig};
use crate::gateway::Gateway;
use crate::input::redacted;
use crate::store;

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
    /// Nothing can listen there.
    #[error("listen: {address}: {reason}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// What the operating system said.
        reason: std::io::Error,
    },
}

/// Looks at the database without making or changing it, and whether the stores that it has rows of are configured, where all names are
/// known.
///
/// # Errors
/// [`InspectionError::Database`].
pub async fn inspect_database(
    place: &DatabasePlace,
    stores: Option<&[ShopId]>,
) -> Result<String, InspectionError> {
    let wrong = |reason| InspectionError::Database {
        place: place.clone(),
        reason,
    };
    let found = store::inspect(place).await.map_err(wrong)?;
    let mut unknown = found
        .shops
        .iter()
        .filter(|name| stores.is_some_and(|stores| !stores.contains(name)));
    match unknown.next() {
        Some(name) => Err(wrong(not_configured(name))),
        None => Ok(format!("database: {}", found.said)),
    }
}

/// What is said of a store that the database has rows of, and the configuration has not.
pub(crate) fn not_configured(name: &ShopId) -> String {
    let hint = if name.is_default() {
        "rows that were written while the configuration had no [[stores]] belong to it: give the store that they are of `name = \"default\"`"
    } else {
        "what was paid to it has to be looked after: configure it again"
    };
    format!("the database has rows of the store `{name}`, which is not configured; {hint}")
}

/// Looks whether the widget's files are complete.
///
/// # Errors
/// [`InspectionError::Assets`].
pub fn inspect_assets(directory: Option<&Path>) -> Result<String, InspectionError> {
    let Some(directory) = directory else {
        return Ok("widget: not served, the key `assets` is not set".to_owned());
    };
    Assets::load(directory)?;
    Ok(format!("widget: {} is complete", redacted::path(directory)))
}

/// Asks the gateway two signed questions, which show that address, key, secret, account and clock are right.
///
/// # Errors
/// [`InspectionError::Gateway`], with the key to look at.
pub async fn inspect_gateway(
    config: &GatewayConfig,
    offered: &Offer,
) -> Result<String, InspectionError> {
    let gateway = Gateway::new(config).map_err(|error| InspectionError::Gateway {
        base_url: config.base_url.to_string(),
        reason: error.to_string(),
    })?;
    probe(&gateway, config, offered).await
}

/// Asks an open gateway.
///
/// # Errors
/// [`InspectionError::Gateway`].
pub(crate) async fn probe(
    gateway: &Gateway,
    config: &GatewayConfig,
    offered: &Offer,
) -> Result<String, InspectionError> {
    let probed = gateway.probe(config, offered).await;
    probed.map_err(|error| InspectionError::Gateway {
        base_url: config.base_url.to_string(),
        reason: error.to_string(),
    })
}

/// Looks whether the proxy could listen there.
///
/// # Errors
/// [`InspectionError::Listen`]; a port that is in use is no mistake, because a running proxy uses it.
pub fn inspect_listen(address: SocketAddr) -> Result<String, InspectionError> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("listen: {address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(format!(
            "listen: {address} is in use now, as it should be while this proxy runs; otherwise choose another in `listen`"
        )),
        Err(reason) => Err(InspectionError::Listen { address, reason }),
    }
}
