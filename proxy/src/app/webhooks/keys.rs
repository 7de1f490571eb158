//! With which keys deliveries may be signed: as they are stored, remembered for a moment.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use calypso::webhook::{Delivery, Verifier, WebhookError};
use uuid::Uuid;

use crate::checkouts::shop_id::ShopId;
use crate::lock::lock;
use crate::store::{Store, StoreError};

/// How long the stored keys are remembered. As long a subscription that another process has removed is still taken.
const REMEMBERED: Duration = Duration::from_secs(10);
/// How often at most they are read again because a delivery names a key that is not among them.
const AGAIN: Duration = Duration::from_secs(1);

/// The shop and the id of each subscription, and what its deliveries are verified with.
type Keys = Arc<Vec<(ShopId, Uuid, Verifier)>>;

/// A delivery and the shops it was signed for; or why it is none, with the shop if it was signed all the same.
type Verified = Result<(Vec<ShopId>, Delivery), (Option<ShopId>, WebhookError)>;

/// The keys that were read last, and when, on the monotonic clock.
#[derive(Default)]
pub(crate) struct WebhookKeys(Mutex<Option<(Duration, Keys)>>);

impl WebhookKeys {
    /// Checks who has signed a delivery, in constant time over the bytes as they came, and only then reads it. `now` is on the monotonic
    /// clock.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub(crate) async fn verify(
        &self,
        store: &Store,
        now: Duration,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Verified, StoreError> {
        let first = verified(&self.of(store, REMEMBERED, now).await?, headers, body);
        match first {
            // Another process may have made a subscription just now.
            Err((_, WebhookError::UnknownKey)) => {
                Ok(verified(&self.of(store, AGAIN, now).await?, headers, body))
            }
            first => Ok(first),
        }
    }

    /// Forgets them, so that they are read again.
    pub(in crate::app) fn forget(&self) {
        *lock(&self.0) = None;
    }

    /// The keys as they were stored no longer than `age` before `now`.
    async fn of(&self, store: &Store, age: Duration, now: Duration) -> Result<Keys, StoreError> {
        let known = lock(&self.0).clone();
        if let Some((at, keys)) = known
            && now.saturating_sub(at) < age
        {
            return Ok(keys);
        }
        let stored = store.subscriptions().await?;
        let keys = stored.into_iter().map(|known| {
            let verifier = Verifier::new().with(known.public_key, known.secret);
            (known.shop, known.id, verifier)
        });
        let keys: Keys = Arc::new(keys.collect());
        *lock(&self.0) = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }
}

/// Whose delivery it is: of the subscriptions whose key signed it, the one that it names. Where it names none of them, it is every one's: no
/// document says that each subscription of an account has keys of its own (gateway reference §8), and each shop finds only what it owns.
fn verified(keys: &[(ShopId, Uuid, Verifier)], headers: &HeaderMap, body: &[u8]) -> Verified {
    let mut best = WebhookError::UnknownKey;
    let mut signed: Option<Delivery> = None;
    let mut owners: Vec<(&ShopId, &Uuid)> = Vec::new();
    for (shop, id, verifier) in keys {
        match verifier.verify(headers, body) {
            Ok(delivery) => {
                signed = Some(delivery);
                owners.push((shop, id));
            }
            Err(WebhookError::UnknownKey) => {}
            // Signed: no other subscription needs to be asked.
            Err(error @ WebhookError::NotADelivery(_)) => return Err((Some(shop.clone()), error)),
            Err(error) => best = error,
        }
    }
    let Some(delivery) = signed else {
        return Err((None, best));
    };
    let named = delivery.subscription.as_deref();
    let named = named.and_then(|named| Uuid::try_parse(named).ok());
    if owners.iter().any(|(_, id)| Some(**id) == named) {
        owners.retain(|(_, id)| Some(**id) == named);
    }
    let mut shops: Vec<ShopId> = owners.into_iter().map(|(shop, _)| shop.clone()).collect();
    shops.sort_unstable();
    shops.dedup();
    Ok((shops, delivery))
}
