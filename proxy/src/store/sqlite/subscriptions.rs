//! Rows of `subscriptions`.

use async_trait::async_trait;
use rusqlite::named_params;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::handle::Sqlite;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::subscription::Subscription;
use crate::store::database::Subscriptions;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Subscriptions for Sqlite {
    async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM subscriptions ORDER BY kept_at, id")?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(row::subscription(row)?);
            }
            Ok(found)
        })
        .await
    }

    async fn keep_subscription(&self, subscription: Subscription) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO subscriptions (store, id, url, public_key, secret, kept_at)
                     VALUES (:store, :id, :url, :public_key, :secret, :kept_at)
                     ON CONFLICT (store, id) DO UPDATE SET url = excluded.url, public_key = excluded.public_key, secret = excluded.secret",
                )?
                .execute(named_params! {
                    ":store": subscription.shop.as_str(),
                    ":id": subscription.id.to_string(),
                    ":url": subscription.url,
                    ":public_key": subscription.public_key,
                    ":secret": subscription.secret.expose_secret(),
                    ":kept_at": subscription.kept_at.millis(),
                })?;
            Ok(())
        })
        .await
    }

    async fn forget_subscription(&self, shop: ShopId, id: Uuid) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let gone = connection
                .prepare_cached("DELETE FROM subscriptions WHERE store = ?1 AND id = ?2")?
                .execute((shop.as_str(), id.to_string()))?;
            Ok(gone > 0)
        })
        .await
    }
}
