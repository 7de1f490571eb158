//! The kinds of faults beyond the first: the other statuses, empty answers, dripping ones, unknown currencies.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::faults::{CREATE, effect, strike};

#[tokio::test]
async fn statuses_come_with_what_a_server_sends_with_them() {
    let desk = Desk::open().await;
    for (kind, status, header, start, invoices) in [
        ("error502", 502, None, "bad gateway", 0),
        ("error503", 503, Some("120"), "<!doctype html>", 0),
        ("error429", 429, Some("1"), "too many requests", 0),
        ("error200", 200, None, "{\"errorCode\":\"000\"", 0),
        ("error504", 504, None, "<!doctype html>", 1),
        ("empty", 200, None, "", 2),
    ] {
        let answer = strike(&desk, kind).await.unwrap();
        assert_eq!(answer.status(), status, "{kind}");
        let retry_after = answer.headers().get("retry-after");
        assert_eq!(
            retry_after.map(|value| value.to_str().unwrap()),
            header,
            "{kind}"
        );
        let text = answer.text().await.unwrap();
        assert!(
            text.starts_with(start) && text.is_empty() == (kind == "empty"),
            "{kind}: {text}"
        );
        let (count, logged) = effect(&desk).await;
        assert_eq!(count, invoices, "{kind}");
        assert_eq!(
            (&logged["fault"], &logged["answer"]["status"]),
            (&json!(kind), &json!(status))
        );
    }
}

#[tokio::test]
async fn currencies_have_names_that_do_not_exist() {
    let desk = Desk::open().await;
    let text = strike(&desk, "unknown_currency")
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let invoice: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&invoice["currency"], &invoice["fiatCurrency"]),
        (&json!("QUANTUM_COIN"), &json!("EUR"))
    );
    assert_eq!(desk.get(&invoice).await["currency"], "BTC");
    let fault = json!({ "kind": "unknown_currency" });
    desk.control("faults", &fault).await.ok();
    let payload = "{\"fromCurrencies\":[\"BTC\"],\"toCurrencies\":[\"EUR\"]}";
    let rates = desk.call("/api/v1/rate", payload).await;
    assert!(rates.status.is_success(), "{}", rates.text);
}

#[tokio::test]
async fn an_answer_drips_and_is_whole_at_the_end() {
    let desk = Desk::open().await;
    let fault = json!({ "kind": "drip", "delayMs": 0, "path": CREATE });
    desk.control("faults", &fault).await.ok();
    let invoice = desk.invoice("BTC").await;
    assert_eq!(desk.get(&invoice).await["id"], invoice["id"]);
    assert_eq!(effect(&desk).await.0, 1);
}

#[tokio::test]
async fn an_answer_ends_at_any_byte() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("BTC").await;
    let whole = desk.get_answer(&invoice).await.text;
    for bytes in [0, 1, whole.len() - 1, whole.len(), whole.len() + 9] {
        let fault = json!({ "kind": "truncated", "afterBytes": bytes });
        desk.control("faults", &fault).await.ok();
        let cut = desk.get_answer(&invoice).await.text;
        assert_eq!(cut, whole[..bytes.min(whole.len())]);
    }
}
