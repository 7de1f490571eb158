//! Class J: pages that may not call, and what a browser lets them try. The proxy has neither cookies nor sessions: what a foreign page could
//! want is to make something happen, or to read an answer.

use super::{names_are_unique, nothing_was_taken};
use crate::support::{MERCHANT_KEY, SHOP, TestProxy};

const PRODUCT: &str = r#"{"product":"demo-order"}"#;
const FOREIGN: &str = "origin_not_allowed";
const KIND: &str = "content_type_not_json";
const JSON: (&str, &str) = ("content-type", "application/json");

/// A request of a page that makes a checkout: its name, its headers, and the code of the refusal.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("null: a sandboxed frame, a file, a redirect", &[JSON, ("origin", "null")], FOREIGN),
    ("null in capitals", &[JSON, ("origin", "NULL")], FOREIGN),
    ("another site", &[JSON, ("origin", "https://evil.example")], FOREIGN),
    ("ours as the beginning", &[JSON, ("origin", "https://shop.example.evil")], FOREIGN),
    ("ours as the end", &[JSON, ("origin", "https://evilshop.example")], FOREIGN),
    ("ours as a user", &[JSON, ("origin", "https://shop.example@evil.example")], FOREIGN),
    ("ours as a path", &[JSON, ("origin", "https://evil.example/https://shop.example")], FOREIGN),
    ("ours in a query", &[JSON, ("origin", "https://evil.example?https://shop.example")], FOREIGN),
    ("ours in a fragment", &[JSON, ("origin", "https://evil.example#https://shop.example")], FOREIGN),
    ("a subdomain", &[JSON, ("origin", "https://sub.shop.example")], FOREIGN),
    ("the domain above", &[JSON, ("origin", "https://example")], FOREIGN),
    ("without TLS", &[JSON, ("origin", "http://shop.example")], FOREIGN),
    ("another scheme", &[JSON, ("origin", "ftp://shop.example")], FOREIGN),
    ("no scheme", &[JSON, ("origin", "shop.example")], FOREIGN),
    ("a scheme alone", &[JSON, ("origin", "https://")], FOREIGN),
    ("another port", &[JSON, ("origin", "https://shop.example:8443")], FOREIGN),
    ("the usual port, written out", &[JSON, ("origin", "https://shop.example:443")], FOREIGN),
    ("a port that is none", &[JSON, ("origin", "https://shop.example:")], FOREIGN),
    ("capital letters", &[JSON, ("origin", "https://SHOP.example")], FOREIGN),
    ("a scheme in capitals", &[JSON, ("origin", "HTTPS://shop.example")], FOREIGN),
    ("a dot at the end", &[JSON, ("origin", "https://shop.example.")], FOREIGN),
    ("a slash at the end", &[JSON, ("origin", "https://shop.example/")], FOREIGN),
    ("a letter that looks alike, as browsers write it", &[JSON, ("origin", "https://xn--shp-jma.example")], FOREIGN),
    ("two in one", &[JSON, ("origin", "https://shop.example, https://evil.example")], FOREIGN),
    ("two with a blank", &[JSON, ("origin", "https://shop.example https://evil.example")], FOREIGN),
    ("two headers, ours first", &[JSON, ("origin", SHOP), ("origin", "https://evil.example")], FOREIGN),
    ("two headers, ours last", &[JSON, ("origin", "https://evil.example"), ("origin", SHOP)], FOREIGN),
    ("ours twice", &[JSON, ("origin", SHOP), ("origin", SHOP)], FOREIGN),
    ("empty", &[JSON, ("origin", "")], FOREIGN),
    ("a star", &[JSON, ("origin", "*")], FOREIGN),
    ("this computer on another port", &[JSON, ("origin", "http://localhost:3001")], FOREIGN),
    ("this computer by its number", &[JSON, ("origin", "http://127.0.0.1:3000")], FOREIGN),
    ("an extension of the browser", &[JSON, ("origin", "chrome-extension://abcdefgh")], FOREIGN),
    ("cross-site without an origin", &[JSON, ("sec-fetch-site", "cross-site")], FOREIGN),
    ("cross-site among others, without an origin", &[JSON, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], FOREIGN),
    ("a referrer of ours does not help", &[JSON, ("origin", "https://evil.example"), ("referer", "https://shop.example/")], FOREIGN),
    ("a foreign origin that says same-origin", &[JSON, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], FOREIGN),
    ("the proxy's address over TLS's name", &[JSON, ("origin", "https://pay.shop.example.evil")], FOREIGN),
    ("our page with a merchant's key", &[JSON, ("origin", SHOP), ("authorization", "Bearer merchant-canary-5d1c9a70e4b2"), ("idempotency-key", "k")], FOREIGN),
    ("a foreign page with a merchant's key", &[JSON, ("origin", "https://evil.example"), ("authorization", "Bearer merchant-canary-5d1c9a70e4b2"), ("idempotency-key", "k")], FOREIGN),
    // What a form or a beacon can send without asking first, from a page of ours or from nowhere.
    ("a form of text", &[("content-type", "text/plain"), ("origin", SHOP)], KIND),
    ("a form", &[("content-type", "application/x-www-form-urlencoded"), ("origin", SHOP)], KIND),
    ("a form with files", &[("content-type", "multipart/form-data; boundary=x"), ("origin", SHOP)], KIND),
    ("text that pretends", &[("content-type", "text/plain; application/json"), ("origin", SHOP)], KIND),
    ("text with JSON as its charset", &[("content-type", "text/plain; charset=application/json"), ("origin", SHOP)], KIND),
    ("two kinds in one", &[("content-type", "application/json, text/plain"), ("origin", SHOP)], KIND),
    ("a report of a policy", &[("content-type", "application/csp-report"), ("origin", SHOP)], KIND),
    ("no kind", &[("origin", SHOP)], KIND),
];

