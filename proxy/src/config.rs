//! Everything the proxy is told before it starts. Values of these types have been checked.

mod check;
mod draft;
mod environment;
mod error;
mod file;
mod gateway;
mod keys;
mod limits;
pub(crate) mod merchant_key;
pub(crate) mod origin;
mod place;
mod products;
mod secret;
mod service_links;
mod shop;
mod values;
mod variables;
mod wiped;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use calypso::Credentials;
use checkout::{Pace, Phase};
use secrecy::SecretString;
use url::Url;

use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price_list::PriceList;
use crate::config::origin::Origin;
use crate::input::client::Topology;
use environment::Environment;
use place::Place;
use values::Values;

pub use draft::Draft;
pub use error::{ConfigError, ConfigErrors, Note};

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

/// How to reach the gateway, and as whom.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// The API's base, `https://api.calypso.finance`; plain http only for this computer.
    pub base_url: Url,
    /// The base of the gateway's own pages, `https://pay.calypso.finance`; without it no link to them can be made.
    pub pay_url: Option<Url>,
    /// The merchant's account id.
    pub account: String,
    /// The public key and the secret requests are signed with.
    pub credentials: Credentials,
    /// How long one gateway call may take.
    pub timeout: Duration,
}

/// How often a buyer's page is told to ask, by phase; and how often the proxy looks by itself.
///
/// The gateway is read at most once per pace (less half a second) and invoice, however many pages ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paces {
    /// While the buyer has not chosen a currency.
    pub choosing: Duration,
    /// While a payment is awaited, also the rest of an underpaid one.
    pub awaiting: Duration,
    /// While a payment is on its way: detected, reviewed, paid but not yet credited.
    pub moving: Duration,
    /// When nothing more is expected, or only the merchant can move it on.
    pub settled: Duration,
    /// How often the proxy reads open invoices nobody looks at.
    pub watch: Duration,
    /// How long exchange rates for estimates are used.
    pub rates: Duration,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            choosing: Duration::from_millis(5_000),
            awaiting: Duration::from_millis(3_000),
            moving: Duration::from_millis(2_000),
            settled: Duration::from_millis(30_000),
            watch: Duration::from_secs(30),
            rates: Duration::from_secs(60),
        }
    }
}

impl Paces {
    /// After how long a page that shows this phase should ask again.
    pub(crate) fn of(&self, phase: Phase) -> Duration {
        match phase.pace() {
            Pace::Choosing => self.choosing,
            Pace::Awaiting => self.awaiting,
            Pace::Moving => self.moving,
            Pace::Settled => self.settled,
        }
    }
}

/// Bounds on what one client, and all of them together, may take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections held open at the same time. A new one makes those end whose clients keep it waiting longest, one in 64.
    pub connections: usize,
    /// Connections one network of clients may hold open at the same time.
    pub connections_per_network: usize,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long a client may take next to nothing of an answer.
    pub write_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// How long open requests may go on after the proxy was told to stop.
    pub drain: Duration,
    /// What stands in front of the proxy, which says how clients are told apart.
    pub topology: Topology,
    /// Checkouts that pages in one network may make in an hour, a tenth of them at once; 0 is no limit.
    pub network_checkouts_per_hour: u32,
    /// Choices of a currency that pages in one network may make in an hour, a tenth of them at once; 0 is no limit.
    pub network_choices_per_hour: u32,
    /// Checkouts that pages may make of one product in an hour, a tenth of them at once; then only networks that have made less than an
    /// equal part make more, at most as many again. 0 is no limit.
    pub product_checkouts_per_hour: u32,
    /// Invoices that pages may have the gateway make in an hour, for all checkouts of theirs together, a tenth of them at once; then only
    /// networks that have had less than an equal part made, at most as many again. 0 is no limit.
    pub invoices_per_hour: u32,
    /// Invoices of one checkout that wait for a payment at the same time.
    pub invoices_per_checkout: usize,
    /// Checkouts made by pages that are open at the same time; beyond that those without an invoice are deleted, and no more are made when
    /// all have one. As many that have expired, and are not watched any more, are kept.
    pub open_checkouts: u32,
    /// Days after which a checkout that a page made, that has expired and that never saw money is deleted with its invoices.
    pub unpaid_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            body_bytes: 64 * 1024,
            drain: Duration::from_secs(10),
            connections_per_network: 256,
            write_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            topology: Topology::Unknown,
            network_checkouts_per_hour: 600,
            network_choices_per_hour: 600,
            product_checkouts_per_hour: 7_200,
            invoices_per_hour: 3_600,
            invoices_per_checkout: 6,
            open_checkouts: 100_000,
            unpaid_days: 30,
        }
    }
}

/// What was read: the configuration or everything that is wrong with it, and what is worth knowing besides.
#[derive(Debug)]
pub struct Reading {
    /// The configuration, or all of its mistakes.
    pub config: Result<Config, ConfigErrors>,
    /// The parts that can be used, to be looked at even when others cannot.
    pub draft: Draft,
    /// Remarks and dangers.
    pub notes: Vec<Note>,
}

impl Config {
    /// Reads a TOML file, then the environment variables `CALYPSO_PROXY_…` over it (`__` for the dot: `gateway.base_url` is
    /// `CALYPSO_PROXY_GATEWAY__BASE_URL`), and checks every value. Relative paths count from the file's directory.
    ///
    /// # Errors
    /// [`ConfigErrors`]: every mistake there is, each with the key and where it was set.
    pub fn load(path: &Path) -> Result<Self, ConfigErrors> {
        Self::read(path).config
    }

    /// Like [`Config::load`], with the environment given as pairs of name and value.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn load_with(
        path: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let environment = environment
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self::read_in(path, &Environment::of(environment)).config
    }

    /// Like [`Config::load`], with what is worth knowing besides.
    #[must_use]
    pub fn read(path: &Path) -> Reading {
        Self::read_in(path, &Environment::of_process())
    }

    fn read_in(path: &Path, environment: &Environment) -> Reading {
        let name: Arc<str> = path.display().to_string().into();
        let mut values = Values::new(Place::File(Arc::clone(&name)));
        let has_keys = match file::text(path) {
            Ok(text) => file::read(&name, &text, &mut values),
            Err(error) => {
                values.errors.push(error);
                false
            }
        };
        environment.read(&mut values);
        let base = path.parent().unwrap_or(Path::new(""));
        let draft = if has_keys {
            check::checked(&mut values, base, environment)
        } else {
            // Without the file every key would be missing, which is not what is wrong.
            Draft::default()
        };
        let mut notes = values.notes;
        notes.extend(check::remarks(&draft));
        let config = match (draft.clone().whole(), values.errors) {
            (Some(config), errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(ConfigErrors::new(errors)),
        };
        Reading {
            config,
            draft,
            notes,
        }
    }
}
