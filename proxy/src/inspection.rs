//! Looking at what a configuration names, without changing any of it: the database, the widget's files, the gateway, the port.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::assets::{Assets, AssetsError};
use crate::checkouts::offer::Offer;
use crate::config::GatewayConfig;
use crate::gateway::Gateway;
use crate::input::shown_value;
use crate::store::VERSION;

/// What is wrong with something that a configuration names.
#[derive(Debug, thiserror::Error)]
pub enum InspectionError {
    /// The database's path cannot be used.
    #[error("database: {}: {reason}", shown_value::path(path))]
    Database {
        /// The path, as the key `database` says it.
        path: PathBuf,
        /// What was expected and what is there.
        reason: String,
    },
    /// The widget's files are not complete.
    #[error("widget: `assets`: {0}")]
    Assets(#[from] AssetsError),
    /// The gateway does not take what the configuration says.
    #[error("gateway: {}: {reason}", shown_value::value(base_url))]
    Gateway {
        /// Its address.
        base_url: String,
        /// What it answered, and which key to look at.
        reason: String,
    },
    /// Nothing can listen there.
    #[error("listen: {address}: {reason}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// What the operating system said.
        reason: std::io::Error,
    },
}

/// Looks at the database without making or changing it.
///
/// # Errors
/// [`InspectionError::Database`].
pub fn inspect_database(path: &Path) -> Result<String, InspectionError> {
    let wrong = |reason: String| InspectionError::Database {
        path: path.to_owned(),
        reason,
    };
    let shown = shown_value::path(path);
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let directory = match path.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            let there = std::fs::metadata(directory).map_err(|error| {
                let directory = shown_value::path(directory);
                wrong(format!(
                    "its directory {directory} cannot be used: {error}; make it, or name another file in `database`"
                ))
            })?;
            if !there.is_dir() {
                return Err(wrong(format!(
                    "{} is a file, expected a directory",
                    shown_value::path(directory)
                )));
            }
            writable(directory).map_err(wrong)?;
            Ok(format!(
                "database: {shown} is not there yet; `serve` makes it"
            ))
        }
        Err(error) => Err(wrong(error.to_string())),
        Ok(about) if about.is_dir() => {
            Err(wrong("is a directory, expected a SQLite file".to_owned()))
        }
        Ok(about) => {
            writable(path).map_err(wrong)?;
            if about.len() == 0 {
                return Ok(format!(
                    "database: {shown} is empty; `serve` makes its tables"
                ));
            }
            let found = schema_of(path)
                .map_err(|error| wrong(format!("is no database of this program: {error}")))?;
            match found {
                (0, 0) => Ok(format!(
                    "database: {shown} is empty; `serve` makes its tables"
                )),
                (0, _) => Err(wrong(
                    "is the database of another program: its tables have no version of ours"
                        .to_owned(),
                )),
                (VERSION, _) => Ok(format!(
                    "database: {shown} opens and has the current schema"
                )),
                (older, _) if older < VERSION => Ok(format!(
                    "database: {shown} has schema {older}; `serve` brings it to {VERSION}"
                )),
                (newer, _) => Err(wrong(format!(
                    "has schema version {newer}, this program knows up to {VERSION}: use the newer program"
                ))),
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
        .map_err(|error| format!("{} cannot be written: {error}", shown_value::path(path)))
}

#[cfg(not(unix))]
fn writable(path: &Path) -> Result<(), String> {
    match std::fs::metadata(path) {
        Ok(about) if about.permissions().readonly() => {
            Err(format!("{} cannot be written", shown_value::path(path)))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Looks whether the widget's files are complete.
///
/// # Errors
/// [`InspectionError::Assets`].
pub fn inspect_assets(directory: Option<&Path>) -> Result<String, InspectionError> {
    let Some(directory) = directory else {
        return Ok("widget: not served, the key `assets` is not set".to_owned());
    };
    Assets::load(directory)?;
    Ok(format!(
        "widget: {} is complete",
        shown_value::path(directory)
    ))
}

/// Asks the gateway two signed questions, which show that address, key, secret, account and clock are right.
///
/// # Errors
/// [`InspectionError::Gateway`], with the key to look at.
pub async fn inspect_gateway(
    config: &GatewayConfig,
    offered: &Offer,
) -> Result<String, InspectionError> {
    let gateway = Gateway::new(config).map_err(|error| InspectionError::Gateway {
        base_url: config.base_url.to_string(),
        reason: error.to_string(),
    })?;
    probe(&gateway, config, offered).await
}

/// Asks an open gateway.
///
/// # Errors
/// [`InspectionError::Gateway`].
pub(crate) async fn probe(
    gateway: &Gateway,
    config: &GatewayConfig,
    offered: &Offer,
) -> Result<String, InspectionError> {
    let probed = gateway.probe(config, offered).await;
    probed.map_err(|error| InspectionError::Gateway {
        base_url: config.base_url.to_string(),
        reason: error.to_string(),
    })
}

/// Looks whether the proxy could listen there.
///
/// # Errors
/// [`InspectionError::Listen`]; a port that is in use is none, because a running proxy uses it.
pub fn inspect_listen(address: SocketAddr) -> Result<String, InspectionError> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("listen: {address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(format!(
            "listen: {address} is in use now, as it should be while this proxy runs; otherwise choose another in `listen`"
        )),
        Err(reason) => Err(InspectionError::Listen { address, reason }),
    }
}
