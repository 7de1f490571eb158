//! One of the shops that the proxy serves, with its own connection to its gateway account.

use std::sync::Arc;
use std::time::Duration;

use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::ShopConfig;
use crate::config::merchant_key::MerchantKeys;
use crate::gateway::Gateway;
use crate::gateway::rates::Rates;

/// What every act of a shop's checkouts works with. Nothing of it is shared with another shop.
pub(crate) struct Shop {
    pub(crate) config: ShopConfig,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) rates: Rates,
    pub(super) keys: MerchantKeys,
}

impl Shop {
    /// Sets the connection up; nothing is called yet.
    ///
    /// # Errors
    /// When the gateway's settings do not make a connection.
    pub(super) fn new(
        config: ShopConfig,
        clock: &Arc<dyn Clock>,
        pace_of_rates: Duration,
    ) -> Result<Self, calypso::Error> {
        let gateway = Arc::new(Gateway::new(&config.gateway)?);
        Ok(Self {
            keys: MerchantKeys::new(&config.merchant_key, config.previous_merchant_key.as_ref()),
            rates: Rates::new(Arc::clone(&gateway), Arc::clone(clock), pace_of_rates),
            gateway,
            config,
        })
    }

    /// Its name.
    pub(crate) fn id(&self) -> &ShopId {
        &self.config.name
    }
}
