//! How much one caller may ask for: every action of strangers and of a merchant's servers has a bound, which is told with the time after
//! which it gives way.

use std::time::Duration;

use calypso_proxy::{Config, ForwardedHeader};

use crate::support::{CREATE, MERCHANT_KEY, Reply, TestProxy, behind_a_proxy, text};

const PRODUCT: &str = r#"{"product":"demo-order"}"#;
const PRICED: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
const ATTACKER: &str = "203.0.113.7";
const HONEST: &str = "198.51.100.9";

/// Asserts that it was refused for being too much. After how many seconds it will not be.
#[track_caller]
fn limited(reply: &Reply) -> u64 {
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_limited"));
    let seconds = reply.header("retry-after").parse().unwrap();
    assert!(seconds >= 1);
    seconds
}

/// What a stranger can do, each from an address: its name, method, path and body. `{id}` is a checkout.
const OF_STRANGERS: &[(&str, &str, &str, Option<&str>)] = &[
    ("make a checkout", "POST", "/v1/checkouts", Some(PRODUCT)),
    (
        "pick a currency",
        "POST",
        "/v1/checkouts/{id}/invoice",
        Some(r#"{"currency":"BTC"}"#),
    ),
    ("look at a checkout", "GET", "/v1/checkouts/{id}", None),
    (
        "look at none",
        "GET",
        "/v1/checkouts/00000000-0000-4000-8000-000000000000",
        None,
    ),
    ("listen", "GET", "/v1/checkouts/{id}/events", None),
    ("open the hosted page", "GET", "/pay/{id}", None),
    ("the page's style", "GET", "/pay/page.css", None),
    ("the page's script", "GET", "/pay/page.js", None),
    ("the loader", "GET", "/calypso-pay.js", None),
    ("its hashes", "GET", "/integrity.json", None),
    ("what the proxy takes", "GET", "/openapi.json", None),
    ("a file of the widget", "GET", "/assets/x.wasm", None),
    (
        "a merchant's call without a key",
        "GET",
        "/v1/checkouts",
        None,
    ),
    (
        "the deposits without a key",
        "GET",
        "/v1/checkouts/{id}/deposits",
        None,
    ),
    (
        "the history without a key",
        "GET",
        "/v1/checkouts/{id}/history",
        None,
    ),
    (
        "the gateway's page without a key",
        "POST",
        "/v1/checkouts/{id}/hosted-widget",
        None,
    ),
];

#[tokio::test]
async fn whatever_a_stranger_does_counts_for_its_network_and_for_no_other() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.network_requests_per_minute = 60;
    })
    .await;
    let made = shop.post("/v1/checkouts", PRODUCT, &[("x-forwarded-for", HONEST)]);
    let id = text(&made.await.expect(201).json(), "/id").to_owned();
    let ask = async |row: &(&str, &str, &str, Option<&str>), address: &str| {
        let (_, method, path, body) = row;
        let headers = [
            ("x-forwarded-for", address),
            ("content-type", "application/json"),
        ];
        let path = path.replace("{id}", &id);
        let response = shop.ask(method, &path, &headers, body.map(str::as_bytes));
        // A stream has no end: its head is enough.
        response.await
    };
    for row in OF_STRANGERS {
        for _ in 0..60 {
            ask(&OF_STRANGERS[2], ATTACKER).await;
        }
        let refused = ask(row, ATTACKER).await;
        assert_eq!(refused.status(), 429, "{}", row.0);
        let wait = limited(&Reply::read(refused).await);
        assert_eq!(ask(row, "203.0.113.200").await.status(), 429, "{}", row.0);
        assert_ne!(ask(row, HONEST).await.status(), 429, "{}", row.0);
        // The time that was told is the right one.
        shop.wait(wait * 1000 - 1);
        assert_eq!(
            ask(row, ATTACKER).await.status(),
            429,
            "{}: too early",
            row.0
        );
        shop.wait(1);
        assert_ne!(ask(row, ATTACKER).await.status(), 429, "{}", row.0);
        shop.wait(60_000);
    }
    assert!(OF_STRANGERS.len() >= 15);
}

#[tokio::test]
async fn a_refusal_for_too_much_can_be_read_by_the_page_that_asked() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.network_requests_per_minute = 1;
    })
    .await;
    let headers = [
        ("x-forwarded-for", ATTACKER),
        ("origin", crate::support::SHOP),
    ];
    shop.post("/v1/checkouts", PRODUCT, &headers)
        .await
        .expect(201);
    let refused = shop.post("/v1/checkouts", PRODUCT, &headers).await;
    limited(&refused);
    assert_eq!(
        refused.header("access-control-allow-origin"),
        crate::support::SHOP
    );
    assert!(
        refused
            .header("access-control-expose-headers")
            .contains("retry-after")
    );
}

