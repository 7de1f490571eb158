//! Rows of `decisions`, read.

use rusqlite::Connection;

use crate::checkouts::decision::Decision;
use crate::checkouts::id::CheckoutId;
use crate::store::error::StoreError;
use crate::store::merchant_rows::decision;

/// Everything that was decided about a checkout, the oldest first.
pub(super) fn of_checkout(
    connection: &Connection,
    checkout: CheckoutId,
) -> Result<Vec<Decision>, StoreError> {
    let query = "SELECT * FROM decisions WHERE checkout_id = ?1 ORDER BY decided_at, act, invoice";
    listed(connection, query, &[&checkout.to_string()])
}

/// What a query for whole rows finds.
pub(super) fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Decision>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(decision(next)?);
    }
    Ok(found)
}
