//! Proxy and sandbox behind one port, as in the demo: each answers what is its own, and no other page drives the sandbox.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::support::{Reply, TestProxy, client};

/// Both on one listener; the address.
async fn together(proxy: &TestProxy) -> SocketAddr {
    let router = proxy.proxy.router().merge(proxy.gateway.sandbox.router());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

#[tokio::test]
async fn another_page_in_the_same_browser_neither_moves_the_clock_nor_reads_the_sandbox() {
    let proxy = TestProxy::start().await;
    let address = together(&proxy).await;
    let before = proxy.gateway.sandbox.clock().offset_seconds();
    let own = format!("http://{address}");
    for (headers, code) in [
        (vec![("host", "rebind.test:8090")], "host_not_allowed"),
        (
            vec![("host", "rebind.test"), ("origin", "http://rebind.test")],
            "host_not_allowed",
        ),
        (
            vec![("origin", "http://evil.test:9703")],
            "origin_not_allowed",
        ),
        (vec![("origin", "null")], "origin_not_allowed"),
        (
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-site")],
            "cross_site",
        ),
    ] {
        for (method, path) in [
            (reqwest::Method::POST, "/sandbox/v1/clock"),
            (reqwest::Method::GET, "/sandbox/v1/state"),
            (reqwest::Method::GET, "/sandbox/v1/requests"),
        ] {
            let mut request = client()
                .request(method, format!("{own}{path}"))
                .header("content-type", "application/json")
                .body("{\"advanceSeconds\":7}");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let reply = Reply::read(request.send().await.unwrap()).await.expect(403);
            assert_eq!(reply.json()["error"]["code"], code, "{path} {headers:?}");
        }
    }
    assert_eq!(proxy.gateway.sandbox.clock().offset_seconds(), before);
}

#[tokio::test]
async fn each_answers_what_is_its_own() {
    let proxy = TestProxy::start().await;
    let address = together(&proxy).await;
    for (path, status, said) in [
        ("/v1/checkouts/x", 400, "checkout_id_malformed"),
        ("/nothing", 404, "not_found"),
        ("/sandbox/v1/nothing", 404, "there is nothing at"),
        ("/sandbox/v1/clock", 200, "offsetSeconds"),
        ("/pay?widgetKey=x", 404, "There is nothing to pay here"),
        ("/invoice/x", 404, "There is nothing to pay here"),
    ] {
        let answer = client()
            .get(format!("http://{address}{path}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said), "{path}: {text}");
    }
}