#[tokio::test]
async fn each_kind_of_a_merchants_calls_is_counted_for_itself() {
    let shop = TestProxy::with(|config| config.limits.merchant_calls_per_minute = 5).await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let id = shop.made(PRICED).await;
    let call = async |method: &str, path: &str, key: &str, body: Option<&str>| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let path = path.replace("{id}", &id);
        shop.request(method, &path, &headers, body.map(str::as_bytes))
            .await
    };
    // One was made above.
    for (what, left, rows) in [
        (
            "making",
            4,
            vec![
                ("POST", "/v1/checkouts", Some(PRICED)),
                ("POST", "/v1/checkouts/{id}/hosted-widget", None),
                (
                    "POST",
                    "/v1/checkouts/{id}/invoice",
                    Some(r#"{"currency":"BTC"}"#),
                ),
            ],
        ),
        (
            "asking",
            5,
            vec![
                ("GET", "/v1/checkouts/{id}", None),
                ("GET", "/v1/checkouts?externalId=order-1001", None),
                ("GET", "/v1/checkouts/{id}/deposits", None),
                ("GET", "/v1/checkouts/{id}/history", None),
            ],
        ),
    ] {
        for number in 0..left {
            let (method, path, body) = rows[number % rows.len()];
            let reply = call(method, path, &format!("key-{number}"), body).await;
            assert_ne!(reply.status, 429, "{what} {number}");
        }
        for (method, path, body) in rows {
            let wait = limited(&call(method, path, "key", body).await);
            assert!(wait <= 12, "{what}: one in twelve seconds");
        }
    }
    // What a stranger does is not counted by it.
    shop.checkout().await;
    shop.wait(12_000);
    assert_ne!(
        call("GET", "/v1/checkouts/{id}", "k", None).await.status,
        429
    );
}

/// Makes checkouts until it is refused: how many there were, and how long to wait.
async fn make_all(shop: &TestProxy, address: &str) -> (u32, u64) {
    for made in 0..10_000 {
        let reply = shop
            .post("/v1/checkouts", PRODUCT, &[("x-forwarded-for", address)])
            .await;
        if reply.status != 201 {
            return (made, limited(&reply));
        }
    }
    panic!("there is no limit");
}

#[tokio::test]
async fn a_day_has_a_number_of_its_own_by_network_and_by_product() {
    for by_product in [false, true] {
        let shop = TestProxy::with(|config| {
            behind_a_proxy(config);
            let limits = &mut config.limits;
            limits.network_checkouts_per_hour = 0;
            limits.product_checkouts_per_hour = 0;
            (
                limits.network_checkouts_per_day,
                limits.product_checkouts_per_day,
            ) = if by_product { (0, 48) } else { (48, 0) };
        })
        .await;
        let (at_once, wait) = make_all(&shop, ATTACKER).await;
        assert_eq!(
            (at_once, wait),
            (12, 1800),
            "a quarter, then one in half an hour"
        );
        // However patient: in a whole day no more than the number again.
        let mut later = 0;
        for _ in 0..48 {
            shop.wait(1_800_000);
            later += make_all(&shop, ATTACKER).await.0;
        }
        assert_eq!(later, 48);
        let other = [("x-forwarded-for", HONEST)];
        shop.post("/v1/checkouts", PRODUCT, &other)
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn what_a_day_may_cost_the_gateways_account_is_bounded() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        let limits = &mut config.limits;
        (limits.invoices_per_hour, limits.invoices_per_day) = (0, 16);
    })
    .await;
    let mut made = 0;
    for _ in 0..10 {
        let id = shop.checkout().await;
        let reply = shop.post_choice(&id, "BTC", ATTACKER).await;
        if reply.status == 200 {
            made += 1;
        } else {
            limited(&reply);
        }
    }
    assert_eq!((made, shop.gateway.calls(CREATE).await), (4, 4));
}

/// A proxy that works on two of each kind at a time.
async fn narrow() -> TestProxy {
    TestProxy::with(|config| {
        let limits = &mut config.limits;
        limits.creations_at_once = 2;
        limits.choices_at_once = 2;
        limits.merchant_calls_at_once = 2;
    })
    .await
}

#[track_caller]
fn shed(reply: &Reply) {
    assert_eq!((reply.status, reply.code().as_str()), (503, "overloaded"));
    assert_eq!(reply.header("retry-after"), "1");
}

