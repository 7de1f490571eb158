//! Scenarios: steps at their moments, random faults by seed, the example file.

use serde_json::{Value, json};

use crate::desk::{Answer, Desk};
use crate::webhooks::{Ear, subscribe};

const EXAMPLE: &str = include_str!("../../scenarios/bad-evening.toml");

/// Begins a scenario.
async fn play(desk: &Desk, text: &str) -> Answer {
    let url = format!("{}/sandbox/v1/scenario", desk.base);
    let kind = if text.starts_with('{') {
        "application/json"
    } else {
        "application/toml"
    };
    let request = desk
        .client
        .post(url)
        .header("content-type", kind)
        .body(text.to_owned());
    Answer::new(request.send().await.unwrap()).await
}

/// The state and the reason of each step.
async fn steps(desk: &Desk) -> Vec<(String, Value)> {
    let shown = desk.read("/sandbox/v1/scenario").await.ok();
    let steps = shown["scenario"]["steps"].as_array().unwrap().clone();
    let state = |step: &Value| {
        (
            step["state"].as_str().unwrap().to_owned(),
            step["reason"].clone(),
        )
    };
    steps.iter().map(state).collect()
}

/// Calls until one is answered well, and that answer.
async fn persist(desk: &Desk, path: &str, payload: &str) -> Value {
    for _ in 0..100 {
        let answer = desk.call(path, payload).await;
        if answer.status.is_success() && answer.json.is_object() {
            return answer.json;
        }
    }
    panic!("a hundred faults one after the other");
}

/// A merchant who makes one order and reads it, through the whole of the example; and every answer the log has.
async fn evening(text: &str) -> (Value, Vec<Value>) {
    let (desk, mut ear) = (Desk::open().await, Ear::open().await);
    subscribe(&desk, &ear.url).await;
    assert_eq!(play(&desk, text).await.status, 201);
    let order = "{\"currency\":\"USDT_TRX\",\"fiatAmount\":25.00,\"fiatCurrency\":\"EUR\",\"description\":\"Order 1\",\
        \"externalId\":\"order-1\",\"idempotencyKey\":\"0d9b4f8e-6b0f-4b9c-9c41-0d1f5e0f6a11\"}";
    let invoice = persist(&desk, "/api/v1/invoice/single-fiat/create", order).await;
    assert_eq!(invoice["amount"], 50);
    let read = async || persist(&desk, "/api/v1/invoice", "{\"externalId\":\"order-1\"}").await;
    let mut states = Vec::new();
    for seconds in [30, 30, 30, 10, 20, 10, 5] {
        desk.advance(seconds).await;
        states.push(read().await["state"].as_str().unwrap().to_owned());
    }
    let expected = [
        "PENDING_PAYMENT",
        "PENDING_PAYMENT",
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "PENDING_INTERVENTION",
        "PAID",
        "COMPLETED",
    ];
    assert_eq!(states, expected);
    desk.advance(5).await;
    let clock = desk.read("/sandbox/v1/clock").await.ok();
    assert_eq!(clock["offsetSeconds"], 140 + 900);
    assert!(steps(&desk).await.iter().all(|(state, _)| state == "done"));
    let mut paid = Vec::new();
    for _ in 0..8 {
        let body: Value = serde_json::from_slice(&ear.raw().await.1).unwrap();
        if body["eventType"] == "INVOICE_PAID" {
            paid.push(body["id"].clone());
        }
    }
    assert!(
        paid.len() == 2 && paid[0] == paid[1],
        "told twice under one id: {paid:?}"
    );
    let log = desk.read("/sandbox/v1/requests").await.ok();
    let faults = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["fault"].clone())
        .collect();
    (read().await, faults)
}

