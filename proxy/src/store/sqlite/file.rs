//! The SQLite file: made for its owner only, and how each connection to it is set.

use std::path::Path;

use rusqlite::Connection;

use crate::store::error::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

/// A connection to the file, which is made if it is not there.
///
/// # Errors
/// [`StoreError::Unreachable`].
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    create_private(path).map_err(|error| unreachable(path, &error))?;
    let connection = Connection::open(path).map_err(|error| unreachable(path, &error))?;
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA recursive_triggers = ON;
             PRAGMA trusted_schema = OFF;",
        )
        .map_err(|error| unreachable(path, &error))?;
    Ok(connection)
}

fn unreachable(path: &Path, reason: &impl ToString) -> StoreError {
    StoreError::Unreachable {
        database: path.display().to_string(),
        reason: reason.to_string(),
    }
}

/// Makes the file, if it is not there, so that only its owner can read it: a checkout's id is all it takes to see it.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
