//! Two proxies on one database, and one invoice: one of them asks the gateway, the other waits, and takes over from one that is gone.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;

use tokio::task::JoinHandle;

use super::caller::{Answer, Caller};
use super::mortal::Mortal;
use crate::support::receiving::DEPOSIT;
use crate::support::{CREATE, Gateway, Home, READ, TestClock, TestProxy, text};

/// How long a lease lasts: as long as a call of the gateway may take in tests, and a little.
const LEASE_SECONDS: u64 = 62;
/// So many others are answered while a proxy does what it is about to do.
const LOOKS: u32 = 20;

/// The gateway's call that makes a customer.
const CREATE_CUSTOMER: &str = "/api/v1/customer-purse/customer/create";

fn choice(id: &str) -> Request<Body> {
    Request::post(format!("/v1/checkouts/{id}/invoice"))
        .header("content-type", "application/json")
        .body(Body::from(r#"{"currency":"USDT_TRX"}"#))
        .unwrap()
}

/// A proxy on this database, and a second one that may die.
async fn two(home: Home) -> (TestProxy, Mortal) {
    let shop = TestProxy::at_home(home, Gateway::start().await, |_| {}).await;
    let mortal = beside(&shop).await;
    (shop, mortal)
}

async fn beside(shop: &TestProxy) -> Mortal {
    let clock = TestClock::of(&shop.gateway);
    Mortal::open(shop.proxy.config().clone(), clock).await
}

/// A buyer who picks a currency at the first proxy, and is not waited for.
fn asks(shop: &TestProxy, id: &str) -> JoinHandle<Answer> {
    let (caller, id) = (Caller::of(shop.address), id.to_owned());
    tokio::spawn(async move { caller.choose(&id, "USDT_TRX").await })
}

/// Waits until the gateway keeps so many calls waiting.
async fn is_held(shop: &TestProxy, calls: usize) {
    while shop.gateway.held().len() < calls {
        tokio::task::yield_now().await;
    }
}

/// Lets a proxy do what it is about to do, while it answers others.
async fn meanwhile(shop: &TestProxy, id: &str) {
    for _ in 0..LOOKS {
        shop.show(id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_waits_for_what_the_first_is_told_on_postgres() {
    let (shop, other) = two(Home::postgres().await).await;
    let shop = Arc::new(shop);
    let id = shop.checkout().await;
    shop.gateway.hold(Some(CREATE));
    let first = other.ask(choice(&id));
    is_held(&shop, 1).await;
    let second = asks(&shop, &id);
    meanwhile(&shop, &id).await;
    assert_eq!(shop.gateway.held().len(), 1, "one asks");
    shop.gateway.hold(None);
    let first = first.await.unwrap().expect(200).json();
    let second = second.await.unwrap().unwrap().expect(200).json();
    assert_eq!(first["invoice"], second["invoice"]);
    assert_eq!(shop.gateway.calls(CREATE).await, 1);
    let books = shop.books().await;
    assert_eq!((books.attempts(), books.invoices()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_takes_over_from_one_that_is_gone_when_its_lease_ends_on_postgres() {
    let (shop, other) = two(Home::postgres().await).await;
    let id = shop.checkout().await;
    shop.gateway.hold(Some(CREATE));
    let lost = other.ask(choice(&id));
    is_held(&shop, 1).await;
    drop(other);
    assert!(lost.await.is_err());
    let second = asks(&shop, &id);
    shop.advance(LEASE_SECONDS - 1);
    meanwhile(&shop, &id).await;
    assert_eq!(shop.gateway.held().len(), 1, "the lease runs");
    shop.advance(1);
    is_held(&shop, 2).await;
    let held = shop.gateway.held();
    let key = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["payload"]["idempotencyKey"].clone()
    };
    assert!(key(&held[0]).is_string());
    assert_eq!(key(&held[0]), key(&held[1]), "under the same key");
    shop.gateway.hold(None);
    second.await.unwrap().unwrap().expect(200);
    let books = shop.books().await;
    assert_eq!((books.attempts(), books.invoices()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_failed_is_the_seconds_at_once_on_postgres() {
    let (shop, other) = two(Home::postgres().await).await;
    let id = shop.checkout().await;
    shop.gateway.fault("/api/*", "error500", 100).await;
    let failed = other.ask(choice(&id)).await.unwrap();
    assert!((500..504).contains(&failed.status), "{}", failed.text());
    assert_eq!(shop.books().await.attempts_started, 1);
    shop.gateway.no_faults().await;
    shop.choose(&id, "USDT_TRX").await.expect(200);
    let books = shop.books().await;
    assert_eq!((books.attempts(), books.invoices()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_leaves_an_attempt_alone_while_its_lease_runs_on_postgres() {
    let (shop, other) = two(Home::postgres().await).await;
    let id = shop.checkout().await;
    shop.gateway.hold(Some(CREATE));
    let first = other.ask(choice(&id));
    is_held(&shop, 1).await;
    shop.advance(LEASE_SECONDS - 1);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.gateway.calls(READ).await, 0, "the lease runs");
    shop.advance(1);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.gateway.calls(READ).await, 1);
    shop.gateway.hold(None);
    first.await.unwrap().expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_make_one_customer_on_postgres() {
    let (shop, other) = two(Home::postgres().await).await;
    let (one, two) = (shop.made(DEPOSIT).await, shop.made(DEPOSIT).await);
    shop.gateway.hold(Some(CREATE_CUSTOMER));
    let first = other.ask(choice(&one));
    is_held(&shop, 1).await;
    let second = asks(&shop, &two);
    meanwhile(&shop, &two).await;
    assert_eq!(shop.gateway.held().len(), 1, "one asks");
    shop.gateway.hold(None);
    let first = first.await.unwrap().expect(200).json();
    let second = second.await.unwrap().unwrap().expect(200).json();
    let address = text(&first, "/receiving/address");
    assert_eq!(address, text(&second, "/receiving/address"));
    assert_eq!(shop.gateway.calls(CREATE_CUSTOMER).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_a_file_again_waits_for_nobody() {
    let (shop, other) = two(Home::file()).await;
    let id = shop.checkout().await;
    shop.gateway.hold(Some(CREATE));
    let lost = other.ask(choice(&id));
    is_held(&shop, 1).await;
    drop(other);
    assert!(lost.await.is_err());
    let next = beside(&shop).await;
    let found = next.ask(choice(&id));
    is_held(&shop, 2).await;
    shop.gateway.hold(None);
    found.await.unwrap().expect(200);
}
