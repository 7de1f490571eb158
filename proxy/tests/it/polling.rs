//! Polling: shared readings, no calls and no writes when nothing has changed, and 304.

use std::sync::Arc;

use checkout::Timestamp;
use serde_json::Value;

use crate::hands::Writes;
use crate::support::{READ, TestProxy, text};

#[tokio::test]
async fn an_unchanged_checkout_costs_no_call_within_its_pace_and_never_a_write() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    shop.show(&id).await;
    let writes = Writes::from_now(&shop);
    let calls = shop.gateway.requests().await.len();
    for _ in 0..20 {
        shop.show(&id).await;
    }
    assert_eq!(
        shop.gateway.requests().await.len(),
        calls,
        "no gateway call of any kind"
    );
    shop.wait(2_499);
    shop.show(&id).await;
    assert_eq!(
        shop.gateway.requests().await.len(),
        calls,
        "the pace is 3 s, less half a second"
    );
    for round in 1..=5 {
        shop.wait(2_500);
        shop.show(&id).await;
        shop.show(&id).await;
        assert_eq!(
            shop.gateway.calls(READ).await,
            round,
            "one reading per pace"
        );
    }
    assert!(
        !writes.are_there(),
        "readings that say nothing new write nothing"
    );
    let deposit = shop.show(&id).await;
    shop.gateway
        .deposit(
            text(&deposit, "/invoice/address"),
            text(&deposit, "/invoice/amount"),
            "mempool",
        )
        .await;
    shop.fresh(&id).await;
    assert!(writes.are_there(), "this way of noticing writes works");
}

#[tokio::test]
async fn everyone_who_polls_shares_one_reading() {
    let shop = Arc::new(TestProxy::start().await);
    let (id, _) = shop.awaiting("BTC").await;
    for round in 1..=5 {
        shop.wait(2_500);
        let polls = (0..64).map(|_| {
            let (shop, id) = (Arc::clone(&shop), id.clone());
            tokio::spawn(async move { shop.show(&id).await["state"].clone() })
        });
        for poll in polls.collect::<Vec<_>>() {
            assert_eq!(poll.await.unwrap(), "awaiting");
        }
        assert_eq!(shop.gateway.calls(READ).await, round);
    }
}

#[tokio::test]
async fn a_known_etag_gets_304_until_something_changes() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let path = format!("/v1/checkouts/{id}");
    let first = shop.get(&path).await.expect(200);
    let tag = first.header("etag");
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20,
        "a strong validator: {tag}"
    );
    assert_eq!(first.header("cache-control"), "private, no-cache");
    shop.gateway.sandbox.clock().advance_seconds(30);
    let second = shop.get(&path).await.expect(200);
    assert_eq!(
        second.header("etag"),
        tag,
        "now has moved, the checkout has not"
    );
    assert_ne!(second.json()["now"], first.json()["now"]);
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let reply = shop
            .request("GET", &path, &[("if-none-match", &known)], None)
            .await
            .expect(304);
        assert!(reply.bytes.is_empty());
        assert_eq!(reply.header("etag"), tag);
    }
    shop.request("GET", &path, &[("if-none-match", "\"other\"")], None)
        .await
        .expect(200);
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "mempool",
        )
        .await;
    shop.wait(3_000);
    let changed = shop
        .request("GET", &path, &[("if-none-match", &tag)], None)
        .await
        .expect(200);
    assert_ne!(changed.header("etag"), tag);
    assert_eq!(changed.json()["state"], "detected");
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let path = format!("/v1/checkouts/{id}");
    let get = shop.get(&path).await.expect(200);
    let head = shop.request("HEAD", &path, &[], None).await.expect(200);
    assert!(head.bytes.is_empty());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn paces_follow_the_phase() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    assert_eq!(shop.show(&id).await["pollAfterMs"], 5000);
    shop.choose(&id, "BTC").await.expect(200);
    assert_eq!(shop.show(&id).await["pollAfterMs"], 3000);
}

