//! The configuration of one proxy, checked.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use super::gateway::GatewayConfig;
use super::limits::Limits;
use super::origin::Origin;
use super::paces::Paces;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price_list::PriceList;

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
    /// The origins of the merchant's pages that may call the proxy. The proxy's own origin is always allowed.
    pub allowed_origins: Vec<Origin>,
    /// The SQLite file; made if it is not there.
    pub database: PathBuf,
    /// The directory with the built widget; without it the proxy serves no widget.
    pub assets: Option<PathBuf>,
    /// What a merchant's server proves itself with, at least [`SHORTEST_MERCHANT_KEY`] bytes.
    pub merchant_key: SecretString,
    /// The currencies of a checkout that names none itself.
    pub currencies: Offer,
    /// Where buyers of the price list are led.
    pub links: ShopLinks,
    /// What pages may sell by key.
    pub products: PriceList,
    /// The gateway behind the proxy.
    pub gateway: GatewayConfig,
    /// How often is asked.
    pub paces: Paces,
    /// What one client may take up.
    pub limits: Limits,
}
