//! Class L: a gateway that fails, in every way that was thought of. While it does, a buyer is told so by a code of the proxy's, sees nothing of its
//! words, and keeps what was known; nothing counts as paid, and when it is well again one invoice is made. What it says wrongly is in
//! `hostile_gateway.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use calypso_sandbox::WallClock;

use super::names_are_unique;
use crate::support::{CREATE, Gateway, HASTY, READ, TestProxy, logged, text};

/// An answer in the gateway's place: its name, status, headers and body; and the code that the buyer is told who picks a currency.
type Answer = (
    &'static str,
    u16,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static [&'static str],
);

const JSON: (&str, &str) = ("content-type", "application/json");
const HTML: (&str, &str) = ("content-type", "text/html");
const FAILED: &[&str] = &["gateway_failed"];
const AWAY: &[&str] = &["gateway_unavailable", "gateway_failed"];
/// A word that stands in every body, and may reach nobody.
const CANARY: &str = "gateway-words-1f9c";

#[rustfmt::skip]
const ANSWERS: &[Answer] = &[
    ("500 with a page", 500, &[HTML], "<h1>gateway-words-1f9c</h1>", AWAY),
    ("501", 501, &[], "gateway-words-1f9c", AWAY),
    ("502 with a page", 502, &[HTML], "<h1>gateway-words-1f9c</h1>", AWAY),
    ("503 for maintenance, in seconds", 503, &[HTML, ("retry-after", "120")], "gateway-words-1f9c", AWAY),
    ("503 for maintenance, by a date", 503, &[HTML, ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], "gateway-words-1f9c", AWAY),
    ("504", 504, &[], "gateway-words-1f9c", AWAY),
    ("429 in seconds", 429, &[("retry-after", "1")], "gateway-words-1f9c", AWAY),
    ("429 by a date", 429, &[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], "gateway-words-1f9c", AWAY),
    ("429 and garbage", 429, &[("retry-after", "soon, +7")], "gateway-words-1f9c", AWAY),
    ("429 for ever", 429, &[("retry-after", "18446744073709551615")], "gateway-words-1f9c", AWAY),
    ("429 without a word", 429, &[], "gateway-words-1f9c", AWAY),
    ("400 with a page", 400, &[HTML], "gateway-words-1f9c", FAILED),
    ("401", 401, &[JSON], r#"{"code":"002","message":"gateway-words-1f9c"}"#, FAILED),
    ("403", 403, &[HTML], "gateway-words-1f9c", FAILED),
    ("404 with a page", 404, &[HTML], "gateway-words-1f9c", FAILED),
    ("418", 418, &[], "gateway-words-1f9c", FAILED),
    ("an error with an unknown code", 400, &[JSON], r#"{"code":"999","message":"gateway-words-1f9c"}"#, FAILED),
    ("a redirect", 302, &[("location", "http://127.0.0.1:9/gateway-words-1f9c")], "", FAILED),
    ("a redirect that keeps the body", 307, &[("location", "http://127.0.0.1:9/gateway-words-1f9c")], "", FAILED),
    ("204", 204, &[], "", FAILED),
    ("200 and nothing", 200, &[JSON], "", FAILED),
    ("200 with an error inside", 200, &[JSON], r#"{"code":"000","message":"gateway-words-1f9c"}"#, FAILED),
    ("200 with a page", 200, &[HTML], "<html>gateway-words-1f9c</html>", FAILED),
    ("200 with a page that says JSON", 200, &[JSON], "<html>gateway-words-1f9c</html>", FAILED),
    ("200 with half a document", 200, &[JSON], r#"{"id":"gateway-words-1f9c""#, FAILED),
    ("200 with two documents", 200, &[JSON], r#"{"id":"gateway-words-1f9c"}{}"#, FAILED),
    ("200 with a list", 200, &[JSON], r#"["gateway-words-1f9c"]"#, FAILED),
    ("200 with an empty list", 200, &[JSON], "[]", FAILED),
    ("200 with a text", 200, &[JSON], r#""gateway-words-1f9c""#, FAILED),
    ("200 with null", 200, &[JSON], "null", FAILED),
    ("200 with a byte order mark", 200, &[JSON], "\u{feff}{\"id\":\"gateway-words-1f9c\"}", FAILED),
    ("200 with an object of nothing", 200, &[JSON], "{}", FAILED),
    ("200 in an encoding that it is not", 200, &[JSON, ("content-encoding", "gzip")], "gateway-words-1f9c", FAILED),
    ("200 with control characters", 200, &[JSON], "\u{1b}[31m\r\nERROR gateway-words-1f9c", FAILED),
];

/// Faults of the sandbox that break the connection, come late, or have their effect all the same; and what the buyer is told.
#[rustfmt::skip]
const FAULTS: &[(&str, &str, &[&str])] = &[
    ("silence before anything happens", "silence", AWAY),
    ("silence after it has happened", "timeout_after", AWAY),
    ("bytes that are nothing", "garbage", FAILED),
    ("cut in the middle", "truncated", FAILED),
    ("shorter than announced", "wrong_length", AWAY),
    ("the connection breaks", "reset", AWAY),
    ("made, and no answer", "empty", FAILED),
    ("made, and a timeout in between", "error504", AWAY),
    ("an unknown currency", "unknown_currency", &["gateway_unsound", "gateway_failed"]),
];

pub(super) fn rows() -> usize {
    ANSWERS.len() + FAULTS.len()
}

/// A proxy whose gateway says the answer of this row whenever it is asked for this path; none when the number is too large.
async fn facing(path: &'static str, row: Arc<AtomicUsize>) -> TestProxy {
    let gateway = Gateway::with(WallClock::system(), |router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let row = ANSWERS.get(row.load(Ordering::SeqCst));
            let is_struck = request.uri().path().starts_with(path);
            async move {
                match row.filter(|_| is_struck) {
                    Some(row) => answer(row),
                    None => next.run(request).await,
                }
            }
        }))
    });
    TestProxy::behind(gateway.await, |_| {}).await
}

fn answer((_, status, headers, body, _): &Answer) -> Response {
    let status = StatusCode::from_u16(*status).unwrap();
    let mut response = (status, Body::from(*body)).into_response();
    for (name, value) in *headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

/// One invoice is made when the gateway is well again, however often it was asked meanwhile.
async fn is_made_once(shop: &TestProxy, id: &str, name: &str) {
    let before = shop.gateway.invoices_made().await;
    shop.wait(3_600_000);
    let view = shop.choose(id, "USDT_TRX").await;
    assert_eq!(view.status, 200, "{name}: {}", view.text());
    assert_eq!(text(&view.json(), "/state"), "awaiting", "{name}");
    let after = shop.gateway.invoices_made().await;
    assert!(after.len() <= before.len() + 1, "{name}");
}

#[tokio::test]
async fn no_failing_answer_makes_an_invoice_or_reaches_a_buyer() {
    names_are_unique(ANSWERS.iter().map(|(name, ..)| *name));
    let row = Arc::new(AtomicUsize::new(usize::MAX));
    // Everything about invoices: making them, and looking whether one was made.
    let shop = facing("/api/v1/invoice", Arc::clone(&row)).await;
    for (number, (name, _, _, _, codes)) in ANSWERS.iter().enumerate() {
        let id = shop.checkout().await;
        row.store(number, Ordering::SeqCst);
        let reply = shop.choose(&id, "USDT_TRX").await;
        assert!(
            codes.contains(&reply.code().as_str()),
            "{name}: {}",
            reply.text()
        );
        let view = shop.get(&format!("/v1/checkouts/{id}")).await.expect(200);
        assert_eq!(text(&view.json(), "/state"), "choosing", "{name}");
        for told in [&reply, &view] {
            assert!(!told.text().contains(CANARY), "{name}: {}", told.text());
        }
        row.store(usize::MAX, Ordering::SeqCst);
        is_made_once(&shop, &id, name).await;
    }
    assert_eq!(shop.gateway.invoices_made().await.len(), ANSWERS.len());
    assert!(!logged().contains("a handler panicked"));
}

#[tokio::test]
async fn no_failing_answer_changes_what_is_known_of_an_invoice() {
    let row = Arc::new(AtomicUsize::new(usize::MAX));
    let shop = facing(READ, Arc::clone(&row)).await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    for (number, (name, ..)) in ANSWERS.iter().enumerate() {
        row.store(number, Ordering::SeqCst);
        // Long enough for the pause after a 429 and for the distance between failing readings.
        shop.wait(20 * 60_000);
        let view = shop.show(&id).await;
        assert_eq!(text(&view, "/state"), "awaiting", "{name}");
        assert_eq!(view["invoice"]["address"], invoice["address"], "{name}");
        assert_eq!(view["invoice"]["amount"], invoice["amount"], "{name}");
        assert!(!view.to_string().contains(CANARY), "{name}");
    }
    row.store(usize::MAX, Ordering::SeqCst);
    let (to, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(to, amount, "confirmed").await;
    shop.wait(20 * 60_000);
    // Proxies that share a database share the distance between failing readings too, by the time of day.
    shop.advance(10 * 60);
    assert_eq!(text(&shop.fresh(&id).await, "/state"), "completed");
}

#[tokio::test]
async fn whatever_breaks_on_the_way_one_invoice_is_made() {
    names_are_unique(FAULTS.iter().map(|(name, ..)| *name));
    let shop = TestProxy::with(|config| {
        // Only silence lasts as long; what is cut is noticed at once.
        config.shops[0].gateway.timeout = HASTY;
    })
    .await;
    for (name, kind, codes) in FAULTS {
        let id = shop.checkout().await;
        let before = shop.gateway.invoices_made().await.len();
        shop.gateway.fault("/api/v1/invoice*", kind, 1000).await;
        let reply = shop.choose(&id, "USDT_TRX").await;
        // The proxy looks whether it was made, and may have found it.
        if reply.status != 200 {
            assert!(
                codes.contains(&reply.code().as_str()),
                "{name}: {}",
                reply.text()
            );
        }
        shop.gateway.no_faults().await;
        shop.wait(3_600_000);
        let view = shop.choose(&id, "USDT_TRX").await;
        assert_eq!(view.status, 200, "{name}: {}", view.text());
        let made = shop.gateway.invoices_made().await.len() - before;
        assert_eq!(made, 1, "{name}: one, whatever has become of the answers");
        assert!(shop.gateway.calls(CREATE).await >= 1);
    }
}
