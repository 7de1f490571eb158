//! `/healthz` and `/readyz`.

use serde_json::json;

use super::watched::Watched;
use crate::support::{Home, TestProxy, text};

#[tokio::test]
async fn a_proxy_that_is_well_says_so_on_both_listeners() {
    let proxy = Watched::start().await;
    for address in [proxy.address, proxy.meters] {
        let alive = proxy
            .ask_at(address, "GET", "/healthz", &[], None)
            .await
            .expect(200);
        assert_eq!(alive.text(), "ok\n");
        let ready = proxy
            .ask_at(address, "GET", "/readyz", &[], None)
            .await
            .expect(200);
        assert_eq!(
            ready.json(),
            json!({"ready": true, "database": "ok", "gateway": "ok", "draining": false})
        );
        assert_eq!(ready.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_gateway_that_fails_is_told_and_changes_nothing() {
    let mut shop = TestProxy::start().await;
    let id = shop.checkout().await;
    shop.gateway.stop().await;
    for _ in 0..3 {
        shop.choose(&id, "BTC").await.expect(503);
    }
    let ready = shop.get("/readyz").await.expect(200).json();
    assert_eq!(
        (text(&ready, "/gateway"), text(&ready, "/database")),
        ("failing", "ok")
    );
}

#[tokio::test]
async fn asking_without_end_loads_no_database_and_meets_no_limit() {
    let shop = TestProxy::start().await;
    let reads = async || {
        let app = shop.proxy.metrics_router();
        let request = axum::http::Request::get("/metrics")
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = tower::ServiceExt::oneshot(app, request).await.unwrap();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX)
            .await
            .unwrap();
        let all = super::scrape::series(std::str::from_utf8(&bytes).unwrap());
        all[r#"calypso_database_seconds_count{work="read"}"#]
    };
    let (before, begun) = (reads().await, std::time::Instant::now());
    for _ in 0..2000 {
        shop.get("/readyz").await.expect(200);
        shop.get("/healthz").await.expect(200);
    }
    // One look a second at most, whoever asks; one look of the meters each five seconds. On PostgreSQL a proxy also looks by itself for what
    // the others have changed.
    let by_itself = match shop.home {
        Home::File(_) => 0.0,
        Home::Postgres(_) => 4.0,
    };
    let seconds = begun.elapsed().as_secs_f64();
    let made = reads().await - before;
    assert!(
        made <= seconds * (1.2 + by_itself) + 3.0,
        "{made} reads in {seconds} s"
    );
}
