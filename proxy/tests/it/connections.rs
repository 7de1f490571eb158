//! The accept loop: slow, silent, broken and oversized clients do not get in the way of others.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::TestProxy;

/// Sends bytes and reads until the proxy closes.
async fn talk(shop: &TestProxy, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A closed connection may show as an error when unread bytes were left; both are an end.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let shop =
        TestProxy::with(|config| config.limits.header_timeout = Duration::from_millis(500)).await;
    for bytes in [
        &b""[..],
        b"GET /v1",
        b"GET /v1/checkouts/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    ] {
        let answer = talk(&shop, bytes).await;
        assert!(["closed", "408"].contains(&status(&answer)), "{answer}");
    }
    // A later request on the same connection has the same limit, long before the connection would be closed for idleness.
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let whole = b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    stream.write_all(whole).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 404"));
    stream.write_all(b"GET /v1").await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut answer));
    drop(ended.await.expect("cut off before it counts as idle"));
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let shop =
        TestProxy::with(|config| config.limits.body_timeout = Duration::from_millis(300)).await;
    let head = "POST /v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"pro";
    let answer = talk(&shop, head.as_bytes()).await;
    assert_eq!(status(&answer), "400");
    assert!(answer.contains("body_not_json"), "{answer}");
    assert_eq!(shop.books().await.checkouts, 0);
}

#[tokio::test]
async fn broken_requests_get_an_answer_or_an_end() {
    let shop = TestProxy::start().await;
    let close = "Connection: close\r\n";
    let post =
        "POST /v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
    let headers = (0..120)
        .map(|n| format!("X-{n}: y\r\n"))
        .collect::<String>();
    let long = "a".repeat(64 * 1024);
    let table = [
        ("nonsense\r\n\r\n".to_owned(), vec!["400", "closed"]),
        (
            format!("GET {long} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
            vec!["414", "431", "400", "closed"],
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {long}\r\n\r\n"),
            vec!["431", "400", "closed"],
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n"),
            vec!["431", "400", "closed"],
        ),
        (
            format!(
                "{post}{close}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            vec!["400", "closed"],
        ),
        (
            format!("{post}{close}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{{}}"),
            vec!["400", "closed"],
        ),
        (
            format!("{post}{close}Content-Length: -1\r\n\r\n"),
            vec!["400", "closed"],
        ),
        (
            format!("{post}{close}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n"),
            vec!["400", "closed"],
        ),
        (
            format!("{post}{close}Content-Length: 99999999999\r\n\r\n{{}}"),
            vec!["413", "400", "closed"],
        ),
        (
            format!(
                "GET http://evil.example/v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\n{close}\r\n"
            ),
            vec!["421"],
        ),
        (
            format!("GET /v1/checkouts/%2e%2e HTTP/1.1\r\nHost: 127.0.0.1\r\n{close}\r\n"),
            vec!["400"],
        ),
        ("GET / HTTP/1.0\r\n\r\n".to_owned(), vec!["404"]),
        (
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
            vec!["400", "505", "closed"],
        ),
    ];
    for (request, expected) in table {
        let answer = tokio::time::timeout(Duration::from_secs(20), talk(&shop, request.as_bytes()))
            .await
            .expect("an end");
        assert!(
            expected.contains(&status(&answer)),
            "{:?}: {answer}",
            &request[..request.len().min(80)]
        );
    }
    assert_eq!(shop.books().await.checkouts, 0);
    assert_eq!(
        shop.checkout().await.len(),
        36,
        "and the next buyer is served"
    );
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let shop = TestProxy::start().await;
    let answer = talk(&shop, b"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /v1/checkouts/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await;
    let codes: Vec<&str> = answer
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &answer[at + 9..at + 12])
        .collect();
    assert_eq!(codes, ["404", "400"]);
}

#[tokio::test]
async fn whoever_sends_requests_without_waiting_for_answers_is_let_go() {
    let shop = TestProxy::start().await;
    let request = "GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let answer = talk(&shop, request.repeat(100).as_bytes()).await;
    let answers = answer.matches("HTTP/1.1 404").count();
    assert!((1..=2).contains(&answers), "{answers} of 100");

    // One that waits for each answer is served on.
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    for _ in 0..20 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}}") {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
        }
        let answer = String::from_utf8(answer).unwrap().to_lowercase();
        assert!(!answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn every_answer_is_protected() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    for path in [
        format!("/v1/checkouts/{id}"),
        "/nowhere".to_owned(),
        format!("/pay/{id}"),
        "/pay/page.css".to_owned(),
        "/pay/page.js".to_owned(),
        "/calypso-pay.js".to_owned(),
    ] {
        let reply = shop.get(&path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            reply
                .header("content-security-policy")
                .contains("default-src 'none'"),
            "{path}"
        );
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(reply.header("x-request-id").len(), 32, "{path}");
        assert_eq!(reply.header("server"), "", "{path}");
    }
}
