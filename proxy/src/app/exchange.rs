//! Keys are exchanged while requests are served.

use std::sync::Arc;

use super::keyring::{Keyring, SharedKey};
use super::shop::Shop;
use super::shops::Shops;
use crate::checkouts::shop_id::ShopId;
use crate::config::ShopConfig;
use crate::gateway::Gateway;

/// Why the keys of another configuration cannot take the place of those that count. Those stay.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Stores have come, gone, or have other names: more has to change than keys.
    #[error("the configuration has other stores than this proxy was started with: restart it")]
    OtherStores,
    /// A store has another account.
    #[error(
        "the store `{0}` has another gateway account than this proxy was started with: restart it"
    )]
    OtherAccount(ShopId),
    /// Two stores would have one merchant key.
    #[error(transparent)]
    Shared(#[from] SharedKey),
    /// The gateway's settings of one do not make a connection.
    #[error("the gateway's settings of the store `{shop}` cannot be used: {reason}")]
    Gateway {
        /// The store.
        shop: ShopId,
        /// What is wrong with them.
        reason: calypso::Error,
    },
}

impl Shops {
    /// Takes the keys and secrets of these shops in the place of those that count: all of them, or none. A request that has begun goes on with
    /// what it began with.
    ///
    /// # Errors
    /// [`ExchangeError`].
    pub(crate) fn exchange_keys(&self, new: &[ShopConfig]) -> Result<(), ExchangeError> {
        let mut pairs: Vec<(&Arc<Shop>, &ShopConfig, Gateway)> = Vec::new();
        for config in new {
            let shop = self.get(&config.name);
            let shop = shop.map_err(|_| ExchangeError::OtherStores)?;
            if !shop.is_the_same_account(config) {
                return Err(ExchangeError::OtherAccount(config.name.clone()));
            }
            let gateway = Gateway::new(&config.gateway, config.name.as_str());
            let gateway = gateway.map_err(|reason| ExchangeError::Gateway {
                shop: config.name.clone(),
                reason,
            })?;
            pairs.push((shop, config, gateway));
        }
        if pairs.len() != self.iter().count() {
            return Err(ExchangeError::OtherStores);
        }
        self.keyring.exchange(Keyring::of(new)?);
        for (shop, config, gateway) in pairs {
            shop.exchange(config, gateway);
        }
        Ok(())
    }
}