/// Requests whose answer a foreign page may not read, and preflights that allow it nothing: the method, the path, the headers.
#[rustfmt::skip]
const UNREADABLE: &[Row] = &[
    ("GET /v1/checkouts/{id}", &[("origin", "https://evil.example")], FOREIGN),
    ("GET /v1/checkouts/{id}/events", &[("origin", "https://evil.example")], FOREIGN),
    ("GET /v1/checkouts/{id}/events", &[("origin", "null"), ("accept", "text/event-stream")], FOREIGN),
    ("GET /v1/checkouts/{id}/history", &[("origin", "https://evil.example")], FOREIGN),
    ("POST /v1/checkouts/{id}/invoice", &[JSON, ("origin", "https://evil.example")], FOREIGN),
    ("OPTIONS /v1/checkouts", &[("origin", "https://evil.example"), ("access-control-request-method", "POST")], FOREIGN),
    ("OPTIONS /v1/checkouts", &[("origin", "null"), ("access-control-request-method", "POST")], FOREIGN),
    ("OPTIONS /v1/checkouts/{id}", &[("origin", "https://evil.example"), ("access-control-request-method", "GET"), ("access-control-request-private-network", "true")], FOREIGN),
];

pub(super) fn rows() -> usize {
    TABLE.len() + UNREADABLE.len()
}

#[tokio::test]
async fn no_foreign_page_makes_anything() {
    let shop = TestProxy::start().await;
    names_are_unique(TABLE.iter().map(|(name, ..)| *name));
    for (name, headers, code) in TABLE {
        let body = Some(PRODUCT.as_bytes());
        let reply = shop.request("POST", "/v1/checkouts", headers, body).await;
        assert_eq!(reply.code(), *code, "{name}");
        if *code == FOREIGN {
            assert_eq!(reply.header("access-control-allow-origin"), "", "{name}");
        }
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
    nothing_was_taken(&shop).await;
}

#[tokio::test]
async fn no_foreign_page_reads_anything() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    for (what, headers, code) in UNREADABLE {
        let (method, path) = what.split_once(' ').unwrap();
        let body = (method == "POST").then_some(&br#"{"currency":"BTC"}"#[..]);
        let path = path.replace("{id}", &id);
        let reply = shop.request(method, &path, headers, body).await;
        assert_eq!(reply.code(), *code, "{what}");
        for header in [
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers",
            "access-control-allow-private-network",
        ] {
            assert_eq!(reply.header(header), "", "{what}: {header}");
        }
    }
    // A page of ours may send no key, whatever it asks for beforehand.
    let ask = [
        ("origin", SHOP),
        ("access-control-request-method", "DELETE"),
        ("access-control-request-headers", "authorization, cookie"),
    ];
    let reply = shop.request("OPTIONS", "/v1/checkouts", &ask, None).await;
    let allowed = reply.expect(204);
    let headers = allowed.header("access-control-allow-headers");
    assert!(!headers.contains("authorization") && !headers.contains('*'));
    assert_eq!(allowed.header("access-control-allow-methods"), "GET, POST");
    assert!(shop.gateway.invoices_made().await.is_empty());
}

#[tokio::test]
async fn no_page_frames_or_keeps_the_hosted_one() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let page = shop.get(&format!("/pay/{id}")).await.expect(200);
    let policy = page.header("content-security-policy");
    for part in [
        "frame-ancestors 'none'",
        "form-action 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("access-control-allow-origin"), "");
    assert!(!page.text().contains(MERCHANT_KEY));
}
