//! The database goes, comes back, and is asked for too much at once: nothing is made twice, and nothing is said to be made that is not.

use std::sync::Arc;

use super::database::client;
use super::relay::Relay;
use super::{made, place};
use crate::checkouts::tests as sample;
use crate::store::database::{Checkouts, Counts};
use crate::store::error::StoreError;
use crate::store::postgres::Postgres;

#[tokio::test]
async fn while_the_database_is_away_everything_is_refused_and_afterwards_it_goes_on_by_itself() {
    let (home, _) = made().await;
    let relay = Relay::start(&home).await;
    let (database, _) = Postgres::open(&relay.place(&home)).await.unwrap();
    database.add_checkout(sample::payment()).await.unwrap();
    relay.cut();
    for _ in 0..3 {
        let refused = database.add_checkout(sample::payment()).await;
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
        let refused = database.books().await;
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
    }
    relay.open();
    database.add_checkout(sample::payment()).await.unwrap();
    assert_eq!(database.books().await.unwrap().checkouts, 2);
}

#[tokio::test]
async fn connections_that_the_server_has_ended_are_replaced_without_anybody_noticing() {
    let (home, database) = made().await;
    let beside = client(home.url()).await;
    for number in 1..=3 {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        beside.batch_execute(end).await.unwrap();
        database.add_checkout(sample::payment()).await.unwrap();
        assert_eq!(database.books().await.unwrap().checkouts, number);
    }
}

/// The server stops the session while it commits: nobody can say whether the change is stored, so it is not said to be.
#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_reported_as_unsure_and_repeating_it_doubles_nothing() {
    let (home, database) = made().await;
    let beside = client(home.url()).await;
    // A check that is put off until the commit, and that ends its own session there.
    beside
        .batch_execute(
            "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER leaving AFTER INSERT ON checkouts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leave()",
        )
        .await
        .unwrap();
    let (checkout, key) = (sample::payment(), sample_key());
    let lost = database
        .add_checkout_once(checkout.clone(), key.clone())
        .await;
    assert!(matches!(lost, Err(StoreError::Unsure(_))), "{lost:?}");
    beside
        .batch_execute("DROP TRIGGER leaving ON checkouts")
        .await
        .unwrap();
    for _ in 0..2 {
        let answered = database
            .add_checkout_once(checkout.clone(), key.clone())
            .await;
        assert_eq!(
            answered.unwrap(),
            crate::checkouts::idempotency_key::Answered::Same(checkout.id)
        );
    }
    assert_eq!(database.books().await.unwrap().checkouts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_makes_one_checkout_for_sixty_four_at_two_proxies() {
    let (home, first) = made().await;
    let (second, _) = Postgres::open(&place(home.url())).await.unwrap();
    let proxies = [first, Arc::new(second)];
    for round in 0..5 {
        let key = crate::checkouts::idempotency_key::IdempotencyKey {
            key: format!("round-{round}"),
            ..sample_key()
        };
        let asking = (0..64).map(|number: usize| {
            let (database, key) = (Arc::clone(&proxies[number % 2]), key.clone());
            tokio::spawn(async move { database.add_checkout_once(sample::payment(), key).await })
        });
        let mut answers = Vec::new();
        for one in asking.collect::<Vec<_>>() {
            answers.push(one.await.unwrap().unwrap());
        }
        assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    }
    assert_eq!(proxies[0].books().await.unwrap().checkouts, 5);
}

fn sample_key() -> crate::checkouts::idempotency_key::IdempotencyKey {
    crate::checkouts::idempotency_key::IdempotencyKey {
        shop: crate::checkouts::shop_id::ShopId::default(),
        scope: "merchant".to_owned(),
        key: "k".to_owned(),
        fingerprint: [1; 32],
    }
}
