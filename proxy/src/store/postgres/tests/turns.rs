//! What is repeated, and with whom nothing is given up that a second look would have mended.

use futures_util::future::join_all;

use super::database::client;
use super::made;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::tests as sample;
use crate::store::database::{Checkouts, Counts};
use crate::store::postgres::failure::Failure;

/// Statements are sent one behind the other without waiting. When the first is broken off, those behind it are told only that their
/// transaction has failed, and that may be the answer that is looked at first.
#[tokio::test]
async fn a_statement_behind_one_that_was_broken_off_is_repeated_with_it() {
    let (_home, database) = made().await;
    let transaction = database.begin_alone().await.unwrap();
    let broken_off =
        "DO $$ BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END $$";
    let first = transaction.make(broken_off).await;
    assert!(matches!(first, Err(Failure::Met(_))), "{first:?}");
    let behind = transaction.rows("SELECT 1", &[]).await;
    let behind = behind.unwrap_err();
    assert!(behind.is_of_another(), "{behind:?}");
    let cause = transaction.cause(behind);
    assert!(matches!(cause, Failure::Met(_)), "{cause:?}");
}

/// One statement is prepared already, and the one before it is not: it takes a way to the database and back more.
#[tokio::test]
async fn a_statement_that_has_to_be_prepared_is_not_overtaken() {
    let (_home, database) = made().await;
    let transaction = database.begin_alone().await.unwrap();
    transaction
        .make("CREATE TEMPORARY TABLE numbers (number BIGINT NOT NULL)")
        .await
        .unwrap();
    let change = "UPDATE numbers SET number = 2";
    assert_eq!(transaction.run(change, &[]).await.unwrap(), 0);
    let (added, changed, read) = tokio::join!(
        biased;
        transaction.run("INSERT INTO numbers VALUES (1)", &[]),
        transaction.run(change, &[]),
        transaction.has("SELECT 1 FROM numbers WHERE number = 2", &[]),
    );
    assert_eq!(
        (added.unwrap(), changed.unwrap(), read.unwrap()),
        (1, 1, true)
    );
}

/// A newer proxy brings the tables up to date while this one goes on: each of its connections has prepared statements for the old ones.
#[tokio::test(flavor = "multi_thread")]
async fn tables_that_have_got_a_column_are_read_by_every_connection_there_is() {
    let (home, database) = made().await;
    let id: CheckoutId = {
        let checkout = sample::payment();
        database.add_checkout(checkout.clone()).await.unwrap();
        checkout.id
    };
    let beside = client(home.url()).await;
    // Held up until all of them wait, each on a connection of its own.
    beside
        .batch_execute("BEGIN; LOCK TABLE deposits IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let asked: Vec<_> = (0..16)
        .map(|_| {
            let database = std::sync::Arc::clone(&database);
            tokio::spawn(async move { database.snapshot(id).await })
        })
        .collect();
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'deposits'::regclass";
    while beside
        .query_one(waiting, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        < 16
    {
        tokio::task::yield_now().await;
    }
    beside.batch_execute("COMMIT").await.unwrap();
    for one in asked {
        assert!(one.await.unwrap().unwrap().is_some());
    }
    beside
        .batch_execute("ALTER TABLE checkouts ADD COLUMN later TEXT; ALTER TABLE invoices ADD COLUMN later TEXT")
        .await
        .unwrap();
    for read in join_all((0..16).map(|_| database.snapshot(id))).await {
        assert!(read.unwrap().is_some());
    }
    assert_eq!(database.books().await.unwrap().checkouts, 1);
}
