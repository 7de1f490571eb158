//! What the proxy remembers: one SQLite file, one writer, readers beside it.
//!
//! Everything that is acknowledged is on disk first (`synchronous=FULL`). One thread writes, so that all changes have one
//! order; it commits what has queued up together, which costs one flush instead of many. Reading uses connections of its own
//! and never waits for the writer (WAL).

mod alarms;
mod attempts;
mod checkouts;
mod customers;
mod deposits;
mod idempotency;
mod invoices;
mod readers;
mod retention;
mod row;
mod schema;
mod watching;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use checkout::ErrorCode;
use rusqlite::Connection;

use crate::refusal::Refusal;

pub(crate) use attempts::Finished;
pub(crate) use invoices::Taken;
pub(crate) use schema::VERSION;
pub(crate) use watching::LOOK_SECONDS;

/// The open store. Cheap to clone; the file is closed when the last clone is gone.
#[derive(Clone)]
pub(crate) struct Store {
    writer: Arc<writer::Writer>,
    readers: Arc<readers::Readers>,
}

/// Why the store could not be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error("cannot open the database {path}: {reason}")]
    Open {
        /// The file's path as configured.
        path: PathBuf,
        /// What SQLite or the operating system said.
        reason: String,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// The version in the file.
        found: i64,
        /// The newest version this program can read.
        known: i64,
    },
    /// SQLite refused a statement: disk full, file locked by another program, file damaged.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A row holds something this program never writes.
    #[error("the database holds an unreadable row: {0}")]
    Unreadable(String),
    /// The transaction a change was to be part of failed before it, or the change itself panicked; nothing of it is on disk.
    #[error("the change was not made: the transaction ended before it")]
    NotDone,
    /// The writer has stopped.
    #[error("the database writer has stopped")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(
            ErrorCode::StoreUnavailable,
            "the proxy cannot reach its database; nothing was changed, try again",
        )
        .because(error)
    }
}

impl Store {
    /// Opens the file, making it (readable by its owner only) and bringing its schema up to date where needed.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::Newer`], or [`StoreError::Refused`] when the schema cannot be brought up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        create_private(path).map_err(|error| open_error(path, &error))?;
        let mut connection = connect(path)?;
        schema::migrate(&mut connection)?;
        let readers = readers::Readers::open(path)?;
        Ok(Self {
            writer: Arc::new(writer::Writer::start(connection)?),
            readers: Arc::new(readers),
        })
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(|error| open_error(path, &error))?;
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;",
        )
        .map_err(|error| open_error(path, &error))?;
    Ok(connection)
}

fn open_error(path: &Path, reason: &impl ToString) -> StoreError {
    StoreError::Open {
        path: path.to_owned(),
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

#[cfg(test)]
mod tests;
