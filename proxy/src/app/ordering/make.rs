//! A signed order becomes a checkout: one, however often and wherever its token is shown.

use std::sync::Arc;

use checkout::RefusalCode;
use checkout::wire::CheckoutView;

use super::claims::SignedOrder;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::input::client::Network;
use crate::limits::places::Looker;
use crate::refusal::Refusal;

impl App {
    /// The checkout of the order that a token says. It is made at the first time, and found at every later one, also when the token's time is over
    /// by then.
    ///
    /// # Errors
    /// `order_tokens_not_configured`, `order_token_malformed`, `order_token_wrong`, `order_token_expired`; `order_changed` when there is a checkout
    /// of the order at another price; `rate_limited`, `store_unavailable`.
    pub(crate) async fn checkout_of_token(
        self: &Arc<Self>,
        shop: &Shop,
        token: &str,
        network: Option<Network>,
        looker: Looker,
    ) -> Result<(Snapshot, CheckoutView), Refusal> {
        let now = self.clock.now();
        let signed = shop.order_tokens.read(token, shop.id(), now)?;
        let known = self
            .store
            .checkout_of_order(shop.id().clone(), signed.id.clone());
        if let Some(id) = known.await? {
            return self.checkout_of_order(id, &signed, looker).await;
        }
        if signed.until <= now {
            return Err(Refusal::new(
                RefusalCode::OrderTokenExpired,
                format!(
                    "the order token was good until {}, it is {now}",
                    signed.until
                ),
            ));
        }
        self.bounds.new_order(network, shop.id())?;
        self.count_checkout(shop.id(), now).await?;
        let config = &shop.config;
        let order = signed
            .clone()
            .into_order(shop.id(), &config.currencies, &config.links, now);
        let mut checkout = Checkout::new(order, now)?;
        checkout.network = network.map(|network| self.marker.of(network));
        let snapshot = Snapshot::new(checkout);
        let view = self.view(&snapshot).await?;
        let own = snapshot.checkout.id;
        let stored = self.store.add_checkout_of_order(snapshot.checkout.clone());
        let id = stored.await?;
        if id != own {
            // Somebody else has shown it at the same time.
            return self.checkout_of_order(id, &signed, looker).await;
        }
        Ok((snapshot, view))
    }

    /// The checkout of an order as it is now.
    async fn checkout_of_order(
        self: &Arc<Self>,
        id: CheckoutId,
        signed: &SignedOrder,
        looker: Looker,
    ) -> Result<(Snapshot, CheckoutView), Refusal> {
        let mut snapshot = self.stored(id).await?;
        let is_same = snapshot.checkout.purpose.price().is_some_and(|price| {
            price.amount() == signed.price.amount() && price.currency() == signed.price.currency()
        });
        if !is_same {
            return Err(Refusal::new(
                RefusalCode::OrderChanged,
                "there is a checkout of this order at another price; an order whose price changes needs another `order`",
            ));
        }
        if self.refresh(&snapshot, looker).await? {
            snapshot = self.stored(id).await?;
        }
        let view = self.view(&snapshot).await?;
        Ok((snapshot, view))
    }
}
