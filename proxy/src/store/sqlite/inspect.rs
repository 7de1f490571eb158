//! Looking at a file without making or changing it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::checkouts;
use super::file;
use super::schema::VERSION;
use crate::checkouts::shop_id::ShopId;
use crate::input::redacted;

/// The first version whose rows name their shops; those of older ones are all of one.
const NAMES_SHOPS: i64 = 8;

/// What there is under a path, as a sentence.
///
/// # Errors
/// What was expected and what is there, when it cannot be used.
pub(in crate::store) fn inspect(path: &Path) -> Result<String, String> {
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
        Ok(about) if !about.is_file() => {
            Err("is a device, a pipe or a socket, expected a SQLite file".to_owned())
        }
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

/// The shops that have rows in a file which [`inspect`] found nothing wrong with.
///
/// # Errors
/// What the file says when they cannot be read.
pub(in crate::store) fn shops_in(path: &Path) -> Result<Vec<ShopId>, String> {
    if std::fs::metadata(path).map_or(true, |about| about.len() == 0) {
        return Ok(Vec::new());
    }
    let cannot = |error: &dyn std::fmt::Display| format!("its stores cannot be read: {error}");
    let (version, tables) = schema_of(path).map_err(|error| cannot(&error))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let opened = opened(path).map_err(|error| cannot(&error))?;
    if version >= NAMES_SHOPS {
        return checkouts::shops(&opened).map_err(|error| cannot(&error));
    }
    let query = "SELECT EXISTS (SELECT 1 FROM checkouts)";
    let has_rows: bool = opened
        .query_row(query, [], |row| row.get(0))
        .map_err(|error| cannot(&error))?;
    Ok(has_rows.then(ShopId::default).into_iter().collect())
}

/// The version of the schema and how many tables there are.
fn schema_of(path: &Path) -> Result<(i64, i64), rusqlite::Error> {
    let connection = opened(path)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((version, tables))
}

/// The file, to be read without leaving a trace.
fn opened(path: &Path) -> Result<Connection, rusqlite::Error> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    // A database in WAL mode that nobody has open is read as it lies there; otherwise SQLite would make files beside it.
    let lies_still = std::fs::metadata(wal).map_or(true, |about| about.len() == 0);
    let mode = if lies_still { "immutable=1" } else { "mode=ro" };
    // From the root on: SQLite takes `:memory:` for no file.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let escaped: String = whole
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
    Connection::open_with_flags(format!("file:{escaped}?{mode}"), flags)
}

fn writable(path: &Path) -> Result<(), String> {
    file::writable(path)
        .map_err(|error| format!("{} cannot be written: {error}", redacted::path(path)))
}
