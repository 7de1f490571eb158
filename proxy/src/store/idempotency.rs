//! Keys under which writes were asked for, with the answers they got.

use checkout::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{Store, StoreError};

/// How long a key is remembered: two days.
const KEPT_SECONDS: i64 = 48 * 60 * 60;

/// SHA-256 of a request's body.
pub(crate) type Fingerprint = [u8; 32];

/// A key with the answer to give whenever it comes again.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Who called: keys of different callers do not meet.
    pub(crate) scope: &'static str,
    pub(crate) key: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) created_at: Timestamp,
}

/// What a known key says about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answered {
    /// The same request was answered before, like this.
    Same { status: u16, body: String },
    /// The key belongs to a request with another body.
    Other,
}

impl Store {
    /// What is known of a key; `None` when it is new.
    pub(crate) async fn answered(
        &self,
        scope: &'static str,
        key: String,
        print: Fingerprint,
    ) -> Result<Option<Answered>, StoreError> {
        self.read(move |connection| find(connection, scope, &key, &print))
            .await
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
    scope: &str,
    key: &str,
    fingerprint: &Fingerprint,
) -> Result<Option<Answered>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT fingerprint, status, body FROM idempotency_keys WHERE scope = ?1 AND key = ?2",
    )?;
    let found = statement
        .query_row((scope, key), |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, u16>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .optional()?;
    Ok(found.map(|(known, status, body)| {
        if known == fingerprint {
            Answered::Same { status, body }
        } else {
            Answered::Other
        }
    }))
}

pub(super) fn insert(connection: &Connection, kept: &Kept) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO idempotency_keys (scope, key, fingerprint, status, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((kept.scope, &kept.key, kept.fingerprint, kept.status, &kept.body, kept.created_at.millis()))?;
    Ok(())
}
