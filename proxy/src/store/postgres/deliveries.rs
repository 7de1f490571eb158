//! Rows of `deliveries`. Each change is decided by the delivery's own row.

use async_trait::async_trait;
use checkout::Timestamp;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName, LONGEST_PAUSE_SECONDS};
use crate::checkouts::shop_id::ShopId;
use crate::store::columns::Columns;
use crate::store::database::Deliveries;
use crate::store::error::StoreError;
use crate::store::row;

/// How many one write forgets at most, so that other writes come through in between.
const AT_ONCE: i64 = 500;

#[async_trait]
impl Deliveries for Postgres {
    async fn told_before(&self, name: EventName) -> Result<Option<DeliveryOutcome>, StoreError> {
        self.read(name, |view, name| {
            Box::pin(async move {
                let query = "SELECT outcome FROM deliveries WHERE store = $1 AND event = $2 AND fingerprint = $3";
                let found = view
                    .row(query, &[&name.shop.as_str(), &name.event, &name.fingerprint])
                    .await?;
                Ok(found.as_ref().map(row::delivery_outcome).transpose()?)
            })
        })
        .await
    }

    async fn keep_delivery(&self, delivery: Delivery) -> Result<(), StoreError> {
        self.write_keyed(delivery, |transaction, delivery| {
            Box::pin(keep(transaction, delivery))
        })
        .await
    }

    async fn last_delivery(&self, shop: ShopId) -> Result<Option<Timestamp>, StoreError> {
        self.read(shop, |view, shop| {
            Box::pin(async move {
                let query = "SELECT received_at FROM deliveries
                             WHERE store = $1 AND outcome NOT IN ('not_ours', 'unreadable') ORDER BY received_at DESC LIMIT 1";
                let found = view.row(query, &[&shop.as_str()]).await?;
                let last: Option<i64> = found
                    .as_ref()
                    .map(|found| Columns::get(found, "received_at"))
                    .transpose()?;
                Ok(last.map(Timestamp::from_millis))
            })
        })
        .await
    }

    async fn was_told(
        &self,
        shop: ShopId,
        names: [String; 2],
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        self.read((shop, names, since), |view, (shop, names, since)| {
            Box::pin(async move {
                let [one, other] = names;
                let query = "SELECT 1 FROM deliveries WHERE store = $1 AND received_at >= $2 AND subject IN ($3, $4) LIMIT 1";
                view.has(query, &[&shop.as_str(), &since.millis(), one, other])
                    .await
            })
        })
        .await
    }

    async fn due_deliveries(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
        let due = (shop, now.millis(), latest, i64::from(most));
        self.read(due, |view, (shop, now, latest, most)| {
            Box::pin(async move {
                let query = "SELECT * FROM deliveries WHERE store = $1 AND outcome = 'open' AND (due_at <= $2 OR due_at > $3)
                             ORDER BY due_at, event LIMIT $4";
                let rows = view.rows(query, &[&shop.as_str(), now, latest, most]).await?;
                Ok(rows.iter().map(row::delivery).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    async fn claim_delivery(
        &self,
        name: EventName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write_keyed((name, now, until), |transaction, (name, now, until)| {
            Box::pin(async move {
                let change = "UPDATE deliveries SET due_at = $5
                     WHERE store = $1 AND event = $2 AND fingerprint = $3 AND outcome = 'open'
                     AND (due_at <= $4 OR due_at > $6)";
                let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS);
                let taken = transaction
                    .run(
                        change,
                        &[
                            &name.shop.as_str(),
                            &name.event,
                            &name.fingerprint,
                            &now.millis(),
                            &until.millis(),
                            &latest.millis(),
                        ],
                    )
                    .await?;
                Ok(taken > 0)
            })
        })
        .await
    }

    async fn settle_delivery(
        &self,
        name: EventName,
        outcome: DeliveryOutcome,
    ) -> Result<(), StoreError> {
        self.write_keyed((name, outcome), |transaction, (name, outcome)| {
            Box::pin(async move {
                let change = "UPDATE deliveries SET outcome = $4 WHERE store = $1 AND event = $2 AND fingerprint = $3 AND outcome = 'open'";
                transaction
                    .run(
                        change,
                        &[&name.shop.as_str(), &name.event, &name.fingerprint, &outcome.as_str()],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn put_off_delivery(&self, name: EventName, due_at: Timestamp) -> Result<(), StoreError> {
        self.write_keyed((name, due_at), |transaction, (name, due_at)| {
            Box::pin(async move {
                let change = "UPDATE deliveries SET due_at = $4 WHERE store = $1 AND event = $2 AND fingerprint = $3 AND outcome = 'open'";
                transaction
                    .run(
                        change,
                        &[&name.shop.as_str(), &name.event, &name.fingerprint, &due_at.millis()],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn forget_deliveries(&self, before: Timestamp) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let gone = self
                .write_keyed(before.millis(), |transaction, before| {
                    Box::pin(async move {
                        let change = "DELETE FROM deliveries WHERE outcome <> 'open' AND (store, event, fingerprint) IN
                                          (SELECT store, event, fingerprint FROM deliveries WHERE received_at < $1 AND outcome <> 'open' LIMIT $2)";
                        transaction.run(change, &[before, &AT_ONCE]).await
                    })
                })
                .await?;
            if gone == 0 {
                return Ok(all);
            }
            all += usize::try_from(gone).unwrap_or(usize::MAX);
        }
    }
}

async fn keep(transaction: &Transaction, delivery: &Delivery) -> Result<(), Failure> {
    transaction
        .run(
            "INSERT INTO deliveries (store, event, fingerprint, kind, about, subject, happened_at, received_at, outcome, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (store, event, fingerprint) DO UPDATE
             SET kind = excluded.kind, about = excluded.about, subject = excluded.subject,
                 happened_at = excluded.happened_at, received_at = excluded.received_at, outcome = excluded.outcome,
                 due_at = excluded.due_at
             WHERE deliveries.outcome = 'open'",
            &[
                &delivery.name.shop.as_str(),
                &delivery.name.event,
                &delivery.name.fingerprint,
                &delivery.kind,
                &delivery.subject.kind(),
                &delivery.subject.name(),
                &delivery.happened_at.map(Timestamp::millis),
                &delivery.received_at.millis(),
                &delivery.outcome.as_str(),
                &delivery.due_at.millis(),
            ],
        )
        .await?;
    Ok(())
}
