//! What a page of somebody else, open in the developer's browser, tries to do to the sandbox: nothing happens.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

/// Every call of the control side: method, path, body.
const CALLS: [(&str, &str, &str); 22] = [
    ("POST", "deposits", "{}"),
    ("POST", "deposits/1", "{}"),
    ("GET", "clock", ""),
    ("POST", "clock", "{\"advanceSeconds\":7}"),
    ("GET", "rates", ""),
    ("POST", "rates", "{}"),
    ("DELETE", "rates", ""),
    ("GET", "faults", ""),
    ("POST", "faults", "{\"kind\":\"error500\"}"),
    ("DELETE", "faults", ""),
    ("GET", "scenario", ""),
    ("POST", "scenario", "{\"steps\":[]}"),
    ("DELETE", "scenario", ""),
    ("GET", "requests", ""),
    ("GET", "webhooks", ""),
    ("POST", "webhooks/1/unblock", ""),
    ("POST", "widgets/1/choose", "{}"),
    ("POST", "invoices/1/accept", ""),
    ("POST", "invoices/1/refund", ""),
    ("GET", "state", ""),
    ("POST", "reset", ""),
    ("GET", "nothing", ""),
];

const PANEL: [&str; 5] = [
    "/sandbox",
    "/sandbox/",
    "/sandbox/panel.css",
    "/sandbox/panel.js",
    "/sandbox/panel.svg",
];

async fn send(
    desk: &Desk,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let method: Method = method.parse().unwrap();
    let mut request = desk.client.request(method, format!("{}{path}", desk.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.body(body.to_owned());
    }
    Answer::new(request.send().await.unwrap()).await
}

/// What the sandbox is, for comparison.
async fn all(desk: &Desk) -> Value {
    desk.read("/sandbox/v1/state").await.ok()
}

/// Asserts that every call of the control side is refused that comes with these headers, and that nothing happened.
async fn nothing_works(headers: &[(&str, &str)], status: u16, code: &str, expected: &str) {
    let desk = Desk::open().await;
    desk.invoice("BTC").await;
    let before = all(&desk).await;
    for (method, path, body) in CALLS {
        let path = format!("/sandbox/v1/{path}");
        let mut headers = headers.to_vec();
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            headers.push(("content-type", "application/json"));
        }
        let message = send(&desk, method, &path, &headers, body)
            .await
            .denied(status, code);
        assert_eq!(message, expected, "{method} {path}");
    }
    assert_eq!(all(&desk).await, before);
}

#[tokio::test]
async fn a_rebound_name_neither_reads_nor_acts() {
    let expected = "expected the Host 127.0.0.1 or [::1] or localhost, or one that the sandbox was told with --allow-host, \
                    got \"rebind.test:8090\"";
    nothing_works(
        &[
            ("host", "rebind.test:8090"),
            ("origin", "http://rebind.test:8090"),
            ("sec-fetch-site", "same-origin"),
        ],
        403,
        "host_not_allowed",
        expected,
    )
    .await;
    nothing_works(
        &[("host", "rebind.test:8090")],
        403,
        "host_not_allowed",
        expected,
    )
    .await;
    let desk = Desk::open().await;
    for path in PANEL {
        send(&desk, "GET", path, &[("host", "rebind.test")], "")
            .await
            .denied(403, "host_not_allowed");
    }
    let gateway = ["/api/v1/invoice", "/api/v1/rate", "/api/v1/nothing"];
    for path in gateway {
        send(&desk, "POST", path, &[("host", "rebind.test")], "{}")
            .await
            .denied(403, "host_not_allowed");
    }
    // What is not let in is no request of the gateway.
    let requests = desk.read("/sandbox/v1/requests").await.ok();
    assert_eq!(requests, json!({ "requests": [] }));
}

