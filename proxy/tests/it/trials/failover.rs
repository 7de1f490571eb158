//! A PostgreSQL server dies under load and its standby takes over; one of two proxies dies and its buyers go to the other.

use std::time::{Duration, Instant};

use calypso_proxy::DatabasePlace;
use calypso_sandbox::WallClock;
use serde_json::json;
use throwaway_postgres::{Cluster, Durability, Programs};

use super::caller::Caller;
use super::child::Child;
use super::door::Door;
use super::made::Made;
use super::size::Size;
use super::traffic::Traffic;
use super::verdict::verdict;
use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::{Gateway, Home, text};

const CLIENTS: usize = 6;
/// From the promotion of the standby to the first change that it takes.
const MOST: Duration = Duration::from_secs(10);

/// A primary whose every commit is on its standby as well before it is acknowledged, and that standby.
fn pair() -> (Cluster, Cluster) {
    let programs = Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`");
    let mut primary = Cluster::start(programs, Durability::Durable).unwrap();
    let standby = primary.standby("second").unwrap();
    // Read at a start, it holds for every commit from then on.
    primary
        .configure("synchronous_standby_names = 'second'")
        .unwrap();
    primary.stop().unwrap();
    primary.start_again().unwrap();
    (primary, standby)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_over_and_has_all_that_was_acknowledged_on_postgres() {
    let size = Size::of("failover", 1);
    let mut dice = size.dice();
    for _ in 0..size.count {
        let (mut primary, standby) = pair();
        let url = primary.url_or(&standby, "postgres");
        let place = DatabasePlace::postgres(&url).unwrap();
        calypso_proxy::migrate(&place).await.unwrap();
        let door = Door::default();
        let gateway = Gateway::with(WallClock::system(), |router| door.before(router)).await;
        let directory = tempfile::tempdir().unwrap();
        let settings = [
            ("DATABASE", url.as_str()),
            ("LIMITS__NETWORK_CHOICES_PER_HOUR", "0"),
            ("PACE__AWAITING_MS", "1000"),
            ("PACE__MOVING_MS", "1000"),
        ];
        let mut child = Child::prepared(directory.path(), &gateway.base, &settings);
        let opened = child.opened().await;
        let caller = Caller::of(child.address);
        let run = Traffic::new(gateway, &opened, caller.clone()).await;
        drop(opened);
        child.start().await;
        let clients = run.begin(CLIENTS, &mut dice);
        tokio::time::sleep(Duration::from_millis(1500 + dice.roll(1500))).await;
        primary.kill().unwrap();
        let acknowledged = run.acknowledged.lock().unwrap().len();
        standby.promote().unwrap();
        let promoted = Instant::now();
        while !has_made_one(&caller, &dice.roll(u64::MAX).to_string()).await {
            assert!(promoted.elapsed() < MOST, "seed {}", size.seed);
        }
        println!(
            "{acknowledged} events acknowledged before the primary was killed; a change is taken {} ms after the promotion",
            promoted.elapsed().as_millis()
        );
        tokio::time::sleep(Duration::from_millis(1500)).await;
        run.end(clients).await;
        verdict("fail-overs", &size, &run, &mut child, &door).await;
    }
}

/// Whether a checkout can be made. One that is made so has a key that nobody else knows.
async fn has_made_one(caller: &Caller, key: &str) -> bool {
    let body = r#"{"price":{"amount":"1","currency":"EUR"},"description":"Is it back?"}"#;
    match caller.make(body, key).await {
        Ok(reply) if reply.status == 201 => true,
        Ok(reply) => {
            assert_eq!(reply.code(), "store_unavailable");
            tokio::time::sleep(Duration::from_millis(20)).await;
            false
        }
        Err(error) => panic!("the proxy itself is gone: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_one_of_two_proxies_dies_its_buyers_are_told_by_the_other_on_postgres() {
    let home = Home::postgres().await;
    let Home::Postgres(database) = &home else {
        panic!("asked for PostgreSQL");
    };
    let gateway = Gateway::start().await;
    let made = Made::default();
    made.listen(&gateway);
    let directory = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let settings = [("DATABASE", database.url())];
    let mut first = Child::prepared(directory[0].path(), &gateway.base, &settings);
    let mut second = Child::prepared(directory[1].path(), &gateway.base, &settings);
    let opened = first.opened().await;
    let url = NOWHERE.parse().unwrap();
    let shop = calypso_proxy::ShopId::default();
    let id = opened.subscribe(&shop, &url, false).await.unwrap();
    let hook = Hook::at(&gateway, &id.to_string()).await;
    drop(opened);
    first.start().await;
    second.start().await;
    let (one, other) = (Caller::of(first.address), Caller::of(second.address));

    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order"}"#;
    let view = one.make(body, "order-1").await.unwrap().expect(201).json();
    let id = text(&view, "/id");
    let view = one.choose(id, "BTC").await.unwrap().expect(200).json();
    let address = text(&view, "/invoice/address");
    let mut told = one.listen(id, None).await;
    let last = told.event().await.unwrap();
    assert_eq!(last.view["state"], "awaiting");
    first.kill();
    assert_eq!(told.event().await, None, "the connection is lost");

    // The page connects anew, and misses nothing that happened in between.
    let amount = text(&view, "/invoice/amount");
    let deposit = gateway.deposit(address, amount, "mempool").await;
    let data = json!({"parentExternalId": made.at(address)});
    let news = event(1, "INVOICE_MEMPOOL_FOUND", data.clone());
    other.tell(&hook, &news).await.unwrap().expect(200);
    let mut told = other.listen(id, Some(&last.id)).await;
    assert_eq!(told.view().await["state"], "detected");

    // What the other proxy learns reaches the pages of this one.
    first.start().await;
    gateway.move_on(&deposit, "confirmed").await;
    let news = event(2, "INVOICE_FUNDS_RECEIVED_FOR_INVOICE", data);
    one.tell(&hook, &news).await.unwrap().expect(200);
    assert_eq!(told.view().await["state"], "paid");
}
