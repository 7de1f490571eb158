//! Rows of `idempotency_keys`: keys under which checkouts were asked for, with the checkouts they made.

use checkout::Timestamp;
use rusqlite::Connection;

use crate::checkouts::checkout::Checkout;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::store::database::KEY_SECONDS;
use crate::store::error::StoreError;
use crate::store::row;

/// Whether there are keys older than [`KEY_SECONDS`].
pub(super) fn has_old(connection: &Connection, now: Timestamp) -> Result<bool, StoreError> {
    Ok(connection.query_row(
        &format!("SELECT EXISTS (SELECT 1 {OLD})"),
        [oldest(now)],
        |row| row.get(0),
    )?)
}

/// Forgets them. Answers with their number.
pub(super) fn forget_old(connection: &Connection, now: Timestamp) -> Result<usize, StoreError> {
    Ok(connection.execute(&format!("DELETE {OLD}"), [oldest(now)])?)
}

const OLD: &str = "FROM idempotency_keys WHERE created_at < ?1";

fn oldest(now: Timestamp) -> i64 {
    now.plus_seconds(-KEY_SECONDS).millis()
}

pub(super) fn find(
    connection: &Connection,
    key: &IdempotencyKey,
) -> Result<Option<Answered>, StoreError> {
    // A key whose checkout is gone, because nobody used it, is as good as new.
    let mut statement = connection.prepare_cached(
        "SELECT fingerprint, checkout_id FROM idempotency_keys
         WHERE store = ?1 AND scope = ?2 AND key = ?3 AND EXISTS (SELECT 1 FROM checkouts WHERE id = checkout_id)",
    )?;
    let mut rows = statement.query((key.shop.as_str(), &key.scope, &key.key))?;
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
            "INSERT OR REPLACE INTO idempotency_keys (store, scope, key, fingerprint, checkout_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((key.shop.as_str(), &key.scope, &key.key, key.fingerprint, made.id.to_string(), made.created_at.millis()))?;
    Ok(())
}
