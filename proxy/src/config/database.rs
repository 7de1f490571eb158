//! Where the proxy keeps what it remembers: a SQLite file, or a PostgreSQL database.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::database_file;
use super::environment::Environment;
use super::error::ConfigError;
use super::place::Place;
use super::postgres_place::{CONNECTIONS, PostgresPlace, is_url};
use super::secret::Secret;
use super::values::Values;
use super::variables::DATABASE;

/// Where the database is.
#[derive(Debug, Clone)]
pub enum DatabasePlace {
    /// A SQLite file; made if it is not there.
    File(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresPlace),
}

impl DatabasePlace {
    /// The PostgreSQL database with this URL: `postgres://user:password@host:port,second-host/name`.
    ///
    /// # Errors
    /// What was expected, without a word of the URL.
    pub fn postgres(url: &str) -> Result<Self, String> {
        PostgresPlace::parse(url).map(Self::Postgres)
    }

    /// The file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl From<PathBuf> for DatabasePlace {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl fmt::Display for DatabasePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&crate::input::redacted::path(path)),
            Self::Postgres(place) => place.fmt(f),
        }
    }
}

/// The database of a configuration: what `database` says, or the file with the URL that `database_file` names.
pub(super) fn checked(
    values: &mut Values,
    base: &Path,
    environment: &Environment,
) -> Option<DatabasePlace> {
    let connections = values.count("database_connections", CONNECTIONS, 2..=500);
    let notify = values.read_optional("notify", |text| match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected \"on\" or \"off\""),
    });
    let mut place = if values.text("database_file").is_some() {
        from_secret_file(values, base, environment)?
    } else {
        let text = values.required("database")?;
        let place = values.said("database", parse(&text, base))?;
        if let DatabasePlace::Postgres(postgres) = &place
            && postgres.has_password()
            && let Some(line @ (Place::Line(..) | Place::File(_))) = values.place("database")
        {
            values.errors.push(ConfigError::SecretInFile {
                key: "database".to_owned(),
                place: line.to_string(),
                variable: DATABASE.to_owned(),
            });
            return None;
        }
        place
    };
    if let DatabasePlace::Postgres(postgres) = &mut place {
        postgres.connections = connections;
        postgres.notify = notify?.unwrap_or(true);
    }
    Some(place)
}

fn from_secret_file(
    values: &mut Values,
    base: &Path,
    environment: &Environment,
) -> Option<DatabasePlace> {
    if matches!(values.place("database"), Some(Place::Line(..))) {
        values.wrong(
            "database_file",
            "is set beside `database`: expected one of them",
        );
        return None;
    }
    let secret = Secret {
        key: "database",
        file_key: "database_file",
        variable: DATABASE.to_owned(),
        about: "the URL of a PostgreSQL database with its password",
    };
    let url = secret.read(base, environment, values)?;
    let place = match environment.get(DATABASE) {
        Some(said) => parse(said, base),
        // Whatever else the file holds, a SQLite file must not be called so.
        None => DatabasePlace::postgres(url.expose_secret()),
    };
    values.said("database_file", place)
}

fn parse(text: &str, base: &Path) -> Result<DatabasePlace, String> {
    if is_url(text) {
        return DatabasePlace::postgres(text);
    }
    database_file::parse(text, base).map(DatabasePlace::File)
}
