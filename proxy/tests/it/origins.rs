//! Who may call from a browser: the allow-list, and nobody else.

use crate::support::{MERCHANT_KEY, SHOP, TestProxy};

const FOREIGN: [&str; 15] = [
    "null",
    "https://shop.example.evil",
    "https://evil.example",
    "http://shop.example",
    "https://shop.example:8443",
    "https://shop.example:443",
    "https://SHOP.example",
    "https://shop.example.",
    "https://sub.shop.example",
    "https://shop.example/",
    "https://shop.example, https://evil.example",
    "http://localhost:3001",
    "http://localhost",
    "",
    "*",
];

#[tokio::test]
async fn allowed_pages_may_read_answers_and_errors() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    for origin in [SHOP, "http://localhost:3000", "https://pay.shop.example"] {
        for (path, status) in [
            (format!("/v1/checkouts/{id}"), 200),
            ("/v1/checkouts/x".to_owned(), 400),
        ] {
            let reply = shop
                .request("GET", &path, &[("origin", origin)], None)
                .await
                .expect(status);
            assert_eq!(reply.header("access-control-allow-origin"), origin);
            assert_eq!(
                reply.header("access-control-expose-headers"),
                "etag, retry-after, x-request-id"
            );
            assert_eq!(reply.header("access-control-allow-credentials"), "");
            assert!(reply.header("vary").contains("Origin"));
        }
        let body = r#"{"currency":"BTC"}"#;
        let reply = shop
            .post(
                &format!("/v1/checkouts/{id}/invoice"),
                body,
                &[("origin", origin), ("sec-fetch-site", "cross-site")],
            )
            .await
            .expect(200);
        assert_eq!(reply.header("access-control-allow-origin"), origin);
    }
    let reply = shop.get(&format!("/v1/checkouts/{id}")).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    assert!(
        reply.header("vary").contains("Origin"),
        "caches must know that the answer depends on it"
    );
}

#[tokio::test]
async fn foreign_pages_are_refused_before_anything_happens() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    for origin in FOREIGN {
        let from = ("origin", origin);
        let replies = [
            shop.request("GET", &format!("/v1/checkouts/{id}"), &[from], None)
                .await,
            shop.post("/v1/checkouts", r#"{"product":"demo-order"}"#, &[from])
                .await,
            shop.post(
                "/v1/checkouts",
                r#"{"product":"demo-order"}"#,
                &[from, ("authorization", &bearer), ("idempotency-key", "k")],
            )
            .await,
            shop.post(
                &format!("/v1/checkouts/{id}/invoice"),
                r#"{"currency":"BTC"}"#,
                &[from],
            )
            .await,
        ];
        for reply in replies {
            assert_eq!(reply.code(), "origin_not_allowed", "{origin:?}");
            assert_eq!(reply.header("access-control-allow-origin"), "");
        }
    }
    let two = [("origin", SHOP), ("origin", "https://evil.example")];
    assert_eq!(
        shop.post("/v1/checkouts", r#"{"product":"demo-order"}"#, &two)
            .await
            .code(),
        "origin_not_allowed"
    );
    let unsaid = [("sec-fetch-site", "cross-site")];
    assert_eq!(
        shop.post("/v1/checkouts", r#"{"product":"demo-order"}"#, &unsaid)
            .await
            .code(),
        "origin_not_allowed"
    );
    assert_eq!(shop.books().await.checkouts, 1);
    assert!(shop.gateway.invoices_made().await.is_empty());
}

#[tokio::test]
async fn preflights() {
    let shop = TestProxy::start().await;
    for path in [
        "/v1/checkouts",
        "/v1/checkouts/x",
        "/v1/checkouts/x/invoice",
        "/v1/checkouts/x/events",
    ] {
        let ask = [
            ("origin", SHOP),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        let reply = shop.request("OPTIONS", path, &ask, None).await.expect(204);
        assert_eq!(reply.header("access-control-allow-origin"), SHOP);
        assert_eq!(reply.header("access-control-allow-methods"), "GET, POST");
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "content-type, idempotency-key, if-none-match, last-event-id"
        );
        assert_eq!(reply.header("access-control-allow-credentials"), "");
        for origin in FOREIGN {
            let ask = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
            ];
            let reply = shop.request("OPTIONS", path, &ask, None).await;
            assert_eq!(
                (
                    reply.code().as_str(),
                    reply.header("access-control-allow-origin").as_str()
                ),
                ("origin_not_allowed", ""),
                "{origin:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_merchants_key_does_not_belong_into_a_page() {
    let shop = TestProxy::start().await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let body = r#"{"price":{"amount":"1","currency":"EUR"},"description":"x"}"#;
    let reply = shop
        .post(
            "/v1/checkouts",
            body,
            &[
                ("origin", SHOP),
                ("authorization", &bearer),
                ("idempotency-key", "k"),
            ],
        )
        .await;
    assert_eq!(reply.code(), "origin_not_allowed");
    assert_eq!(shop.books().await.checkouts, 0);
}

#[tokio::test]
async fn simple_requests_of_forms_change_nothing() {
    let shop = TestProxy::start().await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let reply = shop
            .request(
                "POST",
                "/v1/checkouts",
                &[("content-type", kind), ("origin", SHOP)],
                Some(br#"{"product":"demo-order"}"#),
            )
            .await;
        assert_eq!(reply.code(), "content_type_not_json");
    }
    assert_eq!(shop.books().await.checkouts, 0);
}
