//! Following a checkout: whoever does sees each change and each deadline, and is not woken for anything else.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use calypso_proxy::Follower;
use checkout::wire::CheckoutView;
use checkout::{Phase, Timestamp};

use crate::support::receiving::{DEPOSIT, receiving};
use crate::support::{READ, TestProxy, text};

const NOBODYS: &str = "0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11";

async fn next(follower: &mut Follower) -> CheckoutView {
    let shown = follower.next().await.unwrap();
    let shown = shown.expect("the checkout is there");
    serde_json::from_str(&shown.body(Timestamp::MAX)).unwrap()
}

/// Whether there is nothing to see, while others ask the proxy and its store again and again.
async fn is_quiet(follower: &mut Follower, shop: &TestProxy) -> bool {
    let others = async {
        for _ in 0..20 {
            shop.get(&format!("/v1/checkouts/{NOBODYS}"))
                .await
                .expect(404);
        }
    };
    tokio::select! {
        biased;
        _ = follower.next() => false,
        () = others => true,
    }
}

#[tokio::test]
async fn each_change_is_seen_once_and_nothing_else() {
    let shop = TestProxy::start().await;
    let (id, other) = (shop.checkout().await, shop.checkout().await);
    let mut follower = shop.proxy.follow(&id).unwrap();
    assert_eq!(next(&mut follower).await.state, Phase::Choosing);
    assert!(is_quiet(&mut follower, &shop).await);
    let chosen = shop.choose(&id, "BTC").await.expect(200).json();
    assert_eq!(next(&mut follower).await.state, Phase::Awaiting);
    // A reading that says nothing new, and another checkout's changes.
    shop.fresh(&id).await;
    shop.choose(&other, "BTC").await.expect(200);
    assert!(is_quiet(&mut follower, &shop).await);
    let (address, amount) = (
        text(&chosen, "/invoice/address"),
        text(&chosen, "/invoice/amount"),
    );
    let deposit = shop.gateway.deposit(address, amount, "mempool").await;
    shop.fresh(&id).await;
    assert_eq!(next(&mut follower).await.state, Phase::Detected);
    shop.gateway.move_on(&deposit, "confirmed").await;
    // The watcher's readings count as well.
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert!(next(&mut follower).await.state.is_paid());
}

#[tokio::test]
async fn repricing_and_expiry_are_seen_though_nobody_writes_them() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let mut follower = shop.proxy.follow(&id).unwrap();
    let first = next(&mut follower).await.invoice.unwrap();
    let reprice = first.reprice_at.unwrap();
    shop.gateway.rate("USDT_TRX", "EUR", "0.5").await;
    let seconds = reprice.millis_since(shop.now()) / 1000 + 1;
    shop.advance(seconds.unsigned_abs());
    let second = next(&mut follower).await.invoice.unwrap();
    assert_ne!(second.amount, first.amount, "the new price was asked for");
    assert!(second.reprice_at.unwrap() > reprice);
    while follower_is_open(&mut follower, &shop).await {}
}

/// Moves on to the next deadline; `false` once the checkout has expired.
async fn follower_is_open(follower: &mut Follower, shop: &TestProxy) -> bool {
    shop.advance(6 * 60 * 60);
    next(follower).await.state != Phase::Expired
}

#[tokio::test]
async fn a_customers_deposit_is_seen_on_every_checkout_of_theirs() {
    let shop = TestProxy::start().await;
    let (one, other) = (shop.made(DEPOSIT).await, shop.made(DEPOSIT).await);
    shop.choose(&one, "TRX").await.expect(200);
    shop.choose(&other, "TRX").await.expect(200);
    let mut follower = shop.proxy.follow(&one).unwrap();
    let seen = next(&mut follower).await.receiving.unwrap();
    assert!(seen.deposits.is_empty());
    let address = seen.address.unwrap();
    shop.gateway
        .deposit_in(&address, "TRX", "5", "confirmed")
        .await;
    // Read for the other one.
    shop.advance(60);
    receiving(&shop, &other).await;
    let deposits = next(&mut follower).await.receiving.unwrap().deposits;
    assert_eq!(deposits.len(), 1);
    // The gateway names the address with each reading, which is nothing new.
    shop.advance(60);
    receiving(&shop, &other).await;
    assert!(is_quiet(&mut follower, &shop).await);
}

#[tokio::test]
async fn what_is_no_checkout_cannot_be_followed() {
    let shop = TestProxy::start().await;
    assert!(shop.proxy.follow("nothing").is_none());
    let mut follower = shop.proxy.follow(NOBODYS).unwrap();
    assert!(follower.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_change_is_not_lost_with_a_future_that_is_dropped() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut follower = shop.proxy.follow(&id).unwrap();
    assert_eq!(next(&mut follower).await.state, Phase::Choosing);
    shop.choose(&id, "BTC").await.expect(200);
    // It hears of the change, and is dropped while it reads the store, unless the store was quicker.
    let was_quicker = {
        let mut seen = pin!(follower.next());
        poll_fn(|cx| Poll::Ready(seen.as_mut().poll(cx).is_ready())).await
    };
    assert!(was_quicker || !is_quiet(&mut follower, &shop).await);
}

#[tokio::test]
async fn however_many_follow_a_checkout_it_is_written_once() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    let mut followers: Vec<_> = (0..500).filter_map(|_| shop.proxy.follow(&id)).collect();
    assert_eq!(followers.len(), 500);
    for follower in &mut followers {
        next(follower).await;
    }
    shop.choose(&id, "ETH").await.expect(200);
    let mut all = Vec::new();
    for follower in &mut followers {
        all.push(follower.next().await.unwrap().unwrap());
    }
    let body = all[0].body(Timestamp::MAX);
    assert!(body.contains(r#""currency":"ETH""#), "{body}");
    assert!(all.iter().all(|shown| Arc::ptr_eq(shown, &all[0])));
}

#[tokio::test]
async fn nobody_waits_for_a_gateway_that_is_asked_for_somebody_else() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    let mut follower = shop.proxy.follow(&id).unwrap();
    assert_eq!(next(&mut follower).await.state, Phase::Awaiting);
    shop.gateway.hold(Some(READ));
    shop.wait(60_000);
    while shop.gateway.held().is_empty() {
        tokio::task::yield_now().await;
    }
    let mut second = shop.proxy.follow(&id).unwrap();
    assert!(
        !is_quiet(&mut second, &shop).await,
        "what is stored is shown"
    );
    shop.choose(&id, "ETH").await.expect(200);
    assert!(!is_quiet(&mut follower, &shop).await, "a change is told");
    shop.gateway.hold(None);
}
