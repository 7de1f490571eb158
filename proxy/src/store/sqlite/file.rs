//! The SQLite file: made for its owner only, and how each connection to it is set.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::input::redacted;
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
    let whole = whole(path).map_err(|error| unreachable(path, &error))?;
    create_private(&whole).map_err(|error| unreachable(path, &error))?;
    let connection = Connection::open(&whole).map_err(|error| unreachable(path, &error))?;
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

/// The path from the root on, under which there is a file or nothing yet.
///
/// SQLite takes `:memory:` and names that begin with `file:` for something else than files, and what is stored there is gone with the
/// process; it takes no path from the root for anything but a file. Of a device or a pipe it would say that the disk is broken, or nothing at all.
///
/// # Errors
/// When something else than a file is there.
pub(super) fn whole(path: &Path) -> std::io::Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    match std::fs::metadata(&whole) {
        Ok(about) if !about.is_file() => Err(std::io::Error::other(if about.is_dir() {
            "it is a directory, expected a SQLite file"
        } else {
            "it is a device, a pipe or a socket, expected a SQLite file"
        })),
        _ => Ok(whole),
    }
}

pub(super) fn unreachable(path: &Path, reason: &impl ToString) -> StoreError {
    StoreError::Unreachable {
        database: redacted::path(path),
        reason: reason.to_string(),
    }
}

/// Makes the file, if it is not there, so that only its owner can read it: a checkout's id is all it takes to see it.
///
/// A file that is there is not opened: closing it would give up every lock that this process has on it (POSIX), those of SQLite's
/// connections too. Another program with an older SQLite that looks into the file then takes itself for the only one, and deletes the log
/// into which this one goes on writing.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        made => return made.map(drop),
    }
    match std::fs::metadata(path) {
        Ok(_) => writable(path),
        // A link to a file that is not there.
        Err(_) => options.create_new(false).create(true).open(path).map(drop),
    }
}

/// Whether this process may write there.
#[cfg(unix)]
pub(super) fn writable(path: &Path) -> std::io::Result<()> {
    Ok(rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?)
}

/// Whether this process may write there.
#[cfg(not(unix))]
pub(super) fn writable(path: &Path) -> std::io::Result<()> {
    if std::fs::metadata(path)?.permissions().readonly() {
        return Err(std::io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::whole;

    #[test]
    fn every_path_is_that_of_a_file() {
        for name in [":memory:", "file::memory:", "file:pay.sqlite3?mode=memory"] {
            let whole = whole(Path::new(name)).unwrap();
            assert!(whole.is_absolute() && whole.ends_with(name), "{name}");
        }
        for there in ["/dev/null", "/"] {
            whole(Path::new(there)).unwrap_err();
        }
    }
}
