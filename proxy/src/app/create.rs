//! A checkout is made: once for each key, however often it is asked for.

use std::sync::Arc;

use checkout::wire::CheckoutView;
use checkout::{Phase, RefusalCode};

use super::state::App;
use crate::checkouts::checkout::{Checkout, Order};
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::snapshot::Snapshot;
use crate::input::client::Network;
use crate::limits::places::Looker;
use crate::refusal::Refusal;

/// Who asks for a checkout, and under which key.
pub(crate) struct Asker {
    pub(crate) key: Option<IdempotencyKey>,
    /// The network of the page that asks, where it is known.
    pub(crate) network: Option<Network>,
    pub(crate) looker: Looker,
}

impl App {
    /// The checkout that the same request has made before, as it is now. `None` when its key is new, or it has none.
    ///
    /// # Errors
    /// `idempotency_key_reused` when the key belongs to a request with another body; `store_unavailable`.
    pub(crate) async fn made_before(
        self: &Arc<Self>,
        asker: &Asker,
    ) -> Result<Option<(Snapshot, CheckoutView)>, Refusal> {
        let Some(key) = asker.key.clone() else {
            return Ok(None);
        };
        match self.store.answered(key).await? {
            None => Ok(None),
            Some(answered) => self.replay(answered, asker.looker).await.map(Some),
        }
    }

    /// Makes the checkout of an order. When a twin of the request was quicker, its checkout is the one.
    ///
    /// # Errors
    /// `expiry_in_past`, `expiry_too_far`; `rate_limited` for a page; `store_unavailable`.
    pub(crate) async fn create(
        self: &Arc<Self>,
        order: Order,
        asker: Asker,
    ) -> Result<(Snapshot, CheckoutView), Refusal> {
        let mut checkout = Checkout::new(order, self.clock.now())?;
        if let Some(product) = &checkout.product {
            self.bounds
                .new_checkout(asker.network, &checkout.shop, product)?;
            self.count_checkout(&checkout.shop, checkout.created_at)
                .await?;
            checkout.network = asker.network.map(|network| self.marker.of(network));
        }
        let snapshot = Snapshot::new(checkout);
        let view = self.view(&snapshot).await?;
        let checkout = snapshot.checkout.clone();
        let shop = checkout.shop.clone();
        match asker.key {
            None => self.store.add_checkout(checkout).await?,
            Some(key) => {
                let own = Answered::Same(checkout.id);
                let answered = self.store.add_checkout_once(checkout, key).await?;
                if answered != own {
                    return self.replay(answered, asker.looker).await;
                }
            }
        }
        self.meter.entered(&shop, Phase::Choosing);
        Ok((snapshot, view))
    }

    async fn replay(
        self: &Arc<Self>,
        answered: Answered,
        looker: Looker,
    ) -> Result<(Snapshot, CheckoutView), Refusal> {
        let Answered::Same(id) = answered else {
            return Err(Refusal::new(
                RefusalCode::IdempotencyKeyReused,
                "this Idempotency-Key belongs to a request with another body; use a new key for a new checkout",
            ));
        };
        self.meter.replayed();
        let mut snapshot = self.stored(id).await?;
        if self.refresh(&snapshot, looker).await? {
            snapshot = self.stored(id).await?;
        }
        let view = self.view(&snapshot).await?;
        Ok((snapshot, view))
    }
}
