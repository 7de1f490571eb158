//! A name of somebody else's that leads to this computer does not open the proxy on it.

use crate::support::TestProxy;

async fn code(shop: &TestProxy, path: &str, host: &str) -> String {
    let reply = shop.request("GET", path, &[("host", host)], None).await;
    if reply.status == 421 {
        reply.code()
    } else {
        reply.status.to_string()
    }
}

#[tokio::test]
async fn a_rebound_name_reads_nothing() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    for path in [
        format!("/v1/checkouts/{id}"),
        format!("/pay/{id}"),
        "/calypso-pay.js".to_owned(),
        "/nowhere".to_owned(),
    ] {
        assert_eq!(
            code(&shop, &path, "rebind.test:8085").await,
            "host_not_allowed",
            "{path}"
        );
    }
    let made = shop
        .post(
            "/v1/checkouts",
            r#"{"product":"demo-order"}"#,
            &[("host", "rebind.test")],
        )
        .await;
    assert_eq!(made.code(), "host_not_allowed");
    assert_eq!(shop.books().await.checkouts, 1);
    for host in ["localhost", "127.0.0.1:1", "pay.shop.example"] {
        assert_eq!(
            code(&shop, &format!("/v1/checkouts/{id}"), host).await,
            "200",
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_proxy_for_the_network_is_called_by_any_name() {
    let shop = TestProxy::with(|config| config.listen = "0.0.0.0:0".parse().unwrap()).await;
    let id = shop.checkout().await;
    assert_eq!(
        code(
            &shop,
            &format!("/v1/checkouts/{id}"),
            "proxy.cluster.internal"
        )
        .await,
        "200"
    );
}
