//! Several proxies on one database.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::database::client;
use super::{made, place};
use crate::checkouts::tests as sample;
use crate::store::changes::Changed;
use crate::store::database::{Checkouts, Database};
use crate::store::error::StoreError;
use crate::store::following::look;
use crate::store::handle::Store;
use crate::store::migrated::Migrated;
use crate::store::postgres::Postgres;
use crate::store::postgres::schema::VERSION;

/// What one look tells.
async fn told(
    database: &Postgres,
    cursor: &mut Option<crate::store::cursor::Cursor>,
) -> Vec<Changed> {
    let heard = Mutex::new(Vec::new());
    let tell = |changed| heard.lock().unwrap().push(changed);
    look(database, cursor, Duration::ZERO, &tell).await.unwrap();
    heard.into_inner().unwrap()
}

#[tokio::test]
async fn an_entry_that_is_committed_late_is_told_and_none_is_told_twice() {
    let (home, database) = made().await;
    let [first, second] = [sample::payment(), sample::payment()];
    for checkout in [&first, &second] {
        database.add_checkout(checkout.clone()).await.unwrap();
    }
    let mut cursor = None;
    assert_eq!(told(&database, &mut cursor).await, []);
    let (early, late) = (client(home.url()).await, client(home.url()).await);
    let entry = |id| {
        format!(
            "INSERT INTO history (store, checkout_id, at, source, kind) VALUES ('default', '{id}', 0, 'poll', 'created')"
        )
    };
    // The one that takes its number first commits last.
    late.batch_execute("BEGIN").await.unwrap();
    late.batch_execute(&entry(first.id)).await.unwrap();
    early.batch_execute(&entry(second.id)).await.unwrap();
    assert_eq!(
        told(&database, &mut cursor).await,
        [Changed::Checkout(second.id)]
    );
    assert_eq!(told(&database, &mut cursor).await, []);
    late.batch_execute("COMMIT").await.unwrap();
    assert_eq!(
        told(&database, &mut cursor).await,
        [Changed::Checkout(first.id)]
    );
    assert_eq!(told(&database, &mut cursor).await, []);
    // One that never comes holds up nothing.
    late.batch_execute("BEGIN").await.unwrap();
    late.batch_execute(&entry(first.id)).await.unwrap();
    late.batch_execute("ROLLBACK").await.unwrap();
    early.batch_execute(&entry(second.id)).await.unwrap();
    assert_eq!(
        told(&database, &mut cursor).await,
        [Changed::Checkout(second.id)]
    );
}

/// A standby that was behind has become the primary, or the database was put back to yesterday: the numbers begin again below those that
/// were read.
#[tokio::test]
async fn a_history_that_has_lost_its_end_is_followed_from_there() {
    let (home, database) = made().await;
    let (other, _) = Postgres::open(&place(home.url())).await.unwrap();
    for _ in 0..5 {
        database.add_checkout(sample::payment()).await.unwrap();
    }
    let mut cursor = None;
    told(&other, &mut cursor).await;
    let beside = client(home.url()).await;
    beside
        .batch_execute("DELETE FROM history WHERE seq > 2; ALTER TABLE history ALTER COLUMN seq RESTART WITH 3")
        .await
        .unwrap();
    let checkout = sample::payment();
    database.add_checkout(checkout.clone()).await.unwrap();
    let mut heard = told(&other, &mut cursor).await;
    heard.extend(told(&other, &mut cursor).await);
    assert!(heard.contains(&Changed::Checkout(checkout.id)), "{heard:?}");
    let next = sample::payment();
    database.add_checkout(next.clone()).await.unwrap();
    assert_eq!(
        told(&other, &mut cursor).await,
        [Changed::Checkout(next.id)]
    );
}

