//! Deleting what strangers made and nobody ever paid, so that they cannot fill the disk.

use std::collections::HashMap;

use async_trait::async_trait;
use checkout::Timestamp;

use super::failure::Failure;
use super::handle::{Postgres, Work};
use super::transaction::{Transaction, Values};
use crate::checkouts::shop_id::ShopId;
use crate::store::columns::Columns;
use crate::store::database::Retention;
use crate::store::error::StoreError;
use crate::store::row;

/// How many checkouts one write deletes at most, so that buyers' writes come through in between.
const AT_ONCE: u32 = 500;

/// Checkouts made by pages on which nothing was ever seen and nothing is under way, by what the gateway last said. Whatever may be money
/// keeps one for ever.
const UNPAID: &str = "made_by = 'page'
    AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id
                    AND (saw_money OR phase NOT IN ('expired', 'archived')
                         OR EXISTS (SELECT 1 FROM deposits WHERE receiver = invoices.idempotency_key)
                         OR EXISTS (SELECT 1 FROM deposit_flags WHERE receiver = invoices.idempotency_key)))
    AND NOT EXISTS (SELECT 1 FROM alarms WHERE checkout_id = checkouts.id)
    AND NOT EXISTS (SELECT 1 FROM chosen_purses WHERE checkout_id = checkouts.id)
    AND NOT EXISTS (SELECT 1 FROM invoice_requests WHERE checkout_id = checkouts.id AND state = 'started')";

/// Nobody has ever picked a currency, so nobody was ever shown an address.
const UNCHOSEN: &str =
    "NOT EXISTS (SELECT 1 FROM invoice_requests WHERE checkout_id = checkouts.id)";

#[async_trait]
impl Retention for Postgres {
    async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError> {
        self.delete_found((unchosen, unpaid), |view, (unchosen, unpaid)| {
            Box::pin(async move {
                let query = format!(
                    "SELECT id FROM checkouts WHERE expires_at < greatest(CAST($1 AS BIGINT), CAST($2 AS BIGINT)) AND {UNPAID}
                       AND (expires_at < $1 AND {UNCHOSEN}
                            OR expires_at < $2 AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id AND latest_expiry >= $2))
                     ORDER BY expires_at LIMIT $3"
                );
                ids(view, &query, &[&unchosen.millis(), &unpaid.millis(), &i64::from(AT_ONCE)]).await
            })
        })
        .await
    }

    async fn forget_more(&self, unwatched: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.delete_found((unwatched, most), |view, (unwatched, most)| {
            Box::pin(async move {
                let query = format!(
                    "SELECT id FROM checkouts WHERE expires_at < $1 AND {UNPAID}
                       AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id AND latest_expiry >= $1)
                     ORDER BY expires_at DESC LIMIT $3 OFFSET $2"
                );
                ids(view, &query, &[&unwatched.millis(), &i64::from(*most), &i64::from(AT_ONCE)]).await
            })
        })
        .await
    }

    async fn open_checkouts(&self, now: Timestamp) -> Result<HashMap<ShopId, u32>, StoreError> {
        self.read(now, |view, now| Box::pin(open_checkouts(view, *now)))
            .await
    }

    async fn make_room(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        self.delete_found((shop, now, most), |view, (shop, now, most)| {
            Box::pin(async move {
                let open = open_checkouts(view, *now).await?;
                let open = open.get(shop).copied().unwrap_or_default();
                let Some(excess) = open.checked_sub(*most).filter(|excess| *excess > 0) else {
                    return Ok(Vec::new());
                };
                // The newest of each network have the lowest place in it.
                let query = format!(
                    "SELECT id FROM (SELECT id, expires_at, row_number() OVER (PARTITION BY network ORDER BY expires_at DESC, checkouts.place DESC) AS turn
                                     FROM checkouts WHERE store = $3 AND expires_at > $1 AND {UNPAID} AND {UNCHOSEN}) AS open
                     ORDER BY turn DESC, expires_at LIMIT $2"
                );
                ids(view, &query, &[&now.millis(), &i64::from(excess.min(AT_ONCE)), &shop.as_str()]).await
            })
        })
        .await
    }

    /// Decided by the rows it changes.
    async fn forget_networks(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write_keyed(before, |transaction, before| {
            Box::pin(async move {
                let change = "UPDATE checkouts SET network = NULL WHERE network IS NOT NULL AND expires_at < $1";
                transaction.run(change, &[&before.millis()]).await?;
                Ok(())
            })
        })
        .await
    }
}

impl Postgres {
    /// Deletes what `find` finds, again and again until nothing goes any more. Answers with their number.
    async fn delete_found<D>(
        &self,
        data: D,
        find: Work<D, Vec<String>>,
    ) -> Result<usize, StoreError>
    where
        D: Clone + Send + Sync + 'static,
    {
        let mut all = 0;
        loop {
            let ids = self.read(data.clone(), find).await?;
            let deleted = self
                .write(ids, |transaction, ids| {
                    Box::pin(delete_unpaid(transaction, ids))
                })
                .await?;
            all += deleted;
            // Also when something was found: what has seen money since then stays, and would be found for ever.
            if deleted == 0 {
                return Ok(all);
            }
        }
    }
}

/// Deletes those of the checkouts on which still nothing was seen, each with its invoices.
async fn delete_unpaid(transaction: &Transaction, ids: &[String]) -> Result<usize, Failure> {
    let query = format!("SELECT id FROM checkouts WHERE id = ANY($1) AND {UNPAID}");
    let still = self::ids(transaction, &query, &[&ids]).await?;
    if still.is_empty() {
        return Ok(0);
    }
    for table in ["invoices", "invoice_requests"] {
        let delete = format!("DELETE FROM {table} WHERE checkout_id = ANY($1)");
        transaction.run(&delete, &[&still]).await?;
    }
    let delete = "DELETE FROM checkouts WHERE id = ANY($1)";
    let deleted = transaction.run(delete, &[&still]).await?;
    Ok(usize::try_from(deleted).unwrap_or(usize::MAX))
}

async fn open_checkouts(
    view: &Transaction,
    now: Timestamp,
) -> Result<HashMap<ShopId, u32>, Failure> {
    let query = "SELECT store, count(*) AS many FROM checkouts WHERE made_by = 'page' AND expires_at > $1 GROUP BY store";
    let mut open = HashMap::new();
    for found in view.rows(query, &[&now.millis()]).await? {
        open.insert(row::shop(&found)?, Columns::get(&found, "many")?);
    }
    Ok(open)
}

async fn ids(view: &Transaction, query: &str, values: Values<'_>) -> Result<Vec<String>, Failure> {
    let rows = view.rows(query, values).await?;
    let ids = rows.iter().map(|found| Columns::get(found, "id"));
    Ok(ids.collect::<Result<_, StoreError>>()?)
}
