//! Subscribing to the gateway's webhooks: the keys of a subscription are kept where whoever takes its deliveries finds them.

use std::sync::Arc;

use calypso::webhook::Webhook;
use url::Url;
use uuid::Uuid;

use crate::app::shops::UnknownShop;
use crate::app::state::App;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::subscription::Subscription;
use crate::store::StoreError;

/// Why a subscription could not be made, listed or ended.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The gateway refused or did not answer.
    #[error(
        "the gateway did not do it: {0}; do it again, which finds what has become of it and never doubles it"
    )]
    Gateway(#[from] calypso::Error),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such shop.
    #[error("{0}")]
    Shop(String),
    /// The gateway has given it no keys, as it gave old ones none.
    #[error(
        "the gateway names no keys for the subscription {0}, so nobody could tell its deliveries from forged ones: remove it with \
         `webhook remove --id {0}` and register again"
    )]
    NoKeys(Uuid),
}

impl From<UnknownShop> for SubscribeError {
    fn from(error: UnknownShop) -> Self {
        Self::Shop(error.to_string())
    }
}

/// A subscription, as the operator is told of it. It has no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscribed {
    /// The gateway's name of it.
    pub id: String,
    /// Where its deliveries go.
    pub url: String,
    /// Whether the gateway has it.
    pub is_at_gateway: bool,
    /// Whether this proxy has its keys, and takes its deliveries.
    pub is_taken: bool,
    /// What the gateway says about having blocked it after too many errors, as it wrote it; `None` where it has not.
    pub blocked: Option<String>,
}

impl App {
    /// Subscribes to webhooks at `url`, and keeps the keys. One to this address that is there already is changed to what a new one would
    /// be, unless `with_new_keys`: then another one is made beside it. One of another shop with this account is left to that shop, which may
    /// end it without asking this one.
    ///
    /// # Errors
    /// [`SubscribeError`]. Doing it again takes up where it stopped.
    pub(crate) async fn subscribe(
        self: &Arc<Self>,
        shop: &ShopId,
        url: &Url,
        with_new_keys: bool,
    ) -> Result<Uuid, SubscribeError> {
        let gateway = &self.shop(shop)?.gateway;
        let there = self.webhooks_of(shop).await?;
        let found = there
            .iter()
            .filter(|webhook| !with_new_keys && is_to(&webhook.url, url))
            .filter_map(|webhook| Some((Uuid::try_parse(&webhook.request_id).ok()?, webhook)))
            .max_by_key(|(id, webhook)| (webhook.public_key.is_some(), webhook.created, *id));
        let (id, webhook) = match found {
            None => {
                let id = Uuid::new_v4();
                (id, gateway.subscribe(id, url.clone()).await?)
            }
            Some((id, listed)) => {
                let changed = gateway.subscribe_again(id, url.clone()).await?;
                let has_keys = changed.public_key.is_some() && changed.secret_key.is_some();
                (id, if has_keys { changed } else { listed.clone() })
            }
        };
        let Webhook {
            public_key: Some(public_key),
            secret_key: Some(secret),
            ..
        } = webhook
        else {
            return Err(SubscribeError::NoKeys(id));
        };
        let subscription = Subscription {
            shop: shop.clone(),
            id,
            url: url.as_str().to_owned(),
            public_key,
            secret,
            kept_at: self.clock.now(),
        };
        self.store.keep_subscription(subscription).await?;
        self.webhook_keys.forget();
        Ok(id)
    }

    /// Every subscription of a shop: those its account has at the gateway and that are no other shop's, and those whose keys are kept although
    /// the gateway has them no more.
    ///
    /// # Errors
    /// [`SubscribeError`].
    pub(crate) async fn subscribed(
        self: &Arc<Self>,
        shop: &ShopId,
    ) -> Result<Vec<Subscribed>, SubscribeError> {
        let mut kept = self.kept(shop).await?;
        let mut all = Vec::new();
        for webhook in self.webhooks_of(shop).await? {
            let place = kept
                .iter()
                .position(|kept| kept.id.to_string() == webhook.request_id);
            let taken = place.map(|place| kept.remove(place));
            all.push(Subscribed {
                is_taken: taken.is_some_and(|taken| Some(taken.public_key) == webhook.public_key),
                blocked: webhook.blocked().map(str::to_owned),
                id: webhook.request_id,
                url: webhook.url,
                is_at_gateway: true,
            });
        }
        all.extend(kept.into_iter().map(|gone| Subscribed {
            id: gone.id.to_string(),
            url: gone.url,
            is_at_gateway: false,
            is_taken: true,
            blocked: None,
        }));
        Ok(all)
    }

    /// Ends the subscription `id` at the gateway, and forgets its keys. `false` when neither side had it.
    ///
    /// # Errors
    /// [`SubscribeError`]. Doing it again takes up where it stopped.
    pub(crate) async fn unsubscribe(
        self: &Arc<Self>,
        shop: &ShopId,
        id: Uuid,
    ) -> Result<bool, SubscribeError> {
        let was_there = self.shop(shop)?.gateway.unsubscribe(id).await?;
        let was_kept = self.store.forget_subscription(shop.clone(), id).await?;
        self.webhook_keys.forget();
        Ok(was_there || was_kept)
    }

    /// What a shop's account has at the gateway, without what another shop of this proxy has subscribed to.
    async fn webhooks_of(&self, shop: &ShopId) -> Result<Vec<Webhook>, SubscribeError> {
        let all = self.store.subscriptions().await?;
        let is_others = |webhook: &Webhook| {
            let is_it = |kept: &Subscription| kept.id.to_string() == webhook.request_id;
            let mut kept = all.iter().filter(|kept| is_it(kept));
            let is_own = kept.clone().any(|kept| kept.shop == *shop);
            !is_own && kept.next().is_some()
        };
        let mut there = self.shop(shop)?.gateway.webhooks().await?;
        there.retain(|webhook| !is_others(webhook));
        Ok(there)
    }

    async fn kept(&self, shop: &ShopId) -> Result<Vec<Subscription>, StoreError> {
        let all = self.store.subscriptions().await?;
        let of_shop = all.into_iter().filter(|kept| kept.shop == *shop);
        Ok(of_shop.collect())
    }
}

/// Whether a subscription's address is this one, however it is written.
fn is_to(written: &str, url: &Url) -> bool {
    Url::parse(written).is_ok_and(|written| written == *url)
}
