//! Deleting what strangers made and nobody ever paid, so that they cannot fill the disk.

use std::collections::HashMap;

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::{Connection, params};

use super::handle::Sqlite;
use crate::checkouts::shop_id::ShopId;
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
impl Retention for Sqlite {
    async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError> {
        self.delete_found(move |connection| {
            let query = format!(
                "SELECT id FROM checkouts WHERE expires_at < max(?1, ?2) AND {UNPAID}
                   AND (expires_at < ?1 AND {UNCHOSEN}
                        OR expires_at < ?2 AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id AND latest_expiry >= ?2))
                 ORDER BY expires_at LIMIT ?3"
            );
            ids(connection, &query, params![unchosen.millis(), unpaid.millis(), AT_ONCE])
        })
        .await
    }

    async fn forget_more(&self, unwatched: Timestamp, most: u32) -> Result<usize, StoreError> {
        self.delete_found(move |connection| {
            let query = format!(
                "SELECT id FROM checkouts WHERE expires_at < ?1 AND {UNPAID}
                   AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id AND latest_expiry >= ?1)
                 ORDER BY expires_at DESC LIMIT ?3 OFFSET ?2"
            );
            ids(connection, &query, params![unwatched.millis(), most, AT_ONCE])
        })
        .await
    }

    async fn open_checkouts(&self, now: Timestamp) -> Result<HashMap<ShopId, u32>, StoreError> {
        self.read(move |connection| open_checkouts(connection, now))
            .await
    }

    async fn make_room(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        self.delete_found(move |connection| {
            let open = open_checkouts(connection, now)?;
            let open = open.get(&shop).copied().unwrap_or_default();
            let Some(excess) = open.checked_sub(most).filter(|excess| *excess > 0) else {
                return Ok(Vec::new());
            };
            // The newest of each network have the lowest place in it.
            let query = format!(
                "SELECT id FROM (SELECT id, expires_at, row_number() OVER (PARTITION BY network ORDER BY expires_at DESC, rowid DESC) AS place
                                 FROM checkouts WHERE store = ?3 AND expires_at > ?1 AND {UNPAID} AND {UNCHOSEN})
                 ORDER BY place DESC, expires_at LIMIT ?2"
            );
            ids(connection, &query, params![now.millis(), excess.min(AT_ONCE), shop.as_str()])
        })
        .await
    }

    async fn forget_networks(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE checkouts SET network = NULL WHERE network IS NOT NULL AND expires_at < ?1")?
                .execute([before.millis()])?;
            Ok(())
        })
        .await
    }
}

impl Sqlite {
    /// Deletes what `find` finds, again and again until nothing goes any more. Answers with their number.
    async fn delete_found<F>(&self, find: F) -> Result<usize, StoreError>
    where
        F: Fn(&Connection) -> Result<Vec<String>, StoreError> + Clone + Send + 'static,
    {
        let mut all = 0;
        loop {
            let ids = self.read(find.clone()).await?;
            let deleted = self.delete_unpaid(ids).await?;
            all += deleted;
            // Also when something was found: what has seen money since then stays, and would be found for ever.
            if deleted == 0 {
                return Ok(all);
            }
        }
    }

    /// Deletes those of the checkouts on which still nothing was seen, each with its invoices.
    async fn delete_unpaid(&self, ids: Vec<String>) -> Result<usize, StoreError> {
        if ids.is_empty() {
            return Ok(0);
        }
        self.write(move |connection| {
            let still =
                format!("SELECT EXISTS (SELECT 1 FROM checkouts WHERE id = ?1 AND {UNPAID})");
            let mut deleted = 0;
            for id in &ids {
                let unpaid: bool = connection
                    .prepare_cached(&still)?
                    .query_row([id], |row| row.get(0))?;
                if !unpaid {
                    continue;
                }
                for table in ["invoices", "invoice_requests"] {
                    connection
                        .prepare_cached(&format!("DELETE FROM {table} WHERE checkout_id = ?1"))?
                        .execute([id])?;
                }
                deleted += connection
                    .prepare_cached("DELETE FROM checkouts WHERE id = ?1")?
                    .execute([id])?;
            }
            Ok(deleted)
        })
        .await
    }
}

fn open_checkouts(
    connection: &Connection,
    now: Timestamp,
) -> Result<HashMap<ShopId, u32>, StoreError> {
    let query = "SELECT store, count(*) FROM checkouts WHERE made_by = 'page' AND expires_at > ?1 GROUP BY store";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([now.millis()])?;
    let mut open = HashMap::new();
    while let Some(row) = rows.next()? {
        open.insert(row::shop(row)?, row.get(1)?);
    }
    Ok(open)
}

fn ids(
    connection: &Connection,
    query: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let ids = statement.query_map(values, |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}