#[tokio::test]
async fn the_example_plays_and_is_the_one_of_the_page() {
    assert!(include_str!("../../SCENARIOS.md").contains(EXAMPLE));
    let (invoice, faults) = evening(EXAMPLE).await;
    assert_eq!(
        (&invoice["state"], &invoice["totalDebitAmount"]),
        (&json!("COMPLETED"), &json!(50))
    );
    assert_eq!(
        faults.iter().filter(|fault| **fault == "error503").count(),
        3
    );
}

#[tokio::test]
async fn the_same_seed_and_calls_have_the_same_evening() {
    let first = evening(EXAMPLE).await;
    assert_eq!(first, evening(EXAMPLE).await);
    let mut others = Vec::new();
    for seed in ["1", "2", "3"] {
        others.push(evening(&EXAMPLE.replace("20260105", seed)).await.1);
    }
    assert!(
        others.iter().any(|other| *other != first.1),
        "another seed, another evening"
    );
    assert!(
        first
            .1
            .iter()
            .any(|fault| fault == "html" || fault == "error504" || fault == "truncated")
    );
}

#[tokio::test]
async fn json_has_the_same_grammar_and_steps_come_at_their_moments() {
    let desk = Desk::open().await;
    let text = json!({ "name": "two", "steps": [
        { "at": 20, "fault": { "kind": "html200", "path": "/api/v1/invoice" } },
        { "at": 10, "fault": { "kind": "error502", "path": "/api/v1/invoice" } },
    ]});
    let shown = play(&desk, &text.to_string()).await.ok();
    assert_eq!(
        (&shown["scenario"]["name"], &shown["scenario"]["seed"]),
        (&json!("two"), &json!(20_260_105))
    );
    assert_eq!(shown["scenario"]["startedAt"], "2026-01-05T10:00:00Z");
    assert_eq!(
        shown["scenario"]["steps"][0],
        json!({ "step": 2, "at": 10, "does": "fault", "state": "planned" })
    );
    let status = async || {
        desk.call("/api/v1/invoice", "{\"externalId\":\"x\"}")
            .await
            .status
            .as_u16()
    };
    assert_eq!(status().await, 400);
    desk.advance(9).await;
    assert_eq!(status().await, 400);
    desk.advance(1).await;
    assert_eq!((status().await, status().await), (502, 400));
    desk.advance(100).await;
    assert_eq!((status().await, status().await), (200, 400));
}

#[tokio::test]
async fn money_arrives_at_its_own_moment_although_nobody_looked() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("USDT").await;
    // The invoice expires after a day: one deposit comes in time, the other does not.
    let text = json!({ "steps": [
        { "at": 86_399, "deposit": { "currency": "USDT", "amount": "due" } },
        { "at": 90_000, "deposit": { "address": invoice["invoiceAddress"], "amount": "1" } },
    ]});
    play(&desk, &text.to_string()).await.ok();
    desk.advance(200_000).await;
    let paid = desk.get(&invoice).await;
    assert_eq!(paid["state"], "COMPLETED");
    let late = desk.invoice("USDT").await;
    play(
        &desk,
        &json!({ "steps": [{ "at": 86_400, "deposit": { "currency": "USDT", "amount": "due" } }] })
            .to_string(),
    )
    .await
    .ok();
    desk.advance(200_000).await;
    assert_eq!(desk.get(&late).await["state"], "ARCHIVED");
}

