//! What `/metrics` says of a payment and of failures, and where it says it.

use super::scrape::series;
use super::watched::Watched;

#[tokio::test]
async fn a_payment_and_a_gateway_that_goes_away_move_the_meters() {
    let mut proxy = Watched::start().await;
    proxy.paid("a").await;
    let before = series(&proxy.scrape().await);
    let of = |all: &std::collections::BTreeMap<String, f64>, name: &str| -> f64 {
        *all.get(name)
            .unwrap_or_else(|| panic!("no {name} in {all:#?}"))
    };
    for (name, at_least) in [
        (
            r#"calypso_phases_entered_total{phase="choosing",store="default"}"#,
            1.0,
        ),
        (
            r#"calypso_phases_entered_total{phase="awaiting",store="default"}"#,
            1.0,
        ),
        (
            r#"calypso_phases_entered_total{phase="completed",store="default"}"#,
            1.0,
        ),
        (
            r#"calypso_gateway_calls_total{call="create_invoice",outcome="ok",store="default"}"#,
            1.0,
        ),
        (
            r#"calypso_gateway_call_seconds_count{call="create_invoice",store="default"}"#,
            1.0,
        ),
        (
            r#"calypso_http_requests_total{method="POST",route="/v1/checkouts",status="201"}"#,
            1.0,
        ),
        (
            r#"calypso_http_requests_total{method="GET",route="/v1/checkouts/{id}",status="304"}"#,
            1.0,
        ),
        (r#"calypso_database_seconds_count{work="write"}"#, 3.0),
        (r#"calypso_kept_checkouts_total{outcome="miss"}"#, 1.0),
        (r#"calypso_build_info{version="0.1.0"}"#, 1.0),
        ("process_resident_memory_bytes", 1.0),
        ("calypso_tasks", 1.0),
        (r#"calypso_readings_overdue{store="default"}"#, 0.0),
    ] {
        assert!(
            of(&before, name) >= at_least,
            "{name}: {}",
            of(&before, name)
        );
    }
    assert_eq!(
        of(
            &before,
            r#"calypso_gateway_failures_in_a_row{store="default"}"#
        ),
        0.0
    );

    // The same key again; an unknown path; a wrong key.
    proxy.checkout("order-1001", "a").await;
    proxy.ask("GET", "/nowhere", &[], None).await.expect(404);
    proxy
        .ask(
            "GET",
            "/v1/checkouts",
            &[("authorization", "Bearer wrong-key-of-somebody")],
            None,
        )
        .await
        .expect(401);
    let other = proxy.checkout("order-1002", "b").await;
    proxy.gateway.stop().await;
    for _ in 0..3 {
        let path = format!("/v1/checkouts/{other}/invoice");
        let body = r#"{"currency":"USDT_TRX"}"#;
        proxy.ask("POST", &path, &[], Some(body)).await.expect(503);
    }
    let after = series(&proxy.scrape().await);
    for (name, more) in [
        (
            r#"calypso_http_requests_total{method="GET",route="(none)",status="404"}"#,
            1.0,
        ),
        (
            r#"calypso_http_refusals_total{code="merchant_key_wrong"}"#,
            1.0,
        ),
        (
            r#"calypso_http_refusals_total{code="gateway_unavailable"}"#,
            3.0,
        ),
        ("calypso_idempotency_replays_total", 1.0),
    ] {
        let was = before.get(name).copied().unwrap_or(0.0);
        assert!(of(&after, name) - was >= more, "{name}");
    }
    assert!(
        of(
            &after,
            r#"calypso_gateway_failures_in_a_row{store="default"}"#
        ) >= 3.0
    );
    assert!(
        after
            .keys()
            .any(|name| name.starts_with("calypso_gateway_calls_total")
                && name.contains("no_connection"))
    );
}

#[tokio::test]
async fn the_meters_are_not_where_buyers_call() {
    let proxy = Watched::start().await;
    for path in ["/metrics", "/metrics/", "//metrics", "/%6detrics"] {
        let reply = proxy.ask("GET", path, &[], None).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text().contains("calypso_"), "{path}");
    }
    let counted = |all: String| series(&all).get("calypso_http_requests_under_way").copied();
    assert_eq!(counted(proxy.scrape().await), Some(0.0));
}
