//! Rows of `subscriptions`. Each change is decided by the subscription's own row.

use async_trait::async_trait;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::handle::Postgres;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::subscription::Subscription;
use crate::store::database::Subscriptions;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Subscriptions for Postgres {
    async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.read((), |view, ()| {
            Box::pin(async move {
                let query = "SELECT * FROM subscriptions ORDER BY kept_at, id";
                let rows = view.rows(query, &[]).await?;
                Ok(rows
                    .iter()
                    .map(row::subscription)
                    .collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    async fn keep_subscription(&self, subscription: Subscription) -> Result<(), StoreError> {
        self.write_keyed(subscription, |transaction, subscription| {
            Box::pin(async move {
                let change = "INSERT INTO subscriptions (store, id, url, public_key, secret, kept_at) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (store, id) DO UPDATE SET url = excluded.url, public_key = excluded.public_key, secret = excluded.secret";
                transaction
                    .run(
                        change,
                        &[
                            &subscription.shop.as_str(),
                            &subscription.id.to_string(),
                            &subscription.url,
                            &subscription.public_key,
                            &subscription.secret.expose_secret(),
                            &subscription.kept_at.millis(),
                        ],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn forget_subscription(&self, shop: ShopId, id: Uuid) -> Result<bool, StoreError> {
        self.write_keyed((shop, id), |transaction, (shop, id)| {
            Box::pin(async move {
                let change = "DELETE FROM subscriptions WHERE store = $1 AND id = $2";
                let gone = transaction
                    .run(change, &[&shop.as_str(), &id.to_string()])
                    .await?;
                Ok(gone > 0)
            })
        })
        .await
    }
}
