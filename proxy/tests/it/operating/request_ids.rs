//! Each request has a name, which stands in its answer and in each of its lines.

use serde_json::Value;

use super::watched::{Watched, text_of};
use crate::support::MERCHANT_KEY;

const NAMED: (&str, &str) = ("x-request-id", "front-7f3a.0001");

#[tokio::test]
async fn a_proxy_in_front_names_requests_and_nobody_else_does() {
    let stranger = Watched::with(&[], "[limits]\ntrusted_proxies = [\"10.0.0.0/8\"]\n").await;
    let reply = stranger
        .ask("GET", "/nowhere", &[NAMED], None)
        .await
        .expect(404);
    assert_ne!(reply.header("x-request-id"), NAMED.1);

    let front = Watched::with(&[], "[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    let reply = front
        .ask("GET", "/nowhere", &[NAMED], None)
        .await
        .expect(404);
    assert_eq!(reply.header("x-request-id"), NAMED.1);
    assert_eq!(reply.json()["error"]["requestId"], NAMED.1);
    for bad in ["short", "with blank", "a\"quote-in-it", &"x".repeat(65)] {
        let reply = front
            .ask("GET", "/nowhere", &[("x-request-id", bad)], None)
            .await;
        assert_eq!(reply.header("x-request-id").len(), 32, "{bad}");
    }
    let refused = front.line("a request was refused").await;
    assert_eq!(text_of(&refused, "request_id"), NAMED.1);
}

#[tokio::test]
async fn every_line_of_a_request_has_its_name_also_those_of_its_tasks() {
    let proxy = Watched::with(
        &[],
        "[log]\nrequests = \"info\"\n[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n",
    )
    .await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let made = proxy
        .ask(
            "POST",
            "/v1/checkouts",
            &[
                ("authorization", &bearer),
                ("idempotency-key", "k"),
                ("x-request-id", "making-it"),
            ],
            Some(body),
        )
        .await
        .expect(201)
        .json();
    let path = format!("/v1/checkouts/{}/invoice", made["id"].as_str().unwrap());
    let choose = [("x-request-id", "choosing-it")];
    proxy
        .ask("POST", &path, &choose, Some(r#"{"currency":"USDT_TRX"}"#))
        .await
        .expect(200);
    // Made by a task of its own, which goes on when the buyer closes the page.
    let line = proxy.line("an invoice was made").await;
    assert_eq!(text_of(&line, "request_id"), "choosing-it");
    let of_requests: Vec<Value> = proxy
        .lines()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["message"] == "answered")
        .collect();
    let names: Vec<&str> = of_requests
        .iter()
        .map(|line| text_of(line, "request_id"))
        .collect();
    assert_eq!(names, ["making-it", "choosing-it"], "one line a request");
    assert_eq!(
        text_of(&of_requests[1], "route"),
        "/v1/checkouts/{id}/invoice"
    );
    assert_eq!(of_requests[0]["status"], 201);
}
