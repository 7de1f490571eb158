//! What became of a backup.

use super::error::StoreError;

/// A backup that stands complete under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The version of its tables.
    pub schema: i64,
    /// How many tables it has, and how many rows in all.
    pub tables: usize,
    /// The rows of all tables.
    pub rows: i64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Why there is no backup.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BackupError {
    /// The configured database is PostgreSQL, which has its own program for it.
    #[error(
        "`database` is PostgreSQL: `pg_dump --format=custom --file=FILE URL` backs it up while proxies use it (docs/RUNBOOK.md)"
    )]
    NoFile,
    /// There is no database yet.
    #[error("the database {0} is not there: there is nothing to back up")]
    NotThere(String),
    /// Something stands where the backup is to be. It is left as it is.
    #[error(
        "{0} is there already, expected a name that nothing has: no backup is ever overwritten"
    )]
    Taken(String),
    /// The file system refuses the backup.
    #[error("the backup {to} cannot be written: {reason}")]
    Unwritable {
        /// Where it was to be.
        to: String,
        /// What the operating system said.
        reason: String,
    },
    /// The file is no database of this program.
    #[error("the database {0} has no tables of this program")]
    NotOurs(String),
    /// The copy was read through, and is not sound. Nothing is left of it.
    #[error("what was copied is damaged, and so may be the database itself: {0}")]
    Damaged(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