#[tokio::test]
async fn beyond_what_is_worked_on_at_a_time_a_choice_is_refused_at_once_and_the_others_succeed() {
    let shop = narrow().await;
    let ids = [
        shop.checkout().await,
        shop.checkout().await,
        shop.checkout().await,
    ];
    shop.gateway.hold(Some(CREATE));
    let (first, second, third) = tokio::join!(
        shop.choose(&ids[0], "BTC"),
        shop.choose(&ids[1], "BTC"),
        async {
            // Both wait at the gateway by now, and nothing ends by itself.
            while shop.gateway.held().len() < 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let refused = shop.choose(&ids[2], "BTC").await;
            // Looking and making go on beside it.
            shop.show(&ids[2]).await;
            shop.checkout().await;
            shop.gateway.hold(None);
            refused
        }
    );
    shed(&third);
    for served in [first, second] {
        assert_eq!(text(&served.expect(200).json(), "/state"), "awaiting");
    }
    // Nothing was done for the third, and now there is a place.
    assert_eq!(shop.gateway.calls(CREATE).await, 2);
    shop.choose(&ids[2], "BTC").await.expect(200);
}

#[tokio::test]
async fn of_many_creations_at_once_each_is_made_or_refused_and_all_that_were_made_are_there() {
    let shop = std::sync::Arc::new(narrow().await);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..64 {
        let shop = std::sync::Arc::clone(&shop);
        calls.spawn(async move { shop.merchant(PRICED, &format!("key-{number}")).await });
    }
    let mut made = Vec::new();
    while let Some(reply) = calls.join_next().await {
        let reply = reply.unwrap();
        if reply.status == 201 {
            made.push(text(&reply.json(), "/id").to_owned());
        } else {
            shed(&reply);
        }
    }
    assert!(!made.is_empty());
    for id in &made {
        shop.show(id).await;
    }
    assert_eq!(shop.books().await.checkouts as usize, made.len());
    // Whoever comes again is served.
    shop.merchant(PRICED, "again").await.expect(201);
}

#[tokio::test]
async fn a_client_that_sends_its_body_slowly_takes_no_place_from_others() {
    use tokio::io::AsyncWriteExt as _;
    let shop = narrow().await;
    let head = "POST /v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"pro";
    let mut slow = Vec::new();
    for _ in 0..8 {
        let mut stream = tokio::net::TcpStream::connect(shop.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    for _ in 0..4 {
        shop.checkout().await;
    }
}

#[tokio::test]
async fn which_header_names_the_client_can_be_said() {
    let with = |header: ForwardedHeader| {
        move |config: &mut Config| {
            behind_a_proxy(config);
            config.limits.network_checkouts_per_hour = 10;
            config.limits.forwarded_header = header;
        }
    };
    let create = async |shop: &TestProxy, old: &str, new: &str| {
        let headers = [("x-forwarded-for", old), ("forwarded", new)];
        shop.post("/v1/checkouts", PRODUCT, &headers).await.status
    };
    let shop = TestProxy::with(with(ForwardedHeader::XForwardedFor)).await;
    assert_eq!(create(&shop, ATTACKER, "for=1.1.1.1").await, 201);
    assert_eq!(create(&shop, ATTACKER, "for=2.2.2.2").await, 429);
    let shop = TestProxy::with(with(ForwardedHeader::Forwarded)).await;
    assert_eq!(create(&shop, "1.1.1.1", "for=203.0.113.7").await, 201);
    assert_eq!(
        create(&shop, "2.2.2.2", "for=\"203.0.113.8:99\"").await,
        429
    );
    // Nobody said: contradictions share one count, whoever they pretend to be.
    let shop = TestProxy::with(with(ForwardedHeader::Either)).await;
    assert_eq!(create(&shop, ATTACKER, "for=1.1.1.1").await, 201);
    assert_eq!(create(&shop, "2.2.2.2", "for=_hidden").await, 429);
    assert_eq!(
        create(&shop, ATTACKER, "for=203.0.113.9").await,
        201,
        "no contradiction"
    );
}

/// What `docs/LIMITS.md` has to name: each key of `[limits]`, and each path of the router.
#[test]
fn the_document_names_every_key_and_every_path() {
    const DOCUMENT: &str = include_str!("../../../docs/LIMITS.md");
    let example = include_str!("../../config.example.toml");
    let (_, limits) = example.split_once("\n[limits]\n").unwrap();
    let (limits, _) = limits.split_once("\n[").unwrap();
    let keys: Vec<&str> = limits
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with('#'))
        .collect();
    assert!(keys.len() >= 28, "{keys:?}");
    for key in keys {
        assert!(DOCUMENT.contains(&format!("`{key}`")), "{key}");
    }
    let router = include_str!("../../src/http/router.rs");
    let (router, _) = router.split_once("#[cfg(test)]").unwrap();
    for route in router.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        // Those of one checkout stand behind its path.
        let part = path.strip_prefix("/v1/checkouts/{id}").unwrap_or(path);
        let part = if part.is_empty() { path } else { part };
        assert!(DOCUMENT.contains(part), "{path}");
    }
}
