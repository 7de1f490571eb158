//! Columns that only repeat what the rules say of a row, so that SQL can compare them.

use rusqlite::Connection;

use crate::store::error::StoreError;
use crate::store::row;

/// Works out anew what each row only repeats of the rules in [`Invoice`](crate::checkouts::invoice::Invoice). A row that cannot be read keeps what it has.
pub(super) fn repeat_rules(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT * FROM invoices")?;
    let mut rows = statement.query([])?;
    let mut update = connection.prepare(
        "UPDATE invoices SET watched_until = ?2, saw_money = ?3 WHERE idempotency_key = ?1",
    )?;
    while let Some(found) = rows.next()? {
        if let Ok(invoice) = row::invoice(found) {
            update.execute((
                invoice.key.to_string(),
                invoice.watched_until().millis(),
                invoice.saw_money(),
            ))?;
        }
    }
    Ok(())
}
