//! Invoices nobody looks at are looked after, and requests without an answer are settled.

use checkout::Phase;
use tokio_util::sync::CancellationToken;

use crate::support::{TestProxy, text};

#[tokio::test]
async fn a_buyer_who_closes_the_page_has_paid_all_the_same() {
    let shop = TestProxy::start().await;
    let (_, invoice) = shop.awaiting("BTC").await;
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "confirmed",
        )
        .await;
    shop.advance(60);
    let round = shop.proxy.watch_once().await.unwrap();
    assert_eq!((round.read, round.failed), (1, 0));
    assert_eq!(shop.books().await.invoices, [(Phase::Completed, 1)]);
}

#[tokio::test]
async fn readings_of_buyers_and_of_the_watcher_are_shared() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    shop.advance(60);
    shop.show(&id).await;
    let reads = shop.gateway.calls("/api/v1/invoice").await;
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.gateway.calls("/api/v1/invoice").await, reads);
}

#[tokio::test]
async fn many_open_invoices_are_all_read() {
    let shop = TestProxy::start().await;
    for _ in 0..30 {
        shop.awaiting("LTC").await;
    }
    shop.advance(60);
    assert_eq!(shop.proxy.watch_once().await.unwrap().read, 30);
    assert_eq!(shop.gateway.calls("/api/v1/invoice").await, 30);
}

#[tokio::test]
async fn a_round_gives_up_on_a_gateway_that_is_down_and_recovers() {
    let shop = TestProxy::start().await;
    for _ in 0..30 {
        shop.awaiting("LTC").await;
    }
    shop.gateway
        .fault("/api/v1/invoice", "error500", 10_000)
        .await;
    shop.advance(60);
    let round = shop.proxy.watch_once().await.unwrap();
    assert!((5..=8).contains(&round.failed), "{round:?}");
    shop.gateway.no_faults().await;
    shop.advance(120);
    assert_eq!(shop.proxy.watch_once().await.unwrap().read, 30);
}

#[tokio::test]
async fn a_request_without_an_answer_is_settled_after_a_restart() {
    let mut shop = TestProxy::hasty().await;
    let id = shop.checkout().await;
    shop.gateway
        .fault("/api/v1/invoice/single-fiat/create", "timeout_after", 1)
        .await;
    shop.gateway.fault("/api/v1/invoice", "error500", 50).await;
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.code(),
        "gateway_unavailable"
    );
    shop.gateway.no_faults().await;
    shop.restarted().await;
    assert_eq!(
        shop.proxy.watch_once().await.unwrap().settled,
        0,
        "somebody may still be at it"
    );
    shop.advance(61);
    assert_eq!(shop.proxy.watch_once().await.unwrap().settled, 1);
    let view = shop.show(&id).await;
    assert_eq!(
        (view["state"].as_str(), view["invoice"]["currency"].as_str()),
        (Some("awaiting"), Some("USDT_TRX"))
    );
    assert_eq!(
        shop.gateway
            .calls("/api/v1/invoice/single-fiat/create")
            .await,
        1
    );
}

#[tokio::test]
async fn a_request_that_never_arrived_waits_for_the_buyer_and_is_given_up_with_the_checkout() {
    let mut shop = TestProxy::start().await;
    let id = shop.checkout().await;
    shop.gateway.fault("/api/v1/*", "error500", 1000).await;
    shop.choose(&id, "USDT_TRX").await.expect(502);
    shop.gateway.no_faults().await;
    shop.restarted().await;
    shop.advance(61);
    assert_eq!(shop.proxy.watch_once().await.unwrap().settled, 0);
    let books = shop.books().await;
    assert_eq!(
        (books.attempts(), books.attempts_started),
        (1, 1),
        "the buyer's next try uses the same key"
    );
    shop.advance(24 * 3600);
    assert_eq!(shop.proxy.watch_once().await.unwrap().settled, 1);
    let books = shop.books().await;
    assert_eq!((books.attempts(), books.attempts_refused), (1, 1));
}

#[tokio::test]
async fn watching_stops_when_told() {
    let shop = TestProxy::start().await;
    let (_, invoice) = shop.awaiting("BTC").await;
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "confirmed",
        )
        .await;
    shop.advance(60);
    let stop = CancellationToken::new();
    let (proxy, told) = (shop.proxy.clone(), stop.clone());
    let watcher = tokio::spawn(async move { proxy.watch(told).await });
    // The first round comes at once; its end is seen in the store.
    let is_read = async || shop.books().await.invoices_in(Phase::Awaiting) == 0;
    for _ in 0..1000 {
        if is_read().await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(is_read().await);
    stop.cancel();
    watcher.await.unwrap();
}
