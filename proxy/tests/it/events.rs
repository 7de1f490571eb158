//! A checkout as server-sent events: each change comes by itself, once, as the answer to a question would be.

use std::time::Duration;

use checkout::{Phase, Timestamp};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use crate::support::{Reply, SHOP, TestProxy, behind_a_proxy, text};

/// A view without what differs from answer to answer.
fn lasting(mut view: Value) -> Value {
    let members = view.as_object_mut().unwrap();
    assert!(members.remove("now").is_some());
    assert!(members.remove("pollAfterMs").is_some());
    view
}

fn state(view: &Value) -> Phase {
    text(view, "/state").parse().unwrap()
}

#[tokio::test]
async fn a_message_is_the_answer_to_a_question_with_its_tag() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("BTC").await;
    shop.show(&id).await;
    let mut events = shop.listen(&id).await;
    let header = |name: &str| events.response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store, no-transform");
    assert_eq!(header("x-accel-buffering"), "no");
    assert_eq!(header("connection"), "close");
    assert_eq!(events.block().await.as_deref(), Some("retry: 2000"));
    let event = events.event().await.unwrap();
    let reply = shop.get(&format!("/v1/checkouts/{id}")).await.expect(200);
    assert_eq!(event.id, reply.header("etag"));
    assert_eq!(lasting(event.view), lasting(reply.json()));
}

#[tokio::test]
async fn a_payment_is_told_to_its_end_and_no_further() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut events = shop.listen(&id).await;
    assert_eq!(state(&events.view().await), Phase::Choosing);
    let chosen = shop.choose(&id, "BTC").await.expect(200).json();
    assert_eq!(state(&events.view().await), Phase::Awaiting);
    let (address, amount) = (
        text(&chosen, "/invoice/address"),
        text(&chosen, "/invoice/amount"),
    );
    // Nobody asks for the checkout: the stream itself has the gateway asked, at the pace of a page.
    let deposit = shop.gateway.deposit(address, amount, "mempool").await;
    shop.wait(60_000);
    assert_eq!(state(&events.view().await), Phase::Detected);
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.wait(60_000);
    assert_eq!(state(&events.view().await), Phase::Paid);
    shop.advance(60);
    let last = events.event().await.unwrap();
    assert_eq!(state(&last.view), Phase::Completed);
    assert_eq!(events.event().await, None, "it can change no more");
    let again = shop.ask_to_listen(&id, Some(&last.id)).await;
    assert_eq!(again.status(), 204, "after which nobody asks any more");
    let mut other = shop.listen(&id).await;
    assert_eq!(other.event().await.map(|event| event.id), Some(last.id));
    assert_eq!(other.event().await, None);
}

#[tokio::test]
async fn a_stream_goes_on_after_what_was_seen_last() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let seen = shop.listen(&id).await.event().await.unwrap();
    let mut events = shop.listen_after(&id, Some(&seen.id)).await;
    assert_eq!(events.block().await.as_deref(), Some("retry: 2000"));
    shop.choose(&id, "BTC").await.expect(200);
    let next = events.event().await.unwrap();
    assert_eq!(state(&next.view), Phase::Awaiting, "the first is left out");
    // What has changed while nobody listened comes at once.
    let mut events = shop.listen_after(&id, Some(&seen.id)).await;
    assert_eq!(events.event().await.unwrap().id, next.id);
    let mut events = shop.listen_after(&id, Some("what nobody has sent")).await;
    assert_eq!(events.event().await.unwrap().id, next.id);
}

#[tokio::test]
async fn repricing_and_expiry_are_told() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let mut events = shop.listen(&id).await;
    let first = events.view().await;
    shop.gateway.rate("USDT_TRX", "EUR", "0.5").await;
    shop.advance(3 * 60 * 60);
    let second = events.view().await;
    assert_ne!(
        text(&first, "/invoice/amount"),
        text(&second, "/invoice/amount")
    );
    let mut view = second;
    for _ in 0..20 {
        if state(&view) == Phase::Expired {
            return;
        }
        shop.advance(6 * 60 * 60);
        view = events.view().await;
    }
    panic!("it does not expire: {view}");
}

