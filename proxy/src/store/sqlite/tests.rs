//! The file: private, durable, and a prefix of what was written whatever happens to its log.

mod plans;
mod upgrade;

use std::path::Path;
use std::sync::Arc;

use checkout::wire::DepositState;
use rusqlite::Connection;

use super::Sqlite;
use crate::checkouts::idempotency_key::IdempotencyKey;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests as sample;
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits::{Listed, ListedDeposit};
use crate::store::database::{Checkouts, Deposits};
use crate::store::error::StoreError;
use crate::store::suite::{Empty, suite};

/// Opens a file.
async fn open(path: &Path) -> Result<Arc<Sqlite>, StoreError> {
    Ok(Arc::new(Sqlite::open(path).await?.0))
}

/// A new file.
async fn empty() -> Empty {
    let directory = tempfile::tempdir().unwrap();
    let database = open(&directory.path().join("s.sqlite3")).await.unwrap();
    Empty::new(database, directory)
}

suite!(crate::store::sqlite::tests::empty);

fn key(key: &str) -> IdempotencyKey {
    IdempotencyKey {
        shop: ShopId::default(),
        scope: "merchant".to_owned(),
        key: key.to_owned(),
        fingerprint: [1; 32],
    }
}

fn count(path: &Path, table: &str) -> i64 {
    Connection::open(path)
        .unwrap()
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap()
}

#[tokio::test]
async fn jobs_that_are_committed_together_fail_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let store = open(&path).await.unwrap();
    let writes = (0..200).map(|number: u32| {
        let store = store.clone();
        tokio::spawn(async move {
            let id = format!("{number}");
            store
                .write(move |connection| {
                    connection.execute(
                        "INSERT INTO idempotency_keys (store, scope, key, fingerprint, created_at) VALUES ('s', 't', ?1, x'00', 0)",
                        [&id],
                    )?;
                    if number.is_multiple_of(3) {
                        Err(StoreError::Unreadable("on purpose".to_owned()))
                    } else {
                        Ok(())
                    }
                })
                .await
                .is_ok()
        })
    });
    let mut succeeded = 0;
    for write in writes.collect::<Vec<_>>() {
        succeeded += i64::from(write.await.unwrap());
    }
    assert_eq!((succeeded, count(&path, "idempotency_keys")), (133, 133));
}

#[tokio::test]
async fn a_newer_file_is_left_alone_and_an_old_one_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    drop(open(&path).await.unwrap());
    drop(open(&path).await.unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(matches!(
        open(&path).await,
        Err(StoreError::Newer { found: 99, .. })
    ));
    let text = directory.path().join("text");
    std::fs::write(
        &text,
        "this is no database, and longer than a page header would be ".repeat(20),
    )
    .unwrap();
    assert!(matches!(
        open(&text).await,
        Err(StoreError::Unreachable { .. })
    ));
    assert!(matches!(
        open(&directory.path().join("no/such/directory")).await,
        Err(StoreError::Unreachable { .. })
    ));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let _store = open(&path).await.unwrap();
    for ending in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{}{ending}", path.display()))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{ending}");
    }
}

/// Cuts and flips the write-ahead log as a torn write would, and opens what is left: never damaged, always a prefix.
#[tokio::test]
async fn a_mutilated_log_leaves_a_prefix() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let wal = directory.path().join("s.sqlite3-wal");
    let store = open(&path).await.unwrap();
    for number in 0..60 {
        let made = sample::payment();
        let key = key(&format!("{number:03}"));
        store.add_checkout_once(made, key).await.unwrap();
    }
    let (main, log) = (std::fs::read(&path).unwrap(), std::fs::read(&wal).unwrap());
    assert!(log.len() > 60 * 4096, "every commit is in the log");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % limit as u64).unwrap()
    };
    let copy = directory.path().join("copy.sqlite3");
    let mut lengths = std::collections::BTreeSet::new();
    for round in 0..150 {
        let mut log = log.clone();
        match round % 3 {
            0 => log.truncate(below(log.len())),
            1 => {
                let at = below(log.len());
                log[at] ^= 1 << below(8);
            }
            _ => {
                let at = below(log.len() - 512);
                log[at..at + 512].fill(0);
            }
        }
        std::fs::write(&copy, &main).unwrap();
        std::fs::write(directory.path().join("copy.sqlite3-wal"), &log).unwrap();
        drop(std::fs::remove_file(
            directory.path().join("copy.sqlite3-shm"),
        ));
        let connection = Connection::open(&copy).unwrap();
        let verdict: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok", "round {round}");
        let has_tables: bool = connection
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'checkouts')",
                [],
                |row| row.get(0),
            )
            .unwrap();
        if !has_tables {
            continue;
        }
        let keys: Vec<String> = {
            let mut rows = connection
                .prepare("SELECT key FROM idempotency_keys ORDER BY key")
                .unwrap();
            rows.query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        let prefix: Vec<String> = (0..keys.len())
            .map(|number| format!("{number:03}"))
            .collect();
        assert_eq!(keys, prefix, "round {round}");
        let checkouts: i64 = connection
            .query_row("SELECT count(*) FROM checkouts", [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            checkouts,
            keys.len() as i64,
            "a key never without its checkout"
        );
        lengths.insert(keys.len());
    }
    assert!(lengths.len() > 20, "the mutilations bit: {lengths:?}");
}