#[tokio::test]
async fn an_invoice_the_buyer_turned_away_from_is_read_half_as_often() {
    let shop = TestProxy::start().await;
    let (id, tether) = shop.awaiting("USDT_TRX").await;
    let bitcoin = shop.choose(&id, "BTC").await.expect(200).json()["invoice"].clone();
    shop.fresh(&id).await;
    let [bitcoin, tether] = [&bitcoin, &tether].map(|invoice| text(invoice, "/address"));
    let [bitcoin, tether] = &[
        shop.gateway.invoice_at(bitcoin).await,
        shop.gateway.invoice_at(tether).await,
    ];
    let reads = async |of: &str| {
        let all = shop.gateway.requests().await;
        let about = |request: &&Value| request["path"] == READ && request.to_string().contains(of);
        all.iter().filter(about).count()
    };
    let before = (reads(bitcoin).await, reads(tether).await);
    assert!(before.0 > 0 && before.1 > 0, "{before:?}");
    for round in 1..=6 {
        shop.wait(2_500);
        shop.show(&id).await;
        assert_eq!(reads(bitcoin).await, before.0 + round, "the one on show");
        assert_eq!(reads(tether).await, before.1 + round / 2, "round {round}");
    }
}

#[tokio::test]
async fn deposits_that_are_known_are_not_asked_for_again() {
    const HISTORY: &str = "/api/v1/invoice/deposit-history";
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let address = text(&invoice, "/address");
    shop.fresh(&id).await;
    assert_eq!(shop.gateway.calls(HISTORY).await, 0, "nothing has arrived");
    for (round, amount) in (1..).zip(["1", "2"]) {
        shop.gateway.deposit(address, amount, "confirmed").await;
        for _ in 0..3 {
            shop.fresh(&id).await;
            assert_eq!(shop.gateway.calls(HISTORY).await, round);
        }
        assert_eq!(shop.books().await.deposits, u32::try_from(round).unwrap());
    }
}

#[tokio::test]
async fn whoever_comes_while_the_first_rates_are_on_their_way_gets_them_too() {
    let shop = Arc::new(TestProxy::start().await);
    shop.gateway.hold(Some("/api/v1/rate"));
    let ask = || {
        let shop = Arc::clone(&shop);
        let product = r#"{"product":"demo-order"}"#;
        tokio::spawn(async move { shop.post("/v1/checkouts", product, &[]).await })
    };
    let first = ask();
    while shop.gateway.held().is_empty() {
        tokio::task::yield_now().await;
    }
    let second = ask();
    // Others are answered meanwhile, so the second one has been heard as well.
    for _ in 0..20 {
        shop.get("/v1/checkouts/0d6c3f0e-7c43-4f3a-8e6b-6f1f0f0c2d11")
            .await
            .expect(404);
    }
    shop.gateway.hold(None);
    for made in [first, second] {
        let view = made.await.unwrap().expect(201).json();
        assert!(view["currencies"][0]["estimate"].is_string(), "{view}");
    }
}

#[tokio::test]
async fn an_answer_that_had_to_wait_is_not_dated_later_than_what_it_shows() {
    let shop = Arc::new(TestProxy::start().await);
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    // The rates are too old to be shown, and no others come.
    shop.wait(11 * 60_000);
    shop.gateway.hold(Some("/api/v1/rate"));
    let early = tokio::spawn({
        let (shop, id) = (Arc::clone(&shop), id.clone());
        async move { shop.show(&id).await }
    });
    while shop.gateway.held().is_empty() {
        tokio::task::yield_now().await;
    }
    // Meanwhile the payment is noticed, and told to whoever follows.
    shop.advance(1);
    shop.gateway.deposit(address, amount, "mempool").await;
    let noticed = shop.fresh(&id).await;
    assert_eq!(noticed["state"], "detected");
    shop.advance(1);
    shop.gateway.hold(None);
    let early = early.await.unwrap();
    let time = |view: &Value| Timestamp::parse(text(view, "/now")).unwrap();
    assert_eq!(early["state"], "awaiting");
    assert!(
        time(&early) < time(&noticed),
        "a page would take the older state for the newer one"
    );
}
