//! Keys under which checkouts were asked for, with the checkouts they made.

use checkout::Timestamp;
use rusqlite::Connection;

use super::{Store, StoreError, row};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};

/// How long a key is remembered: two days.
const KEPT_SECONDS: i64 = 48 * 60 * 60;

impl Store {
    /// What is known of a key; `None` when it is new.
    pub(crate) async fn answered(
        &self,
        key: IdempotencyKey,
    ) -> Result<Option<Answered>, StoreError> {
        self.read(move |connection| find(connection, &key)).await
    }

    /// Forgets keys older than two days.
    pub(crate) async fn forget_old_keys(&self, now: Timestamp) -> Result<usize, StoreError> {
        let before = now.plus_seconds(-KEPT_SECONDS).millis();
        let is_old = "FROM idempotency_keys WHERE created_at < ?1";
        let any: bool = self
            .read(move |connection| {
                Ok(connection.query_row(
                    &format!("SELECT EXISTS (SELECT 1 {is_old})"),
                    [before],
                    |row| row.get(0),
                )?)
            })
            .await?;
        if !any {
            return Ok(0);
        }
        self.write(move |connection| Ok(connection.execute(&format!("DELETE {is_old}"), [before])?))
            .await
    }
}

pub(super) fn find(
    connection: &Connection,
    key: &IdempotencyKey,
) -> Result<Option<Answered>, StoreError> {
    // A key whose checkout is gone, because nobody used it, is as good as new.
    let mut statement = connection.prepare_cached(
        "SELECT fingerprint, checkout_id FROM idempotency_keys
         WHERE scope = ?1 AND key = ?2 AND EXISTS (SELECT 1 FROM checkouts WHERE id = checkout_id)",
    )?;
    let mut rows = statement.query((&key.scope, &key.key))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let known: Vec<u8> = row.get(0)?;
    Ok(Some(if known == key.fingerprint {
        Answered::Same(row::id(row, "checkout_id")?)
    } else {
        Answered::Other
    }))
}

pub(super) fn insert(
    connection: &Connection,
    key: &IdempotencyKey,
    made: &Checkout,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO idempotency_keys (scope, key, fingerprint, status, body, checkout_id, created_at)
             VALUES (?1, ?2, ?3, 201, '', ?4, ?5)",
        )?
        .execute((&key.scope, &key.key, key.fingerprint, made.id.to_string(), made.created_at.millis()))?;
    Ok(())
}
