//! A configuration as far as it can be used: what is wrong is left out, what is right can be looked at all the same.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use super::gateway::GatewayConfig;
use super::limits::Limits;
use super::paces::Paces;
use super::settings::Config;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price_list::PriceList;
use crate::config::origin::Origin;

/// The parts of a [`Config`], each `None` where something is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// [`Config::listen`].
    pub listen: Option<SocketAddr>,
    /// [`Config::public_url`].
    pub public_url: Option<Origin>,
    /// [`Config::allowed_origins`].
    pub allowed_origins: Option<Vec<Origin>>,
    /// [`Config::database`].
    pub database: Option<PathBuf>,
    /// [`Config::assets`].
    pub assets: Option<Option<PathBuf>>,
    /// [`Config::merchant_key`].
    pub merchant_key: Option<SecretString>,
    /// [`Config::currencies`].
    pub currencies: Option<Offer>,
    /// [`Config::links`].
    pub links: Option<ShopLinks>,
    /// [`Config::products`].
    pub products: Option<PriceList>,
    /// [`Config::gateway`].
    pub gateway: Option<GatewayConfig>,
    /// [`Config::paces`].
    pub paces: Paces,
    /// [`Config::limits`].
    pub limits: Limits,
}

impl Draft {
    /// The whole, if no part is missing.
    pub(super) fn whole(self) -> Option<Config> {
        Some(Config {
            listen: self.listen?,
            public_url: self.public_url?,
            allowed_origins: self.allowed_origins?,
            database: self.database?,
            assets: self.assets?,
            merchant_key: self.merchant_key?,
            currencies: self.currencies?,
            links: self.links?,
            products: self.products?,
            gateway: self.gateway?,
            paces: self.paces,
            limits: self.limits,
        })
    }
}
