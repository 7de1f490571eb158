//! Looking at a file without making or changing it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::schema::VERSION;
use crate::input::redacted;

/// What there is under a path, as a sentence.
///
/// # Errors
/// What was expected and what is there, when it cannot be used.
pub(crate) fn inspect(path: &Path) -> Result<String, String> {
    let shown = redacted::path(path);
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let directory = match path.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            let there = std::fs::metadata(directory).map_err(|error| {
                let directory = redacted::path(directory);
format!(
                    "its directory {directory} cannot be used: {error}; make it, or name another file in `database`"
)
            })?;
            if !there.is_dir() {
                return Err(format!(
                    "{} is a file, expected a directory",
                    redacted::path(directory)
                ));
            }
            writable(directory)?;
            Ok(format!("{shown} is not there yet; `serve` makes it"))
        }
        Err(error) => Err(error.to_string()),
        Ok(about) if about.is_dir() => Err("is a directory, expected a SQLite file".to_owned()),
        Ok(about) => {
            writable(path)?;
            if about.len() == 0 {
                return Ok(format!("{shown} is empty; `serve` makes its tables"));
            }
            let found = schema_of(path)
                .map_err(|error| format!("is no database of this program: {error}"))?;
            match found {
                (0, 0) => Ok(format!("{shown} is empty; `serve` makes its tables")),
                (0, _) => Err(
                    "is the database of another program: its tables have no version of ours"
                        .to_owned(),
                ),
                (VERSION, _) => Ok(format!("{shown} opens and has the current schema")),
                (older, _) if older < VERSION => Ok(format!(
                    "{shown} has schema {older}; `serve` brings it to {VERSION}"
                )),
                (newer, _) => Err(format!(
                    "has schema version {newer}, this program knows up to {VERSION}: use the newer program"
                )),
            }
        }
    }
}

/// The version of the schema and how many tables there are, read without leaving a trace.
fn schema_of(path: &Path) -> Result<(i64, i64), rusqlite::Error> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    // A database in WAL mode that nobody has open is read as it lies there; otherwise SQLite would make files beside it.
    let lies_still = std::fs::metadata(wal).map_or(true, |about| about.len() == 0);
    let mode = if lies_still { "immutable=1" } else { "mode=ro" };
    let escaped: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            other => other.to_string(),
        })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{escaped}?{mode}"), flags)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((version, tables))
}

#[cfg(unix)]
fn writable(path: &Path) -> Result<(), String> {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK)
        .map_err(|error| format!("{} cannot be written: {error}", redacted::path(path)))
}

#[cfg(not(unix))]
fn writable(path: &Path) -> Result<(), String> {
    match std::fs::metadata(path) {
        Ok(about) if about.permissions().readonly() => {
            Err(format!("{} cannot be written", redacted::path(path)))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
