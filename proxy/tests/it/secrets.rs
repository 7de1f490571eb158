//! Planted secrets are nowhere to be found: not in logs, answers, errors, pages, or the database.

use crate::support::{GATEWAY_SECRET, HASTY, MERCHANT_KEY, TestProxy, logged, text};

#[tokio::test]
async fn nothing_that_leaves_the_proxy_holds_a_secret() {
    let mut shop = TestProxy::on_file(|config| config.shops[0].gateway.timeout = HASTY).await;
    let mut answers = Vec::new();
    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let made = shop.merchant(body, "k").await;
    let id = text(&made.json(), "/id").to_owned();
    answers.push(made);
    answers.push(shop.merchant("{", "bad").await);
    answers.push(shop.merchant(body, "").await);
    answers.push(
        shop.post(
            "/v1/checkouts",
            body,
            &[("authorization", &format!("Bearer {MERCHANT_KEY}"))],
        )
        .await,
    );
    answers.push(
        shop.post(
            "/v1/checkouts",
            body,
            &[
                ("authorization", &format!("Basic {MERCHANT_KEY}")),
                ("idempotency-key", "k"),
            ],
        )
        .await,
    );
    answers.push(
        shop.post(
            "/v1/checkouts",
            body,
            &[
                ("authorization", &format!("Bearer {MERCHANT_KEY}")),
                ("origin", "https://evil.example"),
            ],
        )
        .await,
    );
    answers.push(shop.choose(&id, "USDT_TRX").await);
    for kind in [
        "error500",
        "html",
        "garbage",
        "silence",
        "reset",
        "unknown_state",
    ] {
        shop.gateway.fault("/api/v1/*", kind, 1000).await;
        answers.push(shop.choose(&id, "BTC").await);
        shop.wait(120_000);
        answers.push(shop.get(&format!("/v1/checkouts/{id}")).await);
        shop.gateway.no_faults().await;
    }
    shop.gateway.stop().await;
    answers.push(shop.choose(&id, "ETH").await);
    answers.push(shop.get(&format!("/pay/{id}")).await);
    answers.push(shop.get("/nowhere").await);
    // A store that refuses is an error of its own kind.
    shop.break_keys();
    let refused = shop.merchant(body, "k").await;
    assert_eq!(refused.code(), "store_unavailable");
    answers.push(refused);
    drop(shop.proxy.config().clone());
    let debug = format!("{:?}", shop.proxy.config());

    let log = logged();
    assert!(
        log.contains("an invoice was made") && log.contains("a request failed"),
        "the log is being listened to"
    );
    let database = std::fs::read(shop.database()).unwrap();
    let write_ahead =
        std::fs::read(shop.database().with_extension("sqlite3-wal")).unwrap_or_default();
    for secret in [MERCHANT_KEY, GATEWAY_SECRET] {
        for answer in &answers {
            let headers = format!("{:?}", answer.headers);
            assert!(
                !answer.text().contains(secret) && !headers.contains(secret),
                "{}",
                answer.text()
            );
        }
        assert!(!debug.contains(secret), "{debug}");
        for bytes in [&database, &write_ahead] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            );
        }
        let leaking: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(leaking.is_empty(), "{leaking:?}");
    }
    let whole = log
        .lines()
        .filter(|line| line.contains("calypso_proxy") && line.contains(&id))
        .count();
    assert_eq!(
        whole, 0,
        "a checkout's id opens it, so logs have its beginning only"
    );
}

#[tokio::test]
async fn callers_cannot_forge_log_lines() {
    let shop = TestProxy::start().await;
    let forged = "x\\u000a2026-01-01 ERROR calypso_proxy: forged\\u001b[31m";
    shop.merchant(
        &format!(r#"{{"{forged}":1,"price":{{"amount":"1","currency":"EUR"}},"description":"x"}}"#),
        "k",
    )
    .await
    .expect(400);
    shop.merchant(
        &format!(r#"{{"price":{{"amount":"{forged}","currency":"EUR"}},"description":"x"}}"#),
        "k",
    )
    .await
    .expect(400);
    let id = shop.checkout().await;
    shop.choose(&id, forged).await.expect(422);
    let log = logged();
    assert!(!log.lines().any(|line| line.starts_with("2026-01-01 ERROR")));
    assert!(!log.contains("\u{1b}[31m"));
}
