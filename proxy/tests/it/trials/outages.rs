//! What becomes of requests while the disk is full, the directory cannot be written, or the database or the gateway is away; and when
//! they are back.

use calypso_proxy::DatabasePlace;
use throwaway_postgres::{Cluster, Durability, Programs};

use super::caller::Caller;
use super::child::Child;
use crate::support::hook::{Hook, NOWHERE};
use crate::support::{Gateway, Home, Reply, TestProxy, text};

const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order"}"#;

#[track_caller]
fn is_refused_by_the_store(reply: &Reply) {
    assert_eq!((reply.status, &*reply.code()), (503, "store_unavailable"));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_by_name_and_loses_nothing() {
    let home = Home::file();
    let Home::File(place) = &home else {
        panic!("asked for a file");
    };
    let gateway = Gateway::start().await;
    let mut child = Child::prepared(place.path(), &gateway.base, &[]);
    child.start().await;
    let caller = Caller::of(child.address);
    let mut made = Vec::new();
    // As full as it gets: no file may be longer than the longest there is, and a little.
    let files = std::fs::read_dir(place.path()).unwrap();
    let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
    child.limit_files(Some(sizes.max().unwrap() + (64 << 10)));
    let refused = loop {
        let key = format!("order-{}", made.len());
        let reply = caller.make(BODY, &key).await.unwrap();
        if reply.status != 201 {
            is_refused_by_the_store(&reply);
            break key;
        }
        made.push((key, text(&reply.json(), "/id").to_owned()));
        assert!(made.len() < 2000, "it never gets full");
    };
    assert!(!made.is_empty());
    // What is there can still be seen, and nothing is made of what was refused.
    let (_, first) = &made[0];
    caller.show(first).await.unwrap().expect(200);
    is_refused_by_the_store(&caller.make(BODY, &refused).await.unwrap());

    // There is room again: the same program goes on.
    child.limit_files(None);
    let reply = caller.make(BODY, &refused).await.unwrap().expect(201);
    made.push((refused, text(&reply.json(), "/id").to_owned()));
    child.kill();
    child.start().await;
    for (key, id) in made {
        let reply = caller.make(BODY, &key).await.unwrap().expect(201);
        assert_eq!(reply.json()["id"], id, "{key} is there, once");
    }
}

/// A file system turns read-only under a program when its disk fails: the files stay open, what was written can be read, and every write
/// is refused. Nobody can bring that about without a disk of his own, as a remount waits for whoever has a file open. So the system refuses
/// to write a single byte into any file; SQLite is told so by the same call, and makes no difference between the two.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_written_any_more_refuse_by_name_and_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let gateway = Gateway::start().await;
    let mut child = Child::prepared(directory.path(), &gateway.base, &[]);
    child.start().await;
    let caller = Caller::of(child.address);
    let mut made = Vec::new();
    for round in 0..3 {
        let key = format!("order-{round}");
        let reply = caller.make(BODY, &key).await.unwrap().expect(201);
        let id = text(&reply.json(), "/id").to_owned();
        made.push((key, id.clone()));
        child.limit_files(Some(0));
        let refused = format!("refused-{round}");
        for _ in 0..3 {
            is_refused_by_the_store(&caller.make(BODY, &refused).await.unwrap());
        }
        is_refused_by_the_store(&caller.choose(&id, "BTC").await.unwrap());
        caller.show(&id).await.unwrap().expect(200);
        // What was asked for under a key is found, and is no new promise.
        let (key, id) = &made[0];
        let again = caller.make(BODY, key).await.unwrap().expect(201);
        assert_eq!(again.json()["id"], *id);

        // The same program goes on, or the next one: nothing of what was refused is there.
        child.limit_files(None);
        if round == 1 {
            child.kill();
            child.start().await;
        }
        let reply = caller.make(BODY, &refused).await.unwrap().expect(201);
        made.push((refused, text(&reply.json(), "/id").to_owned()));
    }
    child.kill();
    assert_eq!(child.opened().await.books().await.unwrap().checkouts, 6);
    child.start().await;
    for (key, id) in made {
        let reply = caller.make(BODY, &key).await.unwrap().expect(201);
        assert_eq!(reply.json()["id"], id, "{key} is there, once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_cannot_be_written_is_named_at_the_start() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let child = Child::prepared(directory.path(), &gateway.base, &[]);
    let (succeeded, said) = child.start_where_nothing_can_be_written(directory.path());
    assert!(!succeeded, "{said}");
    assert!(
        said.contains("cannot open the database") && said.contains("proxy.sqlite3"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_503_and_never_200_until_it_is_back_on_postgres() {
    let programs = Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`");
    let mut cluster = Cluster::start(programs, Durability::Durable).unwrap();
    let place = DatabasePlace::postgres(&cluster.url("postgres")).unwrap();
    calypso_proxy::migrate(&place).await.unwrap();
    let shop = TestProxy::with(|config| config.database = place).await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    let named = shop.gateway.invoice_at(address).await;
    for number in 0..2 {
        if number == 0 {
            cluster.kill().unwrap();
        } else {
            cluster.stop().unwrap();
        }
        shop.gateway.deposit(address, amount, "confirmed").await;
        let key = format!("order-{number}");
        is_refused_by_the_store(&shop.merchant(BODY, &key).await);
        let told = hook.tell(&shop, number, "INVOICE_PAID", &named).await;
        is_refused_by_the_store(&told);
        is_refused_by_the_store(&shop.choose(&id, "LTC").await);
        // A page may be shown what was true, and is shown nothing else.
        let seen = shop.get(&format!("/v1/checkouts/{id}")).await;
        assert!(seen.status == 503 || seen.status == 200, "{}", seen.text());

        cluster.start_again().unwrap();
        shop.merchant(BODY, &key).await.expect(201);
        hook.tell(&shop, number, "INVOICE_PAID", &named)
            .await
            .expect(200);
        let books = shop.books().await;
        let events = u32::try_from(number + 1).unwrap();
        assert_eq!((books.deliveries, books.deposits), (events, events));
    }
}

#[tokio::test]
async fn news_that_come_while_the_gateway_is_away_are_read_when_it_is_back() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    let named = shop.gateway.invoice_at(address).await;
    shop.gateway.deposit(address, amount, "confirmed").await;
    shop.gateway.fault("/api/*", "error500", 10_000).await;
    // Nothing is lost by saying yes: the event is on disk.
    hook.tell(&shop, 1, "INVOICE_PAID", &named)
        .await
        .expect(200);
    assert_eq!(shop.show(&id).await["state"], "awaiting");
    assert_eq!(shop.books().await.deliveries_open, 1);
    let other = shop.checkout().await;
    let refused = shop.choose(&other, "BTC").await;
    assert!(["gateway_unavailable", "gateway_failed"].contains(&&*refused.code()));

    shop.gateway.no_faults().await;
    shop.advance(3600);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.books().await.deliveries_open, 0);
    assert_eq!(shop.show(&id).await["state"], "completed");
    shop.choose(&other, "BTC").await.expect(200);
}
