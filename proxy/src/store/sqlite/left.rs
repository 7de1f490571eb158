//! What the proxy that had the file before has left behind.

use rusqlite::Connection;

use crate::store::error::StoreError;

/// Ends every lease, so that nobody waits for its end: a file serves one proxy, so those that are there when it is opened are of one
/// that is gone.
pub(super) fn end_leases(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "UPDATE invoice_requests SET claimed_until = 0 WHERE state = 'started' AND claimed_until <> 0;
         UPDATE customers SET claimed_until = 0 WHERE gateway_id IS NULL AND claimed_until <> 0;",
    )?;
    Ok(())
}