#[tokio::test]
async fn a_page_of_another_origin_does_nothing() {
    let desk = Desk::open().await;
    let host = desk.base.trim_start_matches("http://").to_owned();
    drop(desk);
    for origin in [
        "http://evil.test:9703",
        "null",
        "http://127.0.0.1",
        "http://localhost:8081",
        "file://",
        "chrome-extension://abcdef",
        "http://127.0.0.1.evil.test",
        "http://127.0.0.1:1@evil.test",
    ] {
        let desk = Desk::open().await;
        let before = all(&desk).await;
        for (method, path, body) in CALLS {
            let headers = [("origin", origin), ("content-type", "application/json")];
            let message = send(
                &desk,
                method,
                &format!("/sandbox/v1/{path}"),
                &headers,
                body,
            )
            .await
            .denied(403, "origin_not_allowed");
            assert!(
                message.ends_with(&format!(", got {origin:?}")) && !message.contains(&host),
                "{message}"
            );
        }
        send(&desk, "GET", "/sandbox/", &[("origin", origin)], "")
            .await
            .denied(403, "origin_not_allowed");
        assert_eq!(all(&desk).await, before);
    }
}

#[tokio::test]
async fn what_a_browser_calls_cross_site_does_nothing() {
    for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
        let expected = format!("expected Sec-Fetch-Site same-origin or none, got {site:?}");
        nothing_works(&[("sec-fetch-site", site)], 403, "cross_site", &expected).await;
    }
    let navigation = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let expected = "expected Sec-Fetch-Site same-origin or none, got \"cross-site\"";
    nothing_works(&navigation, 403, "cross_site", expected).await;
    // A link may lead to the panel; a frame, a picture or a script of another page may not take it in.
    let desk = Desk::open().await;
    send(&desk, "GET", "/sandbox/", &navigation, "").await.ok();
    for (mode, destination) in [
        ("navigate", "iframe"),
        ("no-cors", "script"),
        ("cors", "empty"),
    ] {
        let headers = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", mode),
            ("sec-fetch-dest", destination),
        ];
        for path in PANEL {
            send(&desk, "GET", path, &headers, "")
                .await
                .denied(403, "cross_site");
        }
    }
}

#[tokio::test]
async fn a_body_of_a_type_that_any_page_can_send_does_nothing() {
    let desk = Desk::open().await;
    let before = all(&desk).await;
    let bodies = CALLS.iter().filter(|(_, _, body)| !body.is_empty());
    for (method, path, body) in bodies {
        for kind in [
            "text/plain",
            "text/plain;charset=UTF-8",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "",
        ] {
            let message = send(
                &desk,
                method,
                &format!("/sandbox/v1/{path}"),
                &[("content-type", kind)],
                body,
            )
            .await
            .denied(415, "content_type_wrong");
            assert_eq!(
                message,
                format!(
                    "expected a body of the Content-Type application/json or application/toml, got {kind:?}"
                )
            );
        }
        send(&desk, method, &format!("/sandbox/v1/{path}"), &[], body)
            .await
            .denied(415, "content_type_wrong");
    }
    assert_eq!(all(&desk).await, before);
}

#[tokio::test]
async fn the_panel_and_programs_of_this_computer_work_as_ever() {
    let desk = Desk::open().await;
    let port = desk.base.rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        for host in [format!("{host}:{port}"), host.to_owned()] {
            let own = format!("http://{host}");
            let headers = [
                ("host", host.as_str()),
                ("origin", own.as_str()),
                ("sec-fetch-site", "same-origin"),
                ("content-type", "application/json; charset=utf-8"),
            ];
            let clock = send(
                &desk,
                "POST",
                "/sandbox/v1/clock",
                &headers,
                "{\"advanceSeconds\":1}",
            );
            clock.await.ok();
            send(&desk, "GET", "/sandbox/", &headers[..1], "")
                .await
                .ok();
        }
    }
    assert_eq!(all(&desk).await["offsetSeconds"], 6);
}

#[tokio::test]
async fn a_host_the_sandbox_was_told_is_let_in() {
    let mut settings = crate::desk::settings();
    settings.allowed_hosts = vec!["sandbox.internal".to_owned()];
    let desk = Desk::with(settings).await;
    let told = [("host", "sandbox.internal:8090")];
    send(&desk, "GET", "/sandbox/v1/state", &told, "")
        .await
        .ok();
    send(
        &desk,
        "GET",
        "/sandbox/v1/state",
        &[("host", "sandbox.internal.evil.test:8090")],
        "",
    )
    .await
    .denied(403, "host_not_allowed");
}
