//! What became of a copy from one database to another.

use super::error::StoreError;

/// A table that was copied, and read back row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// How many rows it has, here and there.
    pub rows: usize,
}

/// Why nothing was copied.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CopyError {
    /// The configured database is not a file.
    #[error("`database` names no SQLite file, so there is nothing to copy from")]
    NoFile,
    /// Another program has the file open.
    #[error(
        "another program has the SQLite file open: stop the proxy before its database is copied"
    )]
    InUse,
    /// The file has another schema.
    #[error(
        "the SQLite file has schema {found}, expected {expected}: `calypso-proxy migrate` brings it up to date"
    )]
    Outdated {
        /// The version in the file.
        found: i64,
        /// The version that this program writes.
        expected: i64,
    },
    /// The target has rows.
    #[error("the target is not empty, its table {0} has rows: nothing was copied")]
    NotEmpty(String),
    /// The two databases have other tables or columns.
    #[error("the target does not fit: {0}; nothing was copied")]
    Unlike(String),
    /// What was read back is not what was written.
    #[error("table {0} reads back otherwise than it was written: nothing was copied")]
    Different(String),
    /// One of the databases refused.
    #[error("{0}; nothing was copied unless the database was lost at the very end")]
    Store(#[from] StoreError),
}
