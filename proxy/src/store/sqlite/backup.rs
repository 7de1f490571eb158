//! A copy of the file as it is at one moment, while others go on using it.

use std::fs::File;
use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use super::file;
use crate::input::redacted;
use crate::store::backed_up::{BackedUp, BackupError};
use crate::store::error::StoreError;

/// All pages in one step. With several, whoever writes in between has the copy begin anew, and under load it would never end; and one step
/// keeps nobody from writing, because readers of this database never do (WAL).
const ALL_PAGES: std::ffi::c_int = -1;

/// Copies the file, reads the copy through, and only then gives it its name.
///
/// # Errors
/// [`BackupError`].
pub(in crate::store) fn backup(from: &Path, to: &Path) -> Result<BackedUp, BackupError> {
    let unwritable = |reason: &dyn ToString| BackupError::Unwritable {
        to: redacted::path(to),
        reason: reason.to_string(),
    };
    let to_whole = std::path::absolute(to).map_err(|error| unwritable(&error))?;
    if to_whole.symlink_metadata().is_ok() {
        return Err(BackupError::Taken(redacted::path(to)));
    }
    let source = opened(from)?;
    let directory = to_whole.parent().unwrap_or(Path::new("/"));
    // Made for its owner only, under a name that nobody takes for a backup.
    let unfinished = tempfile::Builder::new()
        .prefix(".calypso-backup-")
        .suffix(".unfinished")
        .tempfile_in(directory)
        .map_err(|error| unwritable(&error))?;
    let mut told = copied(&source, unfinished.path())?;
    told.bytes = kept(unfinished, &to_whole).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => BackupError::Taken(redacted::path(to)),
        _ => unwritable(&error),
    })?;
    Ok(told)
}

/// A connection to a database of this program, which is neither made nor changed.
fn opened(path: &Path) -> Result<Connection, BackupError> {
    let whole = file::whole(path).map_err(|error| file::unreachable(path, &error))?;
    if !whole.exists() {
        return Err(BackupError::NotThere(redacted::path(path)));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(whole, flags)
        .map_err(|error| file::unreachable(path, &error))?;
    connection
        .execute_batch("PRAGMA busy_timeout = 5000;")
        .map_err(StoreError::from)?;
    match schema_of(&connection) {
        Ok(0) => Err(BackupError::NotOurs(redacted::path(path))),
        Ok(_) => Ok(connection),
        Err(error) => Err(StoreError::from(error).into()),
    }
}

fn schema_of(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Copies and reads through.
fn copied(source: &Connection, to: &Path) -> Result<BackedUp, BackupError> {
    let mut copy = Connection::open(to).map_err(StoreError::from)?;
    Backup::new(source, &mut copy)
        .and_then(|backup| backup.step(ALL_PAGES))
        .map_err(StoreError::from)?;
    // One file, with no log beside it that somebody could forget to take along.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(StoreError::from)?;
    soundness(&copy)?;
    let counted = |error: rusqlite::Error| BackupError::Damaged(error.to_string());
    let names = tables(&copy).map_err(counted)?;
    let mut rows = 0;
    for name in &names {
        let query = format!("SELECT count(*) FROM \"{name}\"");
        rows += copy
            .query_row(&query, [], |row| row.get::<_, i64>(0))
            .map_err(counted)?;
    }
    Ok(BackedUp {
        schema: schema_of(&copy).map_err(counted)?,
        tables: names.len(),
        rows,
        bytes: 0,
    })
}

/// Every page, every index and every reference.
fn soundness(copy: &Connection) -> Result<(), BackupError> {
    let damaged = |reason: String| Err(BackupError::Damaged(reason));
    let said = copy.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
    match said {
        Ok(said) if said == "ok" => {}
        Ok(said) => return damaged(said),
        Err(error) => return damaged(error.to_string()),
    }
    let mut broken = copy
        .prepare("PRAGMA foreign_key_check")
        .map_err(StoreError::from)?;
    let table = broken
        .query([])
        .and_then(|mut rows| rows.next()?.map(|row| row.get::<_, String>(0)).transpose());
    match table {
        Ok(None) => Ok(()),
        Ok(Some(table)) => damaged(format!("a row of `{table}` names one that is not there")),
        Err(error) => damaged(error.to_string()),
    }
}

fn tables(copy: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut statement = copy.prepare(query)?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

/// Has it on disk under its name, unless something has that name; gives back its size.
fn kept(unfinished: NamedTempFile, to: &Path) -> std::io::Result<u64> {
    unfinished.as_file().sync_all()?;
    let file = unfinished
        .persist_noclobber(to)
        .map_err(|error| error.error)?;
    if let Some(directory) = to.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(file.metadata()?.len())
}