/// Reads that last until the sender is dropped.
fn held_reads(
    store: &Arc<Sqlite>,
    many: usize,
) -> (
    Vec<tokio::task::JoinHandle<()>>,
    Vec<std::sync::mpsc::Sender<()>>,
) {
    (0..many)
        .map(|_| {
            let (hold, held) = std::sync::mpsc::channel::<()>();
            let store = store.clone();
            let reading = tokio::spawn(async move {
                drop(store.read(move |_| Ok(held.recv().is_ok())).await);
            });
            (reading, hold)
        })
        .unzip()
}

#[tokio::test]
async fn readers_who_go_away_do_not_leave_the_next_one_without_a_connection() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    let (readings, holds) = held_reads(&store, super::readers::READERS);
    while store.readers.idle_connections() > 0 {
        tokio::task::yield_now().await;
    }
    for reading in &readings {
        reading.abort();
    }
    for reading in readings {
        assert!(reading.await.unwrap_err().is_cancelled());
    }
    // All who asked are gone, and their readings still run.
    let next = tokio::spawn({
        let store = store.clone();
        async move { store.read(|_| Ok(7)).await }
    });
    tokio::task::yield_now().await;
    drop(holds);
    assert_eq!(next.await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn a_reading_that_panics_leaves_its_connection_to_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    for _ in 0..2 * super::readers::READERS {
        let outcome = store
            .read(|_| -> Result<(), StoreError> { panic!("on purpose") })
            .await;
        assert!(
            matches!(outcome, Err(StoreError::Refused(_))),
            "{outcome:?}"
        );
    }
    assert_eq!(store.read(|_| Ok(7)).await.unwrap(), 7);
}

#[tokio::test]
async fn a_change_that_panics_is_undone_and_the_next_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let store = open(&path).await.unwrap();
    let outcome = store
        .write(|connection| -> Result<(), StoreError> {
            super::checkouts::insert(connection, &sample::payment())?;
            panic!("on purpose")
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::NotDone)), "{outcome:?}");
    store.add_checkout(sample::payment()).await.unwrap();
    assert_eq!(count(&path, "checkouts"), 1);
}

#[tokio::test]
async fn no_entry_of_a_history_is_changed_and_none_goes_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let store = open(&path).await.unwrap();
    store.add_checkout(sample::payment()).await.unwrap();
    let file = Connection::open(&path).unwrap();
    for (statement, words) in [
        ("UPDATE history SET became = 'x'", "never changed"),
        ("DELETE FROM history", "kept as long as its checkout"),
        (
            "INSERT OR REPLACE INTO history SELECT seq, store, checkout_id, customer, at, source, kind, invoice, deposit, was, 'x' FROM history",
            "kept as long as its checkout",
        ),
    ] {
        file.execute_batch("PRAGMA recursive_triggers = ON")
            .unwrap();
        let refused = file.execute_batch(statement).unwrap_err().to_string();
        assert!(refused.contains(words), "{statement}: {refused}");
    }
    assert_eq!(count(&path, "history"), 1);
}

#[tokio::test]
async fn no_row_of_the_ledger_is_changed_or_deleted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let store = open(&path).await.unwrap();
    let reading = DepositReading {
        shop: ShopId::default(),
        paid_to: PaidTo::Customer(uuid::Uuid::nil()),
        listed: Listed {
            deposits: vec![ListedDeposit {
                id: "a".to_owned(),
                amount: sample::amount("5"),
                currency: "USDT".to_owned().into(),
                expected: None,
                state: Some(DepositState::Confirmed),
                transaction: None,
                sender: None,
                at: None,
            }],
            ..Listed::default()
        },
        customer: None,
        source: Source::Poll,
        teller: crate::reading::events::tests::teller(),
        at: sample::NOW,
    };
    store.take_in_deposits(reading).await.unwrap();
    let file = Connection::open(&path).unwrap();
    for (statement, words) in [
        ("UPDATE ledger SET received = '6'", "never changed"),
        ("UPDATE ledger SET fee = '1' WHERE fee IS NULL", "never changed"),
        ("DELETE FROM ledger", "never deleted"),
        (
            "INSERT INTO ledger SELECT seq + 1, store, kind, 'other', checkout_id, 'other', currency, source, at, transaction_id, received,
                    asked, expected, sender, transaction_hash, deposited_at, late, second, credited, fee, fiat, rate, worth, reason, says
             FROM ledger",
            "UNIQUE constraint failed: ledger.store, ledger.transaction_id",
        ),
    ] {
        let refused = file.execute_batch(statement).unwrap_err().to_string();
        assert!(refused.contains(words), "{statement}: {refused}");
    }
    assert_eq!(count(&path, "ledger"), 1);
}
