//! Where the proxy of a test remembers: a SQLite file, or a PostgreSQL database when `CALYPSO_TEST_DATABASE=postgres` asks for one.

use calypso_proxy::DatabasePlace;
use tempfile::TempDir;

use crate::postgres::TestDatabase;

/// Which database tests are to run on that do not care.
const DATABASE: &str = "CALYPSO_TEST_DATABASE";

/// A database that goes with its test.
pub(crate) enum Home {
    File(TempDir),
    Postgres(TestDatabase),
}

impl Home {
    /// On the database that was asked for.
    pub(crate) async fn as_asked() -> Self {
        match std::env::var(DATABASE).as_deref() {
            Err(_) | Ok("" | "sqlite") => Self::file(),
            Ok("postgres") => Self::postgres().await,
            Ok(other) => panic!("{DATABASE}={other}: expected sqlite or postgres"),
        }
    }

    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn postgres() -> Self {
        let made = TestDatabase::new(async |url: &str| {
            let place = DatabasePlace::postgres(url).unwrap();
            calypso_proxy::migrate(&place).await.unwrap();
        });
        Self::Postgres(made.await)
    }

    /// On PostgreSQL, with no table yet.
    pub(crate) async fn postgres_without_tables() -> Self {
        Self::Postgres(TestDatabase::without_tables().await)
    }

    pub(crate) fn place(&self) -> DatabasePlace {
        match self {
            Self::File(directory) => directory.path().join("proxy.sqlite3").into(),
            Self::Postgres(database) => DatabasePlace::postgres(database.url()).unwrap(),
        }
    }
}