#[tokio::test]
async fn what_cannot_be_listened_to_is_refused_as_elsewhere() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.push_connections = 3;
        config.limits.push_connections_per_network = 2;
    })
    .await;
    let id = shop.checkout().await;
    let ask = async |id: &str, headers: &[(&str, &str)]| {
        let path = format!("/v1/checkouts/{id}/events");
        shop.request("GET", &path, headers, None).await.code()
    };
    let nobodys = "0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11";
    assert_eq!(ask(nobodys, &[]).await, "checkout_not_found");
    assert_eq!(ask("1", &[]).await, "checkout_id_malformed");
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(ask(&id, &foreign).await, "origin_not_allowed");
    let listen = async |address: &str| {
        let url = format!("http://{}/v1/checkouts/{id}/events", shop.address);
        let request = crate::support::client().get(url);
        let request = request.header("x-forwarded-for", address);
        request.header("origin", SHOP).send().await.unwrap()
    };
    let (one, two) = (listen("203.0.113.7").await, listen("203.0.113.8").await);
    assert_eq!(
        (one.status(), two.status()),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert_eq!(one.headers()["access-control-allow-origin"], SHOP);
    let third = Reply::read(listen("203.0.113.9").await).await;
    assert_eq!(third.code(), "push_unavailable");
    assert_eq!(third.header("retry-after"), "30");
    let other = listen("198.51.100.7").await;
    assert_eq!(other.status(), 200, "another network");
    let fifth = Reply::read(listen("192.0.2.7").await).await;
    assert_eq!(fifth.code(), "push_unavailable", "all places are taken");
    drop((one, two));
    while listen("192.0.2.7").await.status() != 200 {}
}

#[tokio::test]
async fn streams_take_no_connection_from_those_who_ask() {
    let shop = TestProxy::with(|config| config.limits.connections = 2).await;
    let id = shop.checkout().await;
    let mut streams = Vec::new();
    for _ in 0..16 {
        let mut events = shop.listen(&id).await;
        assert!(events.event().await.is_some());
        streams.push(events);
    }
    shop.choose(&id, "BTC").await.expect(200);
    for events in &mut streams {
        assert_eq!(state(&events.view().await), Phase::Awaiting);
    }
}

#[tokio::test]
async fn a_proxy_that_stops_sends_its_listeners_away() {
    let mut shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut events = shop.listen(&id).await;
    let seen = events.event().await.unwrap();
    shop.restarted().await;
    assert_eq!(events.block().await.as_deref(), Some("retry: 2000"));
    assert_eq!(events.block().await, None);
    let mut events = shop.listen_after(&id, Some(&seen.id)).await;
    shop.choose(&id, "BTC").await.expect(200);
    assert_eq!(state(&events.view().await), Phase::Awaiting);
}

#[tokio::test]
async fn a_sign_of_life_comes_when_nothing_else_does() {
    let shop = TestProxy::with(|config| config.limits.push_beat = Duration::from_millis(20)).await;
    let id = shop.checkout().await;
    let mut events = shop.listen(&id).await;
    while events.event().await.is_none() {}
    for _ in 0..3 {
        assert_eq!(events.block().await.as_deref(), Some(": beat"));
    }
    shop.choose(&id, "BTC").await.expect(200);
    assert_eq!(state(&events.view().await), Phase::Awaiting);
}

#[tokio::test]
async fn a_stream_that_nobody_reads_is_ended_before_it_has_taken_much() {
    let shop = TestProxy::with(|config| {
        config.limits.push_connections = 1;
        config.limits.write_timeout = Duration::from_millis(100);
        // As fast as the peer takes them.
        config.limits.push_beat = Duration::ZERO;
    })
    .await;
    let id = shop.checkout().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut peer = socket.connect(shop.address).await.unwrap();
    let head = format!("GET /v1/checkouts/{id}/events HTTP/1.1\r\nhost: localhost\r\n\r\n");
    peer.write_all(head.as_bytes()).await.unwrap();
    peer.readable().await.unwrap();
    // The only place is free again once the proxy has ended it.
    while shop.ask_to_listen(&id, None).await.status() != 200 {}
    let mut taken = Vec::new();
    // What was on its way still comes; then it is closed, or cut off.
    peer.read_to_end(&mut taken).await.ok();
    assert!(taken.starts_with(b"HTTP/1.1 200"));
    assert!(taken.len() < 1 << 20, "{}", taken.len());
}

#[tokio::test]
async fn whoever_asks_for_the_head_of_a_stream_takes_no_place() {
    let shop = TestProxy::with(|config| config.limits.push_connections = 1).await;
    let id = shop.checkout().await;
    for _ in 0..20 {
        let path = format!("/v1/checkouts/{id}/events");
        let mut reply = shop.request("HEAD", &path, &[], None).await;
        while reply.status == 503 {
            // The one before has not been dropped yet.
            reply = shop.request("HEAD", &path, &[], None).await;
        }
        assert_eq!((reply.status, reply.bytes.len()), (200, 0));
        assert_eq!(reply.header("content-type"), "text/event-stream");
    }
}

#[tokio::test]
async fn a_stream_begins_no_earlier_than_what_its_page_was_told_before() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut one = shop.listen(&id).await;
    assert!(one.event().await.is_some());
    // Another page asks, and listens then, while the message that is sent to many at once is still good.
    let told = shop.show(&id).await;
    let first = shop.listen(&id).await.view().await;
    let time = |view: &Value| Timestamp::parse(text(view, "/now")).unwrap();
    assert!(
        time(&first) >= time(&told),
        "it would be taken for an old one"
    );
}
