//! Asking the gateway whether it takes what the configuration says.

use super::InspectionError;
use crate::checkouts::offer::Offer;
use crate::config::GatewayConfig;
use crate::gateway::Gateway;

/// Asks the gateway two signed questions, which show that address, key, secret, account and clock are right.
///
/// # Errors
/// [`InspectionError::Gateway`], with the key to look at.
pub async fn inspect_gateway(
    config: &GatewayConfig,
    offered: &Offer,
) -> Result<String, InspectionError> {
    let gateway = Gateway::new(config, "check").map_err(|error| InspectionError::Gateway {
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
