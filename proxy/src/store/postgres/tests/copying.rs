//! From a SQLite file to PostgreSQL: everything, or nothing.

use std::path::Path;

use super::database::{TestDatabase, client};
use super::place;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::tests::{self as sample, NOW};
use crate::config::DatabasePlace;
use crate::store::books::Books;
use crate::store::copied::CopyError;
use crate::store::copy::copy;
use crate::store::database::{Checkouts, Counts, Database, History};
use crate::store::postgres::{Postgres, inspect};
use crate::store::sqlite::Sqlite;
use crate::store::suite::samples::{asked, confirmed, finish, listed, read, to};

/// A file with some of everything in it.
async fn filled(path: &Path) -> (Checkout, Books, String) {
    let (file, _) = Sqlite::open(path).await.unwrap();
    let (checkout, invoice) = asked(&file, sample::payment(), 1).await;
    finish(&file, &invoice, NOW).await;
    let database: &dyn Database = &file;
    database
        .take_in(read(&invoice, "MEM_POOL_FOUND", "0"))
        .await
        .unwrap()
        .unwrap();
    let list = listed(
        to(&invoice),
        &[confirmed("d-1", "10", NOW), confirmed("d-2", "2.5", NOW)],
    );
    database.take_in_deposits(list).await.unwrap();
    for _ in 0..450 {
        database.add_checkout(sample::payment()).await.unwrap();
    }
    let history = format!("{:?}", database.history(0, 999).await.unwrap());
    (checkout, database.books().await.unwrap(), history)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_afterwards_and_the_numbers_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let (checkout, books, history) = filled(&path).await;
    let home = TestDatabase::without_tables().await;
    let copied = copy(&DatabasePlace::File(path.clone()), &place(home.url()))
        .await
        .unwrap();
    let rows = |table: &str| copied.iter().find(|one| one.table == table).unwrap().rows;
    assert_eq!(
        (rows("checkouts"), rows("invoices"), rows("deposits")),
        (451, 1, 2)
    );
    let (file, _) = Sqlite::open(&path).await.unwrap();
    let (target, _) = Postgres::open(&place(home.url())).await.unwrap();
    assert_eq!(target.books().await.unwrap(), books);
    let both = (
        file.snapshot(checkout.id).await.unwrap(),
        target.snapshot(checkout.id).await.unwrap(),
    );
    assert_eq!(format!("{:?}", both.0), format!("{:?}", both.1));
    assert_eq!(
        format!("{:?}", target.history(0, 999).await.unwrap()),
        history
    );
    target.add_checkout(sample::payment()).await.unwrap();
    assert_eq!(target.books().await.unwrap().checkouts, 452);
    drop(file);
    // And not a second time.
    let again = copy(&DatabasePlace::File(path), &place(home.url())).await;
    assert!(matches!(again, Err(CopyError::NotEmpty(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_in_use_is_not_copied() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let (file, _) = Sqlite::open(&path).await.unwrap();
    let home = TestDatabase::without_tables().await;
    let refused = copy(&DatabasePlace::File(path.clone()), &place(home.url())).await;
    assert!(matches!(refused, Err(CopyError::InUse)), "{refused:?}");
    file.add_checkout(sample::payment()).await.unwrap();
    drop(file);
    copy(&DatabasePlace::File(path), &place(home.url()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_breaks_off_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    filled(&path).await;
    let home = TestDatabase::without_tables().await;
    let (target, _) = Postgres::open(&place(home.url())).await.unwrap();
    let beside = client(home.url()).await;
    for (spoil, mend) in [
        ("ALTER TABLE deposits ADD CONSTRAINT spoilt CHECK (id <> 'd-2')", "ALTER TABLE deposits DROP CONSTRAINT spoilt"),
        ("ALTER TABLE deposits ADD COLUMN more TEXT", "ALTER TABLE deposits DROP COLUMN more"),
        ("CREATE TABLE more (id BIGINT)", "DROP TABLE more"),
        // What is written otherwise than it came is noticed.
        (
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.amount := '1' || NEW.amount; RETURN NEW; END $$;
             CREATE TRIGGER spoiling BEFORE INSERT ON deposits FOR EACH ROW EXECUTE FUNCTION spoil()",
            "DROP TRIGGER spoiling ON deposits",
        ),
    ] {
        beside.batch_execute(spoil).await.unwrap();
        let refused = copy(&DatabasePlace::File(path.clone()), &place(home.url())).await;
        assert!(refused.is_err(), "{spoil}");
        assert_eq!(target.books().await.unwrap(), Books::default(), "{spoil}");
        beside.batch_execute(mend).await.unwrap();
    }
    copy(&DatabasePlace::File(path), &place(home.url()))
        .await
        .unwrap();
}

/// A provider's extensions put views of theirs beside the tables; they are nobody's rows.
#[tokio::test(flavor = "multi_thread")]
async fn views_of_others_beside_the_tables_are_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    filled(&path).await;
    let home = TestDatabase::without_tables().await;
    let beside = client(home.url()).await;
    let view =
        "CREATE VIEW pg_stat_statements AS SELECT 1::oid AS userid, 0.5::double precision AS total";
    beside.batch_execute(view).await.unwrap();
    let (said, _) = inspect(&place(home.url())).await.unwrap();
    assert!(said.contains("is empty"), "{said}");
    copy(&DatabasePlace::File(path), &place(home.url()))
        .await
        .unwrap();
}

/// SQLite keeps U+0000 in a text, PostgreSQL keeps none. What stands for it there must not make the whole move impossible.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_postgres_cannot_hold_is_copied_as_it_would_have_been_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let (checkout, ..) = filled(&path).await;
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("UPDATE invoices SET status = 'PA' || char(0) || 'ID'")
        .unwrap();
    let home = TestDatabase::without_tables().await;
    copy(&DatabasePlace::File(path), &place(home.url()))
        .await
        .unwrap();
    let (target, _) = Postgres::open(&place(home.url())).await.unwrap();
    let snapshot = target.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(snapshot.invoices[0].status.as_str(), "PA\u{1a}ID");
}
