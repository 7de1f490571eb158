//! Rows of `deliveries`.

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::named_params;

use super::handle::Sqlite;
use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName, LONGEST_PAUSE_SECONDS};
use crate::checkouts::shop_id::ShopId;
use crate::store::database::Deliveries;
use crate::store::error::StoreError;
use crate::store::row;

/// How many one write forgets at most, so that other writes come through in between.
const AT_ONCE: u32 = 500;

#[async_trait]
impl Deliveries for Sqlite {
    async fn told_before(&self, name: EventName) -> Result<Option<DeliveryOutcome>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT outcome FROM deliveries WHERE store = ?1 AND event = ?2 AND fingerprint = ?3",
            )?;
            let mut rows = statement.query((name.shop.as_str(), &name.event, &name.fingerprint))?;
            rows.next()?.map(row::delivery_outcome).transpose()
        })
        .await
    }

    async fn keep_delivery(&self, delivery: Delivery) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO deliveries (store, event, fingerprint, kind, about, subject, happened_at, received_at, outcome, due_at)
                     VALUES (:store, :event, :fingerprint, :kind, :about, :subject, :happened_at, :received_at, :outcome, :due_at)
                     ON CONFLICT (store, event, fingerprint) DO UPDATE
                     SET kind = excluded.kind, about = excluded.about, subject = excluded.subject,
                         happened_at = excluded.happened_at, received_at = excluded.received_at, outcome = excluded.outcome,
                         due_at = excluded.due_at
                     WHERE outcome = 'open'",
                )?
                .execute(named_params! {
                    ":store": delivery.name.shop.as_str(),
                    ":event": delivery.name.event,
                    ":fingerprint": delivery.name.fingerprint,
                    ":kind": delivery.kind,
                    ":about": delivery.subject.kind(),
                    ":subject": delivery.subject.name(),
                    ":happened_at": delivery.happened_at.map(Timestamp::millis),
                    ":received_at": delivery.received_at.millis(),
                    ":outcome": delivery.outcome.as_str(),
                    ":due_at": delivery.due_at.millis(),
                })?;
            Ok(())
        })
        .await
    }

    async fn last_delivery(&self, shop: ShopId) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |connection| {
            let last: Option<i64> = connection
                .prepare_cached("SELECT max(received_at) FROM deliveries WHERE store = ?1 AND outcome NOT IN ('not_ours', 'unreadable')")?
                .query_row([shop.as_str()], |row| row.get(0))?;
            Ok(last.map(Timestamp::from_millis))
        })
        .await
    }

    async fn was_told(
        &self,
        shop: ShopId,
        names: [String; 2],
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        self.read(move |connection| {
            let [one, other] = names;
            Ok(connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM deliveries WHERE store = ?1 AND received_at >= ?2 AND subject IN (?3, ?4))",
                )?
                .query_row((shop.as_str(), since.millis(), one, other), |row| row.get(0))?)
        })
        .await
    }

    async fn due_deliveries(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM deliveries WHERE store = ?1 AND outcome = 'open' AND (due_at <= ?2 OR due_at > ?3)
                 ORDER BY due_at, event LIMIT ?4",
            )?;
            let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
            let mut rows = statement.query((shop.as_str(), now.millis(), latest, most))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(row::delivery(row)?);
            }
            Ok(found)
        })
        .await
    }

    async fn claim_delivery(
        &self,
        name: EventName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let taken = connection
                .prepare_cached(
                    "UPDATE deliveries SET due_at = ?5
                     WHERE store = ?1 AND event = ?2 AND fingerprint = ?3 AND outcome = 'open'
                     AND (due_at <= ?4 OR due_at > ?6)",
                )?
                .execute((
                    name.shop.as_str(),
                    &name.event,
                    &name.fingerprint,
                    now.millis(),
                    until.millis(),
                    now.plus_seconds(LONGEST_PAUSE_SECONDS).millis(),
                ))?;
            Ok(taken > 0)
        })
        .await
    }

    async fn settle_delivery(
        &self,
        name: EventName,
        outcome: DeliveryOutcome,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE deliveries SET outcome = ?4 WHERE store = ?1 AND event = ?2 AND fingerprint = ?3 AND outcome = 'open'",
                )?
                .execute((name.shop.as_str(), &name.event, &name.fingerprint, outcome.as_str()))?;
            Ok(())
        })
        .await
    }

    async fn put_off_delivery(&self, name: EventName, due_at: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE deliveries SET due_at = ?4 WHERE store = ?1 AND event = ?2 AND fingerprint = ?3 AND outcome = 'open'",
                )?
                .execute((name.shop.as_str(), &name.event, &name.fingerprint, due_at.millis()))?;
            Ok(())
        })
        .await
    }

    async fn forget_deliveries(&self, before: Timestamp) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let gone = self
                .write(move |connection| {
                    Ok(connection
                        .prepare_cached(
                            "DELETE FROM deliveries WHERE outcome <> 'open' AND (store, event, fingerprint) IN
                                 (SELECT store, event, fingerprint FROM deliveries WHERE received_at < ?1 AND outcome <> 'open' LIMIT ?2)",
                        )?
                        .execute((before.millis(), AT_ONCE))?)
                })
                .await?;
            all += gone;
            if gone == 0 {
                return Ok(all);
            }
        }
    }
}
