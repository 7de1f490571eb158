//! Deleting what strangers made and nobody ever paid, so that they cannot fill the disk.

use checkout::Timestamp;
use rusqlite::{Connection, params};

use super::{Store, StoreError};

/// How many checkouts one write deletes at most, so that buyers' writes come through in between.
const AT_ONCE: u32 = 500;

/// Checkouts made by pages on which nothing was ever seen and nothing is under way, by what the gateway last said. Whatever may be money
/// keeps one for ever.
const UNPAID: &str = "made_by = 'page'
    AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id
                    AND (received <> '0' OR phase NOT IN ('expired', 'archived') OR intervention IS NOT NULL
                         OR transaction_hash IS NOT NULL OR held_at IS NOT NULL OR paid_at IS NOT NULL
                         OR EXISTS (SELECT 1 FROM deposits WHERE receiver = invoices.idempotency_key)
                         OR EXISTS (SELECT 1 FROM deposit_flags WHERE receiver = invoices.idempotency_key)))
    AND NOT EXISTS (SELECT 1 FROM alarms WHERE checkout_id = checkouts.id)
    AND NOT EXISTS (SELECT 1 FROM chosen_purses WHERE checkout_id = checkouts.id)
    AND NOT EXISTS (SELECT 1 FROM invoice_requests WHERE checkout_id = checkouts.id AND state = 'started')";

/// Nobody has ever picked a currency, so nobody was ever shown an address.
const UNCHOSEN: &str =
    "NOT EXISTS (SELECT 1 FROM invoice_requests WHERE checkout_id = checkouts.id)";

impl Store {
    /// Deletes expired checkouts of pages that never saw money: those without an invoice that expired before `unchosen`, and those
    /// with invoices that all expired before `unpaid`. Answers with their number.
    pub(crate) async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let ids = self
                .read(move |connection| {
                    let query = format!(
                        "SELECT id FROM checkouts WHERE expires_at < max(?1, ?2) AND {UNPAID}
                           AND (expires_at < ?1 AND {UNCHOSEN}
                                OR expires_at < ?2 AND NOT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = checkouts.id AND latest_expiry >= ?2))
                         ORDER BY expires_at LIMIT ?3"
                    );
                    ids(connection, &query, params![unchosen.millis(), unpaid.millis(), AT_ONCE])
                })
                .await?;
            let found = ids.len();
            all += self.delete_unpaid(ids).await?;
            if found < AT_ONCE as usize {
                return Ok(all);
            }
        }
    }

    /// Deletes the oldest open checkouts of pages that have no invoice, until at most `most` are open. Answers with their number.
    pub(crate) async fn make_room(&self, now: Timestamp, most: u32) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let ids = self
                .read(move |connection| {
                    let open: u32 = connection
                        .prepare_cached("SELECT count(*) FROM checkouts WHERE made_by = 'page' AND expires_at > ?1")?
                        .query_row([now.millis()], |row| row.get(0))?;
                    let Some(excess) = open.checked_sub(most).filter(|excess| *excess > 0) else {
                        return Ok(Vec::new());
                    };
                    let query = format!(
                        "SELECT id FROM checkouts WHERE expires_at > ?1 AND {UNPAID} AND {UNCHOSEN} ORDER BY expires_at LIMIT ?2"
                    );
                    ids(connection, &query, params![now.millis(), excess.min(AT_ONCE)])
                })
                .await?;
            if ids.is_empty() {
                return Ok(all);
            }
            all += self.delete_unpaid(ids).await?;
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

fn ids(
    connection: &Connection,
    query: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let ids = statement.query_map(values, |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
