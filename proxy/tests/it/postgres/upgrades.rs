//! A database of every older version of PostgreSQL's schema is brought up to date: nothing in it is lost, and all of it is served.

use std::path::Path;

use calypso_proxy::DatabasePlace;
use calypso_sandbox::WallClock;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::TestDatabase;
use super::database::client;
use crate::sqlite::upgrades::{OldFile, is_served};
use crate::support::{Gateway, Home, TestProxy};

/// The version with which PostgreSQL came, and the steps from there as they have shipped.
const FIRST: usize = 8;
const STEPS: [&str; 11] = [
    include_str!("../../../src/store/postgres/schema_8.sql"),
    include_str!("../../../src/store/postgres/schema_9.sql"),
    include_str!("../../../src/store/postgres/schema_10.sql"),
    include_str!("../../../src/store/postgres/schema_11.sql"),
    include_str!("../../../src/store/postgres/schema_12.sql"),
    include_str!("../../../src/store/postgres/schema_13.sql"),
    include_str!("../../../src/store/postgres/schema_14.sql"),
    include_str!("../../../src/store/postgres/schema_15.sql"),
    include_str!("../../../src/store/postgres/schema_16.sql"),
    include_str!("../../../src/store/postgres/schema_17.sql"),
    include_str!("../../../src/store/postgres/schema_18.sql"),
];

/// A value as it is written in a statement.
fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        // A number goes into a flag as well.
        ValueRef::Integer(number) => format!("'{number}'"),
        ValueRef::Text(text) => format!(
            "'{}'",
            std::str::from_utf8(text).unwrap().replace('\'', "''")
        ),
        ValueRef::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("'\\x{hex}'")
        }
        ValueRef::Real(number) => panic!("{number} is a fraction"),
    }
}

/// Every row of a file, as statements, each table behind those that its rows name rows of.
fn rows(file: &Path) -> Vec<String> {
    let file = Connection::open(file).unwrap();
    let tables = [
        "checkouts",
        "invoice_requests",
        "invoices",
        "idempotency_keys",
        "customers",
        "purses",
        "chosen_purses",
        "deposits",
        "deposit_flags",
        "alarms",
        "history",
        "subscriptions",
        "deliveries",
        "ledger",
        "events",
        "gone_targets",
    ];
    let mut statements = Vec::new();
    for table in tables {
        let Ok(mut query) = file.prepare(&format!("SELECT * FROM {table}")) else {
            continue;
        };
        let columns = query.column_names().collect::<Vec<_>>().join(", ");
        let count = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..count).map(|place| literal(row.get_ref(place).unwrap()));
            let values = values.collect::<Vec<_>>().join(", ");
            statements.push(format!("INSERT INTO {table} ({columns}) VALUES ({values})"));
        }
    }
    // The numbers go on behind those that were written with their rows.
    for table in ["history", "ledger", "events"] {
        if let Ok(highest) = file.query_row(
            &format!("SELECT coalesce(max(seq), 0) FROM {table}"),
            [],
            |row| row.get::<_, i64>(0),
        ) {
            statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN seq RESTART WITH {}",
                highest + 1
            ));
        }
    }
    statements
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_older_version_has_written_into_postgres_is_there_and_goes_on() {
    for version in FIRST..FIRST + STEPS.len() {
        let home = TestDatabase::without_tables().await;
        let beside = client(home.url()).await;
        for step in &STEPS[..=version - FIRST] {
            beside.batch_execute(step).await.unwrap();
        }
        let named = format!(
            "CREATE TABLE schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL);
             INSERT INTO schema_version VALUES (1, {version})"
        );
        beside.batch_execute(&named).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("old.sqlite3");
        OldFile::make(&file, version, WallClock::default().now());
        for statement in rows(&file) {
            beside
                .batch_execute(&statement)
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        }
        let place = DatabasePlace::postgres(home.url()).unwrap();
        let migrated = calypso_proxy::migrate(&place).await.unwrap();
        let newest = i64::try_from(FIRST + STEPS.len() - 1).unwrap();
        assert_eq!(
            (migrated.from, migrated.to),
            (i64::try_from(version).unwrap(), newest)
        );
        let mut shop =
            TestProxy::at_home(Home::Postgres(home), Gateway::start().await, |_| {}).await;
        is_served(&mut shop, version).await;
    }
}
