//! The suite on PostgreSQL, and what only PostgreSQL can get wrong.

#[cfg(feature = "tls")]
#[path = "../../../tests/it/postgres/certificates.rs"]
mod certificates;
mod copying;
#[path = "../../../tests/it/postgres/database.rs"]
mod database;
mod faults;
#[cfg(feature = "tls")]
mod listening;

mod patience;
mod plans;
mod relay;
mod replicas;
mod rounds;
mod shared_readings;
mod turns;

use std::sync::Arc;

use self::database::TestDatabase;
use super::Postgres;
use crate::config::{DatabasePlace, PostgresPlace};
use crate::store::suite::{Empty, suite};

fn place(url: &str) -> PostgresPlace {
    match DatabasePlace::postgres(url).unwrap() {
        DatabasePlace::Postgres(place) => place,
        DatabasePlace::File(path) => panic!("{} is a file", path.display()),
    }
}

/// A new database with the tables in it.
async fn made() -> (TestDatabase, Arc<Postgres>) {
    let made = TestDatabase::new(async |url: &str| {
        drop(Postgres::open(&place(url)).await.unwrap());
    })
    .await;
    let (database, _) = Postgres::open(&place(made.url())).await.unwrap();
    (made, Arc::new(database))
}

async fn empty() -> Empty {
    let (made, database) = made().await;
    Empty::new(database, made)
}

suite!(crate::store::postgres::tests::empty);
