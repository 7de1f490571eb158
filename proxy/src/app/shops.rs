//! All shops of one proxy, and how one is found: by its name, by a merchant's key, by the origin of a page.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;

use super::keyring::{Keyring, SharedKey, ShownKey};
use super::shop::Shop;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::origin::Origin;
use crate::config::{Config, ShopConfig};
use crate::limits::budget::Budget;
use crate::refusal::Refusal;

/// Why shops cannot be served together.
#[derive(Debug, thiserror::Error)]
pub enum ShopsError {
    /// There is none.
    #[error("no store is configured, so there is nothing to serve")]
    None,
    /// Two have one name.
    #[error("two stores are called `{0}`")]
    Name(ShopId),
    /// Two allow one origin, so that it could not be told whose page calls.
    #[error(
        "the origin {origin} is allowed by the stores `{one}` and `{other}`; it can belong to one only"
    )]
    Origin {
        /// The origin.
        origin: String,
        /// The first that allows it.
        one: ShopId,
        /// The second.
        other: ShopId,
    },
    /// Two have one merchant key.
    #[error(transparent)]
    Key(#[from] SharedKey),
    /// Two sign with one key, so that it could not be told whose invoice is signed.
    #[error("the stores `{one}` and `{other}` sign with one attestation key")]
    Signer {
        /// The first that has it.
        one: ShopId,
        /// The second.
        other: ShopId,
    },
    /// The gateway's settings of one do not make a connection.
    #[error("the gateway's settings of the store `{shop}` cannot be used: {reason}")]
    Gateway {
        /// The store.
        shop: ShopId,
        /// What is wrong with them.
        reason: calypso::Error,
    },
}

/// A checkout, a customer or an invoice belongs to a shop that this proxy was not configured with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store `{0}` is not configured in this proxy")]
pub(crate) struct UnknownShop(pub(crate) ShopId);

impl From<UnknownShop> for Refusal {
    fn from(error: UnknownShop) -> Self {
        Self::internal(error)
    }
}

/// The shops, at least one.
pub(crate) struct Shops {
    all: Vec<Arc<Shop>>,
    by_name: HashMap<ShopId, usize>,
    by_origin: HashMap<String, usize>,
    pub(super) keyring: Keyring,
}

impl Shops {
    /// Sets each of them up. A configuration that was read from a file has none of these mistakes; a program may have made its own.
    ///
    /// # Errors
    /// [`ShopsError`].
    pub(crate) fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Self, ShopsError> {
        let mut shops = Self {
            all: Vec::with_capacity(config.shops.len()),
            by_name: HashMap::new(),
            by_origin: HashMap::new(),
            keyring: Keyring::of(&config.shops)?,
        };
        let mut budgets: HashMap<(&Url, &str), Arc<Budget>> = HashMap::new();
        for one in &config.shops {
            let account = account(one);
            // What any of its shops says is not exceeded.
            let of_account = config
                .shops
                .iter()
                .filter(|shop| self::account(shop) == account);
            let most = of_account.map(|shop| shop.gateway.reads_per_minute).min();
            let most = most.unwrap_or(one.gateway.reads_per_minute);
            let budget = budgets
                .entry(account)
                .or_insert_with(|| Arc::new(Budget::per_minute(most, clock.monotonic())));
            let budget = Arc::clone(budget);
            let shop = Shop::new(one.clone(), clock, config.paces.rates, budget);
            let shop = shop.map_err(|reason| ShopsError::Gateway {
                shop: one.name.clone(),
                reason,
            })?;
            shops.add(shop, &config.public_url)?;
        }
        if shops.all.is_empty() {
            return Err(ShopsError::None);
        }
        Ok(shops)
    }

    fn add(&mut self, shop: Shop, own: &Origin) -> Result<(), ShopsError> {
        let (place, name) = (self.all.len(), shop.id().clone());
        if self.by_name.insert(name.clone(), place).is_some() {
            return Err(ShopsError::Name(name));
        }
        let origins = shop.config.allowed_origins.iter();
        // The proxy's own pages show the checkouts of every shop, whoever lists their origin.
        for origin in origins.filter(|origin| *origin != own) {
            let origin = origin.as_str().to_owned();
            let earlier = self.by_origin.insert(origin.clone(), place);
            // Naming an origin twice in one list is no mistake.
            if let Some(earlier) = earlier.filter(|earlier| *earlier != place) {
                let one = self.all[earlier].id().clone();
                return Err(ShopsError::Origin {
                    origin,
                    one,
                    other: name,
                });
            }
        }
        let signer = |shop: &Shop| {
            let attestation = shop.config.attestation.as_ref();
            attestation.map(|attestation| attestation.signer.public().clone())
        };
        let own = signer(&shop);
        let mut known = self.all.iter();
        if let Some(one) = known.find(|known| own.is_some() && signer(known) == own) {
            return Err(ShopsError::Signer {
                one: one.id().clone(),
                other: name,
            });
        }
        self.all.push(Arc::new(shop));
        Ok(())
    }

    /// Each of them, in the order of the configuration.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Shop>> {
        self.all.iter()
    }

    /// The first one, to which belongs what comes from the proxy's own pages.
    pub(crate) fn first(&self) -> &Arc<Shop> {
        &self.all[0]
    }

    /// The one with this name.
    ///
    /// # Errors
    /// [`UnknownShop`].
    pub(crate) fn get(&self, name: &ShopId) -> Result<&Arc<Shop>, UnknownShop> {
        let place = self.by_name.get(name);
        place
            .map(|place| &self.all[*place])
            .ok_or_else(|| UnknownShop(name.clone()))
    }

    /// The merchant key that this is.
    pub(crate) fn key(&self, given: &[u8]) -> Option<Arc<ShownKey>> {
        self.keyring.find(given)
    }

    /// The one whose pages have this origin.
    pub(crate) fn of_origin(&self, origin: &str) -> Option<&Arc<Shop>> {
        self.by_origin.get(origin).map(|place| &self.all[*place])
    }
}

/// A gateway account, which several shops may have.
fn account(shop: &ShopConfig) -> (&Url, &str) {
    (&shop.gateway.base_url, shop.gateway.account.as_str())
}
