//! Which calls a fault strikes: each so-manieth, so many of a hundred, among several kinds; the same for the same seed.

use serde_json::{Value, json};

use crate::desk::{Desk, settings};

/// The faults that struck `count` calls, one after the other; `-` where none did.
async fn struck(desk: &Desk, count: usize) -> Vec<String> {
    let before = log(desk).await.len();
    for _ in 0..count {
        desk.call("/api/v1/invoice", "{\"externalId\":\"x\"}").await;
    }
    let name = |entry: &Value| entry["fault"].as_str().unwrap_or("-").to_owned();
    log(desk).await[before..].iter().map(name).collect()
}

async fn log(desk: &Desk) -> Vec<Value> {
    let log = desk.read("/sandbox/v1/requests").await.ok();
    log["requests"].as_array().unwrap().clone()
}

async fn drawn(sandbox_seed: u64, fault: &Value) -> Vec<String> {
    let desk = Desk::with(calypso_sandbox::Settings {
        seed: sandbox_seed,
        ..settings()
    })
    .await;
    desk.control("faults", fault).await.ok();
    struck(&desk, 200).await
}

#[tokio::test]
async fn each_third_call_is_struck_until_it_is_ended() {
    let desk = Desk::open().await;
    desk.control("faults", &json!({ "kind": "html", "every": 3 }))
        .await
        .ok();
    assert_eq!(
        struck(&desk, 7).await,
        ["-", "-", "html", "-", "-", "html", "-"]
    );
    let pending = desk.read("/sandbox/v1/faults").await.ok();
    assert_eq!(
        (
            &pending["faults"][0]["every"],
            &pending["faults"][0]["times"]
        ),
        (&json!(3), &Value::Null)
    );
    let url = format!("{}/sandbox/v1/faults", desk.base);
    desk.client.delete(url).send().await.unwrap();
    assert_eq!(struck(&desk, 3).await, ["-", "-", "-"]);
    // A number of times holds for strikes, not for calls; the fault behind strikes where the first lets go.
    desk.control("faults", &json!({ "kind": "html", "every": 2, "times": 2 }))
        .await
        .ok();
    desk.control("faults", &json!({ "kind": "error502" }))
        .await
        .ok();
    assert_eq!(
        struck(&desk, 5).await,
        ["error502", "html", "-", "html", "-"]
    );
}

#[tokio::test]
async fn the_same_seed_and_calls_have_the_same_faults() {
    let weights = json!({ "html": 8, "error500": 1, "garbage": 1 });
    let own = json!({ "weights": weights, "percent": 40, "seed": 7 });
    let first = drawn(1, &own).await;
    assert_eq!(first, drawn(2, &own).await, "its own seed decides");
    for kind in ["html", "error500", "garbage", "-"] {
        assert!(
            first.iter().any(|struck| struck == kind),
            "{kind}: {first:?}"
        );
    }
    let html = first.iter().filter(|struck| *struck == "html").count();
    let others = first
        .iter()
        .filter(|struck| *struck != "html" && *struck != "-")
        .count();
    assert!(
        html > others && (50..110).contains(&(html + others)),
        "{first:?}"
    );
    let other = json!({ "weights": weights, "percent": 40, "seed": 8 });
    assert_ne!(first, drawn(1, &other).await);

    let lent = json!({ "kind": "html", "percent": 50 });
    assert_eq!(drawn(1, &lent).await, drawn(1, &lent).await);
    assert_ne!(
        drawn(1, &lent).await,
        drawn(2, &lent).await,
        "else the sandbox's seed decides"
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_field() {
    let desk = Desk::open().await;
    for (fault, start) in [
        (
            json!({ "kind": "html", "weights": { "html": 1 } }),
            "weights: expected either kind or weights, got both",
        ),
        (
            json!({ "weights": {} }),
            "weights: expected at least one kind",
        ),
        (
            json!({ "weights": { "earthquake": 1 } }),
            "weights: expected one of error500, ",
        ),
        (
            json!({ "weights": { "html": 0 } }),
            "weights: expected 1 to 1000000, got 0",
        ),
        (
            json!({ "weights": { "html": 1, "webhook_delay": 1 } }),
            "weights: expected kinds for calls or kinds for deliveries",
        ),
        (
            json!({ "kind": "html", "percent": 0 }),
            "percent: expected 1 to 100, got 0",
        ),
        (
            json!({ "kind": "html", "percent": 101 }),
            "percent: expected 1 to 100, got 101",
        ),
        (
            json!({ "kind": "html", "every": 0 }),
            "every: expected 1 to 1000000, got 0",
        ),
        (
            json!({ "kind": "html", "event": "INVOICE_PAID" }),
            "event: expected none for a fault of calls",
        ),
        (
            json!({ "kind": "webhook_delay", "path": "/x" }),
            "path: expected none for a fault of deliveries",
        ),
        (
            json!({ "kind": "webhook_delay", "event": "PAID" }),
            "event: expected an event such as INVOICE_PAID, got \"PAID\"",
        ),
        (
            json!({ "kind": "webhook_delay", "delaySeconds": 604_801 }),
            "delaySeconds: expected 1 to 604800, got 604801",
        ),
    ] {
        let message = desk
            .control("faults", &fault)
            .await
            .denied(400, "field_invalid");
        assert!(message.starts_with(start), "{message}");
    }
    for fault in [
        json!({ "kind": "html", "percent": 0.5 }),
        json!({ "weights": ["html"] }),
        json!({}),
    ] {
        desk.control("faults", &fault)
            .await
            .denied(400, "body_invalid");
    }
    assert_eq!(
        desk.read("/sandbox/v1/faults").await.ok(),
        json!({ "faults": [] })
    );
}
