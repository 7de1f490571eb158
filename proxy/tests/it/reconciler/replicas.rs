//! Two proxies on one PostgreSQL database read no more than one.

use std::net::SocketAddr;

use super::unbounded;
use crate::postgres::readings_under_way;
use crate::support::receiving::DEPOSIT;
use crate::support::{Gateway, Home, READ, TestProxy, client};

/// Several invoices that are watched by two proxies.
async fn watched(invoices: usize, per_minute: u32) -> (TestProxy, Vec<String>) {
    let gateway = Gateway::start().await;
    let shop = TestProxy::at_home(Home::postgres().await, gateway, |config| {
        unbounded(&mut config.limits);
        config.shops[0].gateway.reads_per_minute = per_minute;
    })
    .await;
    let mut ids = Vec::new();
    for _ in 0..invoices {
        ids.push(shop.awaiting("LTC").await.0);
    }
    (shop, ids)
}

/// Buyers of each of these who look at the same moment, at each of the proxies; how often the gateway was read.
async fn look(shop: &TestProxy, addresses: &[SocketAddr], ids: &[String], buyers: usize) -> usize {
    let before = shop.gateway.calls(READ).await;
    let http = client();
    let mut looks = tokio::task::JoinSet::new();
    for id in ids {
        for number in 0..buyers {
            let address = addresses[number % addresses.len()];
            let get = http.get(format!("http://{address}/v1/checkouts/{id}"));
            looks.spawn(async move { get.send().await.unwrap().status().as_u16() });
        }
    }
    let all = looks.join_all().await;
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    shop.gateway.calls(READ).await - before
}

#[tokio::test]
async fn ten_buyers_at_two_proxies_cost_no_more_readings_than_one_buyer() {
    let (shop, ids) = watched(5, 60_000).await;
    let beside = shop.beside().await;
    let both = [shop.address, beside.address];
    for _ in 0..4 {
        shop.advance(30);
        assert_eq!(look(&shop, &both, &ids, 10).await, ids.len());
    }
}

#[tokio::test]
async fn two_proxies_read_no_more_than_the_budget_of_their_account() {
    let (shop, ids) = watched(80, 60).await;
    let beside = shop.beside().await;
    let both = [shop.address, beside.address];
    // A few at a time: one network has few places.
    let all = async || {
        let mut reads = 0;
        for some in ids.chunks(4) {
            reads += look(&shop, &both, some, 2).await;
        }
        reads
    };
    shop.advance(30);
    // The clock goes on while they look, which fills one a second up; without sharing each proxy would read as many.
    let first = all().await;
    assert!((60..=79).contains(&first), "a minute's worth: {first}");
    shop.advance(20);
    let second = all().await;
    assert!((20..=55).contains(&second), "one a second: {second}");
}

#[tokio::test]
async fn a_reading_that_ends_because_there_is_none_left_keeps_no_other_proxy_waiting() {
    let (shop, _) = watched(0, 1).await;
    let id = shop.made(DEPOSIT).await;
    shop.choose(&id, "TRX").await.expect(200);
    // The address takes the only reading there is, and there is none for what has arrived there.
    shop.advance(60);
    let before = shop.gateway.requests().await.len();
    shop.show(&id).await;
    assert!(
        shop.gateway.requests().await.len() > before,
        "the address was asked for"
    );
    let Home::Postgres(database) = &shop.home else {
        panic!("it was started on PostgreSQL");
    };
    assert_eq!(readings_under_way(database.url()), 0);
}
