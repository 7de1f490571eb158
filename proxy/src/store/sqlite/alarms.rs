//! Rows of `alarms`.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::handle::Sqlite;
use super::history;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::id::CheckoutId;
use crate::gateway::source::Source;
use crate::reading::history::Entry;
use crate::store::database::Alarms;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Alarms for Sqlite {
    async fn raise(
        &self,
        checkout: CheckoutId,
        alarm: Alarm,
        source: Source,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| raise(connection, checkout, &alarm, source))
            .await
    }
}

/// Keeps an alarm and tells it in the history, unless there is one of this kind.
pub(super) fn raise(
    connection: &Connection,
    checkout: CheckoutId,
    alarm: &Alarm,
    source: Source,
) -> Result<bool, StoreError> {
    let is_new = insert(connection, checkout, alarm)?;
    if is_new {
        history::put_of(connection, checkout, Entry::alarm(checkout, alarm, source))?;
    }
    Ok(is_new)
}

/// Keeps an alarm without a word in the history, which has it already.
pub(super) fn insert(
    connection: &Connection,
    checkout: CheckoutId,
    alarm: &Alarm,
) -> Result<bool, StoreError> {
    let rows = connection
        .prepare_cached(
            "INSERT INTO alarms (checkout_id, invoice, kind, detail, at) VALUES (:checkout, :invoice, :kind, :detail, :at)
             ON CONFLICT (checkout_id, invoice, kind) DO NOTHING",
        )?
        .execute(named_params! {
            ":checkout": checkout.to_string(),
            ":invoice": alarm.invoice.to_string(),
            ":kind": alarm.kind,
            ":detail": alarm.detail,
            ":at": alarm.at.millis(),
        })?;
    Ok(rows > 0)
}

/// Every alarm of a checkout, the oldest first.
pub(super) fn of_checkout(
    connection: &Connection,
    checkout: &str,
) -> Result<Vec<Alarm>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM alarms WHERE checkout_id = ?1 ORDER BY at, kind")?;
    let mut rows = statement.query([checkout])?;
    let mut alarms = Vec::new();
    while let Some(found) = rows.next()? {
        alarms.push(row::alarm(found)?);
    }
    Ok(alarms)
}
