//! How long is waited for a database that does not answer, and for one that has much to do.

use std::time::Duration;

use super::database::{TestDatabase, client};
use super::relay::Relay;
use super::{made, place};
use crate::checkouts::tests as sample;
use crate::store::database::{Checkouts, Counts};
use crate::store::error::StoreError;
use crate::store::migrated::Migrated;
use crate::store::postgres::Postgres;
use crate::store::postgres::patience::Patience;
use crate::store::postgres::schema::{VERSION, migrate};

const SHORT: Patience = Patience {
    answer: Duration::from_secs(1),
    connection: Duration::from_secs(1),
    turn: Duration::from_secs(1),
};

/// Somebody else makes the step just now, with so many rows that it takes longer than any answer may take.
#[tokio::test]
async fn a_step_of_the_schema_is_waited_for_as_long_as_it_takes() {
    let home = TestDatabase::without_tables().await;
    let (first, _) = Postgres::open(&place(home.url())).await.unwrap();
    drop(first);
    let beside = client(home.url()).await;
    beside
        .batch_execute("UPDATE schema_version SET version = version - 1; BEGIN; UPDATE schema_version SET version = version + 1")
        .await
        .unwrap();
    let here = place(home.url());
    let waiting = tokio::spawn(async move {
        let database = Postgres::patient(&here, SHORT).unwrap();
        migrate(&database).await
    });
    let late = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND clock_timestamp() - query_start > interval '{} milliseconds'",
        (SHORT.answer * 2).as_millis()
    );
    while !waiting.is_finished()
        && beside.query_one(&late, &[]).await.unwrap().get::<_, i64>(0) == 0
    {
        tokio::task::yield_now().await;
    }
    beside.batch_execute("COMMIT").await.unwrap();
    let found = Migrated {
        from: VERSION,
        to: VERSION,
    };
    assert_eq!(waiting.await.unwrap().unwrap(), found);
}

/// Waits until the database answers. A busy computer may need several goes within so little patience.
async fn answers(database: &Postgres) {
    for _ in 0..60 {
        if database.books().await.is_ok() {
            return;
        }
    }
    panic!("the database does not answer");
}

/// A server that is stopped takes connections and bytes, and says nothing.
#[tokio::test]
async fn a_database_that_hangs_is_refused_by_name_to_everybody_and_afterwards_it_goes_on() {
    let (home, _) = made().await;
    let relay = Relay::start(&home).await;
    let database = Postgres::patient(&relay.place(&home), SHORT).unwrap();
    answers(&database).await;
    relay.hang();
    for _ in 0..2 {
        let asking = (0..40).map(|_| database.add_checkout(sample::payment()));
        for refused in futures_util::future::join_all(asking).await {
            assert!(
                matches!(refused, Err(StoreError::Unavailable(_))),
                "{refused:?}"
            );
        }
        let refused = database.books().await;
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
    }
    relay.open();
    answers(&database).await;
    // Those that were on their way when it hung were given up with their connections.
    assert_eq!(database.books().await.unwrap().checkouts, 0);
}
