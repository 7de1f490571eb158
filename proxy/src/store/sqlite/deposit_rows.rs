//! Rows of `deposits`, looked up by what they were paid to.

use rusqlite::{Connection, ToSql};
use uuid::Uuid;

use crate::checkouts::deposit::{Deposit, Known};
use crate::store::error::StoreError;
use crate::store::row;

/// Every deposit to a receiver, the oldest first.
pub(super) fn of_receiver(
    connection: &Connection,
    receiver: Uuid,
) -> Result<Vec<Deposit>, StoreError> {
    listed(
        connection,
        "SELECT * FROM deposits WHERE receiver = ?1 ORDER BY seen_at, id",
        &[&receiver.to_string()],
    )
}

/// Every deposit to an invoice of a checkout, the oldest first.
pub(super) fn of_checkout(
    connection: &Connection,
    checkout: &str,
) -> Result<Vec<Deposit>, StoreError> {
    listed(
        connection,
        "SELECT * FROM deposits WHERE receiver IN (SELECT idempotency_key FROM invoices WHERE checkout_id = ?1) ORDER BY seen_at, id",
        &[&checkout],
    )
}

/// What is known of a receiver.
pub(super) fn known(connection: &Connection, receiver: Uuid) -> Result<Known, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM deposit_flags WHERE receiver = ?1 ORDER BY seen_at, kind")?;
    let mut rows = statement.query([receiver.to_string()])?;
    let mut flags = Vec::new();
    while let Some(found) = rows.next()? {
        flags.push(row::flag(found)?);
    }
    Ok(Known {
        elsewhere: Vec::new(),
        deposits: of_receiver(connection, receiver)?,
        flags,
    })
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Deposit>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut deposits = Vec::new();
    while let Some(found) = rows.next()? {
        deposits.push(row::deposit(found)?);
    }
    Ok(deposits)
}
