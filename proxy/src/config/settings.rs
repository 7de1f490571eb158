//! The configuration of one proxy, checked.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::database::DatabasePlace;
use super::limits::Limits;
use super::operations::Operations;
use super::origin::Origin;
use super::paces::Paces;
use super::shop::ShopConfig;

/// The shortest merchant key that is accepted, in bytes.
pub const SHORTEST_MERCHANT_KEY: usize = 16;

/// The configuration of one proxy.
///
/// Read from a file by [`Config::load`], where `config.example.toml` documents every key; a program that embeds the proxy
/// may fill it in itself.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on. TLS is the business of whatever stands in front.
    pub listen: SocketAddr,
    /// The origin under which buyers reach this proxy; links to hosted pages begin with it.
    pub public_url: Origin,
    /// Where everything is remembered.
    pub database: DatabasePlace,
    /// The directory with the built widget; without it the proxy serves no widget.
    pub assets: Option<PathBuf>,
    /// The shops it serves, at least one. Pages of the proxy itself belong to the first.
    pub shops: Vec<ShopConfig>,
    /// How often is asked.
    pub paces: Paces,
    /// What one client may take up.
    pub limits: Limits,
    /// How it is watched.
    pub operations: Operations,
}
