//! Interventions: the merchant decides, the gateway is told, and only its readings say that it is paid.

use serde_json::Value;

use crate::support::{MERCHANT_KEY, READ, Reply, TestProxy, text};

const ACCEPT: &str = "/api/v1/invoice/return-to-paid";

async fn decide(shop: &TestProxy, id: &str, body: &str) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let path = format!("/v1/checkouts/{id}/intervention");
    shop.post(&path, body, &[("authorization", &bearer)]).await
}

async fn accept(shop: &TestProxy, id: &str) -> Reply {
    decide(shop, id, r#"{"action":"return_to_paid"}"#).await
}

/// A checkout to which another amount has come than was asked for.
async fn paid_with(shop: &TestProxy, amount: &str) -> (String, Value) {
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let address = text(&invoice, "/address");
    shop.gateway.deposit(address, amount, "confirmed").await;
    (id, invoice)
}

#[tokio::test]
async fn what_was_accepted_is_paid_when_the_gateway_says_so_and_credited_then() {
    let shop = TestProxy::start().await;
    for (amount, state) in [("5", "underpaid"), ("50", "overpaid")] {
        let (id, _) = paid_with(&shop, amount).await;
        assert_eq!(shop.fresh(&id).await["state"], state);
        let view = accept(&shop, &id).await.expect(200).json();
        assert_eq!(view["state"], "paid", "{view}");
        assert_eq!(text(&view, "/merchant/decisions/0/state"), "done");
        assert_eq!(view["merchant"]["alarms"], Value::Array(vec![]));
        let calls = shop.gateway.calls(ACCEPT).await;
        let again = accept(&shop, &id).await.expect(200).json();
        assert_eq!(again["state"], "paid");
        assert_eq!(shop.gateway.calls(ACCEPT).await, calls, "told once");
        shop.advance(10);
        assert_eq!(shop.fresh(&id).await["state"], "completed");
        let close = r#"{"action":"close"}"#;
        let closed = decide(&shop, &id, close).await.expect(200).json();
        assert_eq!(closed["state"], "completed");
        assert_eq!(text(&closed, "/merchant/decisions/1/state"), "done");
    }
}

/// The gateway answers that it is done, and its readings say otherwise: nobody is told that it is paid.
#[tokio::test]
async fn an_answer_to_the_call_pays_nothing() {
    let shop = TestProxy::start().await;
    let (id, _) = paid_with(&shop, "5").await;
    shop.gateway.rewrite(|path, answer| {
        if path == READ {
            answer
                .replace("\"state\":\"PAID\"", "\"state\":\"PENDING_INTERVENTION\"")
                .replace(
                    "\"state\":\"COMPLETED\"",
                    "\"state\":\"PENDING_INTERVENTION\"",
                )
        } else {
            answer
        }
    });
    let view = accept(&shop, &id).await.expect(200).json();
    assert_eq!(view["state"], "underpaid");
    assert_eq!(text(&view, "/merchant/decisions/0/state"), "open");
    shop.gateway.honest();
    shop.advance(10 * 60);
    shop.proxy.watch_once().await.unwrap();
    let told = shop.told(&id).await;
    assert_eq!(told["decisions"][0]["state"], "done", "{told}");
    assert!(["paid", "completed"].contains(&text(&shop.fresh(&id).await, "/state")));
}

#[tokio::test]
async fn a_decision_survives_failures_and_a_restart() {
    for fault in ["error500", "error504", "reset", "timeout_after", "silence"] {
        let mut shop = TestProxy::hasty().await;
        let (id, _) = paid_with(&shop, "5").await;
        shop.gateway.fault(ACCEPT, fault, 1).await;
        let view = accept(&shop, &id).await.expect(200).json();
        assert!(
            ["underpaid", "paid"].contains(&text(&view, "/state")),
            "{fault}: {view}"
        );
        shop.gateway.no_faults().await;
        shop.restarted().await;
        shop.advance(10 * 60);
        shop.proxy.watch_once().await.unwrap();
        let told = shop.told(&id).await;
        assert_eq!(told["decisions"][0]["state"], "done", "{fault}");
        shop.advance(10);
        assert_eq!(shop.fresh(&id).await["state"], "completed", "{fault}");
    }
}

#[tokio::test]
async fn only_what_waits_for_it_is_decided() {
    let shop = TestProxy::start().await;
    let (awaiting, _) = shop.awaiting("USDT_TRX").await;
    let (paid, invoice) = shop.awaiting("USDT_TRX").await;
    let (address, due) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, due, "confirmed").await;
    let unchosen = shop.checkout().await;
    for id in [&awaiting, &paid, &unchosen] {
        for body in [r#"{"action":"return_to_paid"}"#, r#"{"action":"close"}"#] {
            let refused = decide(&shop, id, body).await;
            assert_eq!(refused.code(), "intervention_not_possible", "{body}");
        }
        assert_eq!(shop.told(id).await["decisions"], Value::Array(vec![]));
    }
    assert_eq!(shop.gateway.calls(ACCEPT).await, 0);
}

/// Two invoices wait: one has to be named.
#[tokio::test]
async fn of_several_one_is_named() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT_TRX").await;
    let second = shop.choose(&id, "TRX").await.expect(200).json()["invoice"].clone();
    for (invoice, currency) in [(&first, "USDT_TRX"), (&second, "TRX")] {
        let address = text(invoice, "/address");
        shop.gateway
            .deposit_in(address, currency, "1", "confirmed")
            .await;
    }
    shop.fresh(&id).await;
    let told = shop.told(&id).await;
    assert_eq!(accept(&shop, &id).await.code(), "field_invalid");
    let key = text(&told, "/invoices/1/idempotencyKey");
    let body = format!(r#"{{"action":"return_to_paid","invoice":"{key}"}}"#);
    let view = decide(&shop, &id, &body).await.expect(200).json();
    assert_eq!(view["state"], "paid", "{view}");
    assert_eq!(text(&view, "/merchant/decisions/0/invoice"), key);
    assert_eq!(view["merchant"]["invoices"][1]["decides"], true);
}

/// Sent back by the gateway's staff before it hears of the decision: it is refused, and the merchant may not believe it paid.
#[tokio::test]
async fn what_was_sent_back_meanwhile_is_not_paid() {
    let shop = TestProxy::start().await;
    let (id, invoice) = paid_with(&shop, "5").await;
    shop.fresh(&id).await;
    shop.gateway.fault(ACCEPT, "error500", 1).await;
    accept(&shop, &id).await.expect(200);
    shop.gateway.send_back(text(&invoice, "/address")).await;
    shop.advance(10 * 60);
    shop.proxy.watch_once().await.unwrap();
    let told = shop.told(&id).await;
    assert_eq!(told["decisions"][0]["state"], "refused");
    assert_eq!(shop.fresh(&id).await["state"], "archived");
}
