//! The merchant keys of all shops, looked up without telling by time how much of one was right.

use std::sync::{Arc, PoisonError, RwLock};

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::checkouts::shop_id::ShopId;
use crate::config::{Scope, ShopConfig};

/// A key that somebody has shown: whose it is, and what it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownKey {
    pub(crate) shop: ShopId,
    /// Its name in the configuration.
    pub(crate) name: String,
    pub(crate) scope: Scope,
}

/// A key by its digest. Digests have one length, so a comparison says nothing about a key's.
struct Known {
    digest: [u8; 32],
    key: Arc<ShownKey>,
}

/// Two shops have one merchant key, so that it could not be told whose server calls.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stores `{one}` and `{other}` have a merchant key in common")]
pub struct SharedKey {
    /// The first that has it.
    pub one: ShopId,
    /// The second.
    pub other: ShopId,
}

/// The keys that count now. They can be exchanged while requests are served: each request finds all of the old or all of the new ones.
pub(crate) struct Keyring(RwLock<Arc<Vec<Known>>>);

impl Keyring {
    /// The keys of these shops.
    ///
    /// # Errors
    /// [`SharedKey`].
    pub(super) fn of(shops: &[ShopConfig]) -> Result<Self, SharedKey> {
        Ok(Self(RwLock::new(Arc::new(known(shops)?))))
    }

    /// Takes other keys in the place of those there are.
    pub(super) fn exchange(&self, new: Self) {
        let new = new.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// The key that this is. How long it takes depends on the number of keys alone.
    pub(super) fn find(&self, given: &[u8]) -> Option<Arc<ShownKey>> {
        let given = digest(given);
        let known = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        let mut found = u64::MAX;
        for (place, one) in (0_u64..).zip(known.iter()) {
            found.conditional_assign(&place, one.digest.ct_eq(&given));
        }
        let place = usize::try_from(found).ok()?;
        known.get(place).map(|one| Arc::clone(&one.key))
    }
}

fn known(shops: &[ShopConfig]) -> Result<Vec<Known>, SharedKey> {
    let mut all: Vec<Known> = Vec::new();
    for shop in shops {
        for (name, scope, secret) in shop.merchant_keys() {
            let digest = digest(secret.expose_secret().as_bytes());
            let mut others = all.iter().filter(|one| one.key.shop != shop.name);
            if let Some(other) = others.find(|one| one.digest == digest) {
                return Err(SharedKey {
                    one: other.key.shop.clone(),
                    other: shop.name.clone(),
                });
            }
            let key = Arc::new(ShownKey {
                shop: shop.name.clone(),
                name: name.to_owned(),
                scope,
            });
            all.push(Known { digest, key });
        }
    }
    Ok(all)
}

fn digest(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}