#[tokio::test]
async fn a_deposit_waits_for_its_invoice_and_a_move_for_its_deposit() {
    let desk = Desk::open().await;
    let text = json!({ "steps": [
        { "at": 0, "deposit": { "externalId": "later", "amount": "due", "stage": "mempool", "label": "money" } },
        { "at": 0, "move": { "deposit": "money", "stage": "review" } },
        { "at": 1, "move": { "deposit": "money", "stage": "dropped" } },
        { "at": 1, "deposit": { "address": "nowhere", "amount": "1" } },
    ]});
    play(&desk, &text.to_string()).await.ok();
    desk.advance(5).await;
    let waiting = steps(&desk).await;
    assert_eq!(
        waiting[0],
        ("waiting".to_owned(), json!("there is no such invoice yet"))
    );
    assert_eq!(
        waiting[1],
        (
            "waiting".to_owned(),
            json!("the deposit \"money\" was not sent yet")
        )
    );
    assert_eq!(
        waiting[3],
        (
            "failed".to_owned(),
            json!("no invoice has the address \"nowhere\"")
        )
    );
    let order = "{\"currency\":\"BTC\",\"fiatAmount\":25,\"fiatCurrency\":\"EUR\",\"description\":\"x\",\"externalId\":\"later\"}";
    let invoice = desk
        .call("/api/v1/invoice/single-fiat/create", order)
        .await
        .ok();
    assert_eq!(
        desk.get(&invoice).await["state"],
        "PENDING_COMPLIANCE_CHECK"
    );
    let states: Vec<_> = steps(&desk)
        .await
        .into_iter()
        .map(|(state, _)| state)
        .collect();
    assert_eq!(
        states,
        ["done", "done", "failed", "failed"],
        "what is in review cannot be dropped"
    );
}

#[tokio::test]
async fn it_can_be_ended_and_replaced_and_a_reset_ends_it() {
    let desk = Desk::open().await;
    let later = json!({ "steps": [{ "at": 10, "fault": { "kind": "html" } }] }).to_string();
    let nothing = json!({ "scenario": null });
    assert_eq!(desk.read("/sandbox/v1/scenario").await.ok(), nothing);
    play(&desk, &later).await.ok();
    play(&desk, "steps = []").await.ok();
    assert_eq!(steps(&desk).await, []);
    play(&desk, &later).await.ok();
    let url = format!("{}/sandbox/v1/scenario", desk.base);
    assert_eq!(desk.client.delete(url).send().await.unwrap().status(), 204);
    assert_eq!(desk.read("/sandbox/v1/scenario").await.ok(), nothing);
    play(&desk, &later).await.ok();
    desk.control("reset", &json!({})).await;
    desk.advance(100).await;
    assert_eq!(desk.read("/sandbox/v1/scenario").await.ok(), nothing);
    assert_eq!(
        desk.read("/sandbox/v1/faults").await.ok(),
        json!({ "faults": [] })
    );
}

