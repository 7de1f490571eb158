//! Backing up a SQLite file that a proxy may be using.

use std::path::Path;

use super::backed_up::{BackedUp, BackupError};
use super::sqlite;
use crate::config::DatabasePlace;

/// Copies everything that is committed now into a new file, whoever else uses the database meanwhile, and reads the copy through before it
/// gets its name: under that name there is a whole backup or nothing.
///
/// # Errors
/// [`BackupError`]; then nothing stands at `to` that was not there before, and the database is as it was.
pub async fn backup(from: &DatabasePlace, to: &Path) -> Result<BackedUp, BackupError> {
    let (from, to) = (
        from.file().ok_or(BackupError::NoFile)?.to_owned(),
        to.to_owned(),
    );
    let copying = tokio::task::spawn_blocking(move || sqlite::backup(&from, &to));
    copying
        .await
        .map_err(|error| BackupError::Damaged(error.to_string()))?
}
