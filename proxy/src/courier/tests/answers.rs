//! What each answer of a receiver means.

use std::time::Duration;

use super::stand::{NOW, SECRET, Stand, deliver, message};
use crate::config::EventTarget;
use crate::courier::{Attempted, Courier, DeliveryFailure};

#[tokio::test]
async fn a_delivery_is_one_signed_post_and_nothing_of_the_answer_is_kept() {
    let stand = Stand::answering("HTTP/1.1 204 No Content\r\nset-cookie: a=b\r\n\r\n").await;
    for _ in 0..2 {
        let attempted = deliver(&stand.url()).await;
        assert_eq!(attempted, Attempted::Taken { status: 204 });
    }
    let heard = stand.heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0], heard[1], "a cookie or another trace was kept");
    let (head, body) = heard[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{head}");
    for line in [
        "webhook-id: evt_0198",
        "webhook-timestamp: 1796000000",
        "content-type: application/json",
        "content-length: 24",
        concat!(
            "user-agent: calypso-proxy/",
            env!("CARGO_PKG_VERSION"),
            " (Standard Webhooks)"
        ),
    ] {
        assert!(head.lines().any(|said| said == line), "{line}: {head}");
    }
    assert!(head.contains("\r\nwebhook-signature: v1,"), "{head}");
    assert_eq!(body.as_bytes(), message().body);
    assert!(!heard[0].contains(&SECRET[6..]), "the secret was sent");
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let refused = |status, seconds: Option<u64>| Attempted::Refused {
        status,
        retry_after: seconds.map(Duration::from_secs),
    };
    for (answer, expected) in [
        (
            "200 OK\r\ncontent-length: 2\r\n\r\nok",
            Attempted::Taken { status: 200 },
        ),
        ("202 Accepted\r\n\r\n", Attempted::Taken { status: 202 }),
        ("299 ?\r\n\r\n", Attempted::Taken { status: 299 }),
        ("300 Multiple Choices\r\n\r\n", refused(300, None)),
        (
            "301 Moved\r\nlocation: http://127.0.0.1:1/\r\n\r\n",
            refused(301, None),
        ),
        (
            "302 Found\r\nlocation: http://169.254.169.254/\r\n\r\n",
            refused(302, None),
        ),
        ("304 Not Modified\r\n\r\n", refused(304, None)),
        (
            "307 Temporary\r\nlocation: /other\r\n\r\n",
            refused(307, None),
        ),
        (
            "308 Permanent\r\nlocation: https://shop.example/\r\n\r\n",
            refused(308, None),
        ),
        ("400 Bad Request\r\n\r\n", refused(400, None)),
        (
            "401 Unauthorized\r\nwww-authenticate: Basic\r\n\r\n",
            refused(401, None),
        ),
        ("404 Not Found\r\n\r\n", refused(404, None)),
        ("410 Gone\r\nretry-after: 5\r\n\r\n", Attempted::Gone),
        (
            "429 Too Many\r\nretry-after: 120\r\n\r\n",
            refused(429, Some(120)),
        ),
        (
            "429 Too Many\r\nretry-after: soon\r\n\r\n",
            refused(429, None),
        ),
        ("500 Oops\r\n\r\n", refused(500, None)),
        (
            "503 Busy\r\nretry-after: 999999999999\r\n\r\n",
            refused(503, Some(86_400)),
        ),
        (
            "503 Busy\r\nretry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n\r\n",
            refused(503, Some(86_400)),
        ),
        ("599 ?\r\n\r\n", refused(599, None)),
        // Neither a body that never ends nor one that is cut short changes what the status said.
        (
            "200 OK\r\ncontent-length: 1000000\r\n\r\nx",
            Attempted::Taken { status: 200 },
        ),
        (
            "200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            Attempted::Taken { status: 200 },
        ),
    ] {
        let stand = Stand::answering(format!("HTTP/1.1 {answer}")).await;
        assert_eq!(deliver(&stand.url()).await, expected, "{answer}");
        assert_eq!(stand.connections(), 1, "{answer}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_named_failure() {
    let huge = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(2_000_000));
    for nonsense in ["SSH-2.0-OpenSSH\r\n", "HTTP/9.9 200 OK\r\n\r\n", &huge] {
        let stand = Stand::answering(nonsense).await;
        let kind = DeliveryFailure::Broken;
        assert_eq!(deliver(&stand.url()).await, Attempted::Failed { kind });
    }
    // A port that nobody listens on any longer.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let kind = DeliveryFailure::NoConnection;
    assert_eq!(deliver(&url).await, Attempted::Failed { kind });
}

#[tokio::test]
async fn who_never_answers_is_left_in_the_end() {
    // Connections are taken by the system, and nobody reads them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let target = EventTarget::new(&url, &[SECRET], &["127.0.0.1"]).unwrap();
    let courier = Courier::new().patience(Duration::from_millis(50));
    let kind = DeliveryFailure::TimedOut;
    let attempted = courier.deliver(&target, &message(), NOW).await;
    assert_eq!(attempted, Attempted::Failed { kind });
}

#[tokio::test]
async fn an_id_with_a_dot_is_not_sent() {
    let stand = Stand::answering("HTTP/1.1 200 OK\r\n\r\n").await;
    let target = EventTarget::new(&stand.url(), &[SECRET], &["127.0.0.1"]).unwrap();
    let mut message = message();
    message.id = "evt.1".to_owned();
    let kind = DeliveryFailure::Unsignable;
    let attempted = Courier::new().deliver(&target, &message, NOW).await;
    assert_eq!(attempted, Attempted::Failed { kind });
    assert_eq!(stand.connections(), 0);
}
