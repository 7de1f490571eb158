//! Why the store could not do what was asked, whatever database keeps it.

use crate::checkouts::unsound::Unsound;

/// Why the store could not be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened or made.
    #[error("cannot open the database {database}: {reason}")]
    Unreachable {
        /// The database as it is configured.
        database: String,
        /// What it, or the operating system, said.
        reason: String,
    },
    /// The database was written by a newer version of this program.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest version this program can read.
        known: i64,
    },
    /// The database refused a statement: the disk is full, another program holds it, it is damaged.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The database does not answer, or not in time. Nothing of the change is stored.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The connection was lost while a change was being committed. It is stored, whole, or nothing of it is: whoever asks again finds out,
    /// because no change is made twice.
    #[error(
        "the database was lost at the commit, so whether the change is stored is not known: {0}"
    )]
    Unsure(String),
    /// A row holds something this program never writes.
    #[error("the database holds an unreadable row: {0}")]
    Unreadable(String),
    /// The transaction a change was to be part of failed before it, or the change itself panicked; nothing of it is stored.
    #[error("the change was not made: the transaction ended before it")]
    NotDone,
    /// The store has been closed.
    #[error("the store has been closed")]
    Stopped,
}

impl StoreError {
    /// Refuses tables of another version than the one this program knows.
    pub(super) fn unless_known(found: i64, known: i64) -> Result<(), Self> {
        match found.cmp(&known) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(Self::Newer { found, known }),
            std::cmp::Ordering::Less => Err(Self::Refused(format!(
                "the database has schema version {found}, expected {known}: an older program or a copy has taken its place"
            ))),
        }
    }
}

/// Why a reading was not taken in.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum TakeInError {
    /// It cannot be about what it was asked for.
    #[error(transparent)]
    Unsound(#[from] Unsound),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
