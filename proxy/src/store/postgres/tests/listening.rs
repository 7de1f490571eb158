//! Hints go the way that everything else goes: where the database is reached by TLS, they are as well.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::certificates::{NAME, authority, protected};
use super::place;
use crate::store::postgres::{Postgres, take_hints};

#[tokio::test]
async fn hints_are_taken_over_tls() {
    let directory = tempfile::tempdir().unwrap();
    let ours = authority(directory.path(), "ours");
    let cluster = protected(directory.path());
    let by_name = cluster
        .url("postgres")
        .replace("@127.0.0.1:", &format!("@{NAME}:"));
    let url = format!(
        "{by_name}?sslmode=verify-full&sslrootcert={}",
        ours.display()
    );
    let (database, _) = Postgres::open(&place(&url)).await.unwrap();
    let (wake, stop) = (Arc::<Notify>::default(), CancellationToken::new());
    let taking = tokio::spawn(take_hints(place(&url), Arc::clone(&wake), stop.clone()));
    // Once because it listens from now on.
    wake.notified().await;
    let protected = database.read((), |view, ()| {
        Box::pin(view.has(
            "SELECT 1 FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE query LIKE 'LISTEN %' AND ssl",
            &[],
        ))
    });
    assert!(protected.await.unwrap());
    database
        .write_keyed((), |transaction, ()| {
            Box::pin(transaction.make("NOTIFY calypso_history"))
        })
        .await
        .unwrap();
    wake.notified().await;
    stop.cancel();
    taking.await.unwrap();
}