#[tokio::test]
async fn what_is_under_way_when_a_proxy_begins_to_follow_is_told() {
    let (home, database) = made().await;
    let checkout = sample::payment();
    database.add_checkout(checkout.clone()).await.unwrap();
    let late = client(home.url()).await;
    late.batch_execute("BEGIN").await.unwrap();
    let entry = format!(
        "INSERT INTO history (store, checkout_id, at, source, kind) VALUES ('default', '{}', 0, 'poll', 'created')",
        checkout.id
    );
    late.batch_execute(&entry).await.unwrap();
    database.add_checkout(sample::payment()).await.unwrap();
    let mut cursor = None;
    assert_eq!(told(&database, &mut cursor).await, []);
    late.batch_execute("COMMIT").await.unwrap();
    assert_eq!(
        told(&database, &mut cursor).await,
        [Changed::Checkout(checkout.id)]
    );
}

#[tokio::test]
async fn a_proxy_is_told_what_others_change_and_not_what_it_has_changed_itself() {
    let (home, database) = made().await;
    let (other, _) = Postgres::open(&place(home.url())).await.unwrap();
    let (mut own, mut of_other) = (None, None);
    told(&database, &mut own).await;
    told(&other, &mut of_other).await;
    let checkout = sample::payment();
    database.add_checkout(checkout.clone()).await.unwrap();
    assert_eq!(told(&database, &mut own).await, []);
    assert_eq!(
        told(&other, &mut of_other).await,
        [Changed::Checkout(checkout.id)]
    );
}

/// With hints and without them: what one proxy changes is heard at the other.
#[tokio::test]
async fn a_change_reaches_whoever_listens_at_another_proxy() {
    for notify in [true, false] {
        let (home, _) = made().await;
        let mut place = place(home.url());
        place.notify = notify;
        let database = crate::config::DatabasePlace::Postgres(place);
        let [here, there] = [
            Store::open(&database).await.unwrap(),
            Store::open(&database).await.unwrap(),
        ];
        let mut heard = there.changes().listen();
        let checkout = sample::payment();
        // A proxy begins to follow a moment after it is opened; what is changed before that is in the first answer of whoever asks.
        let changed = async {
            loop {
                here.add_checkout(sample::payment()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let first = async { heard.recv().await.unwrap() };
        tokio::select! {
            () = changed => {}
            _ = first => {}
        }
        here.add_checkout(checkout.clone()).await.unwrap();
        while heard.recv().await.unwrap() != Changed::Checkout(checkout.id) {}
    }
}

#[tokio::test]
async fn of_several_that_start_at_once_one_makes_the_tables() {
    let home = super::database::TestDatabase::without_tables().await;
    let opening = (0..6).map(|_| {
        let place = place(home.url());
        tokio::spawn(async move { Postgres::open(&place).await.map(|(_, migrated)| migrated) })
    });
    let mut made = 0;
    for one in opening.collect::<Vec<_>>() {
        match one.await.unwrap().unwrap() {
            Migrated {
                from: 0,
                to: VERSION,
            } => made += 1,
            Migrated {
                from: VERSION,
                to: VERSION,
            } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(made, 1);
    let beside = client(home.url()).await;
    beside
        .batch_execute("UPDATE schema_version SET version = 9999")
        .await
        .unwrap();
    let newer = Postgres::open(&place(home.url())).await.map(drop);
    assert!(
        matches!(
            newer,
            Err(StoreError::Newer {
                found: 9999,
                known: VERSION
            })
        ),
        "{newer:?}"
    );
}

#[tokio::test]
async fn the_numbers_of_the_latest_entries_and_the_news_are_the_same_on_the_other_side() {
    let (_home, database) = made().await;
    let database: Arc<dyn Database> = database;
    for _ in 0..3 {
        database.add_checkout(sample::payment()).await.unwrap();
    }
    let mut latest = database.latest_entries(2).await.unwrap();
    latest.sort_unstable();
    let all = database.history(0, 9).await.unwrap();
    assert_eq!(latest, [all[1].seq, all[2].seq]);
}
