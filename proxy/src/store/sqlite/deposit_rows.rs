//! Rows of `deposits`, looked up by what they were paid to.

use rusqlite::{Connection, ToSql};
use uuid::Uuid;

use crate::checkouts::deposit::Deposit;
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