#[tokio::test]
async fn a_mistake_is_refused_by_step_and_field() {
    let desk = Desk::open().await;
    let step =
        |step: Value| json!({ "steps": [{ "at": 0, "clearFaults": true }, step] }).to_string();
    let toml = |line: &str| format!("[[steps]]\nat = 0\nclearFaults = true\n[[steps]]\n{line}\n");
    for (text, start) in [
        (
            step(json!({ "at": 1, "fault": { "kind": "earthquake" } })),
            "step 2, fault.kind: expected one of error500, ",
        ),
        (
            step(json!({ "at": 1, "fault": { "kind": "html", "times": "3" } })),
            "step 2, fault.times: invalid type: string \"3\"",
        ),
        (
            step(json!({ "at": 1, "fault": { "knd": "html" } })),
            "step 2, fault.knd: unknown field `knd`",
        ),
        (
            step(json!({ "at": -1, "clearFaults": true })),
            "step 2, at: invalid value: integer `-1`",
        ),
        (
            step(json!({ "at": 1.5, "clearFaults": true })),
            "step 2, at: invalid type: floating point `1.5`",
        ),
        (
            step(json!({ "at": 1_u64 << 60, "clearFaults": true })),
            "step 2, at: expected at most 3153600000 seconds",
        ),
        (
            step(json!({ "clearFaults": true })),
            "step 2, step: missing field `at`",
        ),
        (
            step(json!({ "at": 1 })),
            "step 2, clearFaults|clock|deposit|fault|move|rate: expected exactly one of these, got none",
        ),
        (
            step(json!({ "at": 1, "clearFaults": true, "clock": { "advanceSeconds": 1 } })),
            "step 2, clearFaults|clock|deposit|fault|move|rate: expected exactly one of these, got clearFaults and clock",
        ),
        (
            step(json!({ "at": 1, "clearFaults": false })),
            "step 2, clearFaults: expected true",
        ),
        (
            step(json!({ "at": 1, "clock": { "advanceSeconds": 1_u64 << 40 } })),
            "step 2, clock.advanceSeconds: expected at most",
        ),
        (
            step(
                json!({ "at": 1, "rate": { "fromCurrency": "BTC", "toCurrency": "EUR", "rate": 5 } }),
            ),
            "step 2, rate.rate: invalid type: integer `5`",
        ),
        (
            step(
                json!({ "at": 1, "rate": { "fromCurrency": "BTC", "toCurrency": "EUR", "rate": "-5" } }),
            ),
            "step 2, rate.rate: ",
        ),
        (
            step(
                json!({ "at": 1, "rate": { "fromCurrency": "BTX", "toCurrency": "EUR", "rate": "5" } }),
            ),
            "step 2, rate: ",
        ),
        (
            step(json!({ "at": 1, "deposit": { "externalId": "x", "amount": 5 } })),
            "step 2, deposit.amount: invalid type: integer `5`",
        ),
        (
            step(json!({ "at": 1, "deposit": { "externalId": "x", "amount": "0" } })),
            "step 2, deposit.amount: expected an amount above zero",
        ),
        (
            step(json!({ "at": 1, "deposit": { "externalId": "x", "amount": "all" } })),
            "step 2, deposit.amount: expected an amount or \"due\"",
        ),
        (
            step(json!({ "at": 1, "deposit": { "amount": "5" } })),
            "step 2, deposit.externalId: expected at least one of",
        ),
        (
            step(json!({ "at": 1, "deposit": { "address": "x", "amount": "due" } })),
            "step 2, deposit.amount: expected digits for an address",
        ),
        (
            step(json!({ "at": 1, "deposit": { "currency": "BTX", "amount": "1" } })),
            "step 2, deposit.currency: expected a currency",
        ),
        (
            step(
                json!({ "at": 1, "deposit": { "currency": "BTC", "amount": "1", "stage": "review" } }),
            ),
            "step 2, deposit.stage: expected mempool or confirmed",
        ),
        (
            step(json!({ "at": 1, "move": { "deposit": "x", "stage": "confirmed" } })),
            "step 2, move.deposit: expected the label of a deposit before this step",
        ),
        (
            json!({ "steps": {} }).to_string(),
            "steps: invalid type: map",
        ),
        (
            json!({ "seeds": 1, "steps": [] }).to_string(),
            "seeds: unknown field `seeds`",
        ),
        (
            json!({ "seed": 1 }).to_string(),
            "scenario: missing field `steps`",
        ),
        (
            "{\"steps\": [".to_owned(),
            "expected JSON or TOML: EOF while parsing",
        ),
        (
            "{\"steps\": []} x".to_owned(),
            "expected JSON or TOML: trailing characters",
        ),
        ("steps = [".to_owned(), "expected JSON or TOML: "),
        (
            toml("at = 1\nfault = { kind = \"earthquake\" }"),
            "step 2, fault.kind: expected one of error500, ",
        ),
        (
            toml("at = 1\nfault = { knd = \"html\" }"),
            "step 2, fault.knd: unknown field `knd`",
        ),
        (
            toml("at = 1\ndeposit = { externalId = \"x\", amount = 5.0 }"),
            "step 2, deposit.amount: invalid type: floating point `5.0`",
        ),
        (toml("at = 2026-01-05"), "step 2, at: invalid type"),
    ] {
        let message = play(&desk, &text).await.denied(400, "scenario_invalid");
        assert!(message.starts_with(start), "{text}\n{message}\n{start}");
        assert!(!message.contains('\n'), "{message}");
    }
    assert_eq!(
        desk.read("/sandbox/v1/scenario").await.ok(),
        json!({ "scenario": null })
    );
}
