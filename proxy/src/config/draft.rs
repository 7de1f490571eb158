//! A configuration as far as it can be used: what is wrong is left out, what is right can be looked at all the same.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::database::DatabasePlace;
use super::limits::Limits;
use super::operations::Operations;
use super::paces::Paces;
use super::settings::Config;
use super::shop::ShopDraft;
use crate::config::origin::Origin;

/// The parts of a [`Config`], each `None` where something is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// [`Config::listen`].
    pub listen: Option<SocketAddr>,
    /// [`Config::public_url`].
    pub public_url: Option<Origin>,
    /// [`Config::database`].
    pub database: Option<DatabasePlace>,
    /// [`Config::assets`].
    pub assets: Option<Option<PathBuf>>,
    /// [`Config::shops`].
    pub shops: Vec<ShopDraft>,
    /// [`Config::paces`].
    pub paces: Paces,
    /// [`Config::limits`].
    pub limits: Limits,
    /// [`Config::operations`].
    pub operations: Operations,
}

impl Draft {
    /// The whole, if no part is missing.
    pub(super) fn whole(self) -> Option<Config> {
        Some(Config {
            listen: self.listen?,
            public_url: self.public_url?,
            database: self.database?,
            assets: self.assets?,
            shops: self
                .shops
                .into_iter()
                .map(ShopDraft::whole)
                .collect::<Option<_>>()?,
            paces: self.paces,
            limits: self.limits,
            operations: self.operations,
        })
    }
}
