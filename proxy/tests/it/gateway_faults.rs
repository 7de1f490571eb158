//! A gateway that fails: named errors for what needs it, the last known state for what does not.

use crate::support::{CREATE, READ, TestProxy, text};

/// A proxy that waits no longer than it has to for a gateway with this fault.
async fn facing(kind: &str) -> TestProxy {
    if matches!(kind, "silence" | "timeout_after") {
        TestProxy::hasty().await
    } else {
        TestProxy::start().await
    }
}

#[tokio::test]
async fn making_an_invoice_fails_by_name_and_works_afterwards() {
    for (kind, code) in [
        ("error500", "gateway_failed"),
        ("html", "gateway_failed"),
        ("html200", "gateway_failed"),
        ("garbage", "gateway_failed"),
        ("silence", "gateway_unavailable"),
    ] {
        let shop = facing(kind).await;
        let id = shop.checkout().await;
        shop.gateway.fault("/api/v1/*", kind, 1000).await;
        let reply = shop.choose(&id, "USDT_TRX").await;
        assert_eq!(reply.code(), code, "{kind}");
        if reply.status == 503 {
            assert_eq!(reply.header("retry-after"), "2");
        }
        assert!(
            !reply.text().contains("nginx") && !reply.text().contains("Internal server"),
            "the gateway's words stay in the log"
        );
        let view = shop.show(&id).await;
        assert_eq!(
            (view["state"].as_str(), view["invoice"].is_null()),
            (Some("choosing"), true),
            "{kind}: nothing is shown"
        );
        assert_eq!(shop.books().await.invoices(), 0);
        shop.gateway.no_faults().await;
        assert_eq!(
            shop.choose(&id, "USDT_TRX").await.expect(200).json()["state"],
            "awaiting",
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_gateway_that_is_not_there() {
    let mut shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    shop.gateway.stop().await;
    assert_eq!(shop.choose(&id, "ETH").await.code(), "gateway_unavailable");
    shop.wait(120_000);
    let view = shop.show(&id).await;
    assert_eq!(
        (view["state"].as_str(), &view["invoice"]),
        (Some("awaiting"), &invoice),
        "the last known state"
    );
}

#[tokio::test]
async fn reading_fails_without_the_buyer_noticing() {
    for kind in [
        "error500",
        "html",
        "html200",
        "garbage",
        "truncated",
        "wrong_length",
        "reset",
        "silence",
        "timeout_after",
        "unknown_state",
    ] {
        let shop = facing(kind).await;
        let (id, invoice) = shop.awaiting("USDT_TRX").await;
        shop.gateway
            .deposit(
                text(&invoice, "/address"),
                text(&invoice, "/amount"),
                "mempool",
            )
            .await;
        shop.gateway.fault(READ, kind, 1000).await;
        let view = shop.fresh(&id).await;
        assert_eq!(
            (view["state"].as_str(), &view["invoice"]),
            (Some("awaiting"), &invoice),
            "{kind}"
        );
        shop.gateway.no_faults().await;
        // A page does not wait for a reading that takes long; one more may find the silent one still under way.
        let mut state = shop.show(&id).await["state"].clone();
        for _ in 0..20 {
            if state == "detected" {
                break;
            }
            shop.wait(120_000);
            state = shop.show(&id).await["state"].clone();
        }
        assert_eq!(state, "detected", "{kind}: known again once it answers");
    }
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    shop.gateway.fault("/api/v1/*", "unknown_field", 1000).await;
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.expect(200).json()["state"],
        "awaiting"
    );
    assert_eq!(shop.fresh(&id).await["state"], "awaiting");
}

#[tokio::test]
async fn an_unknown_state_of_a_new_invoice_is_not_paid() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    shop.gateway.fault(CREATE, "unknown_state", 1).await;
    assert_eq!(
        shop.choose(&id, "USDT_TRX").await.expect(200).json()["state"],
        "awaiting"
    );
}

#[tokio::test]
async fn failing_readings_are_spaced_out() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    let mut made = Vec::new();
    for _ in 0..60 {
        shop.wait(3_000);
        let before = shop.gateway.calls(READ).await;
        shop.show(&id).await;
        made.push(shop.gateway.calls(READ).await > before);
    }
    let readings = made.iter().filter(|made| **made).count();
    assert!(
        (4..=9).contains(&readings),
        "three minutes of polling asked {readings} times"
    );
    assert!(made[0], "the first reading is made");
}

#[tokio::test]
async fn an_address_the_gateway_does_not_name_is_asked_for_less_and_less_often() {
    const ADDRESS: &str = "/api/v1/customer-purse/address/get";
    let shop = TestProxy::start().await;
    let deposit = r#"{"kind":"deposit","customer":"user-7","description":"Your address"}"#;
    let id = shop.made(deposit).await;
    shop.choose(&id, "USDT_TRX").await.expect(200);
    // What has arrived can be read all the while.
    shop.gateway.fault(ADDRESS, "error500", 1000).await;
    let mut made = Vec::new();
    for _ in 0..60 {
        shop.wait(3_000);
        let before = shop.gateway.calls(ADDRESS).await;
        shop.show(&id).await;
        made.push(shop.gateway.calls(ADDRESS).await > before);
    }
    let readings = made.iter().filter(|made| **made).count();
    assert!(
        (4..=9).contains(&readings),
        "three minutes of polling asked {readings} times"
    );
}

#[tokio::test]
async fn a_refusal_of_the_gateway_ends_the_request() {
    let shop = TestProxy::with(|config| {
        config.shops[0].gateway.account = "0x00000000000000000000000000000000000000bb".to_owned();
    })
    .await;
    let id = shop.checkout().await;
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_failed");
    let books = shop.books().await;
    assert_eq!(
        (books.attempts(), books.attempts_refused),
        (1, 1),
        "nothing was made, so the next try is a new attempt"
    );
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_failed");
    assert_eq!(shop.books().await.attempts(), 2);
}
