//! Wrong merchant keys are slowed down; the right one is taken from every network but theirs.

use std::sync::Arc;

use calypso_proxy::Topology;

use crate::support::{MERCHANT_KEY, TestProxy, text};

const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

#[tokio::test]
async fn many_wrong_keys_hold_up_nobody_but_their_sender() {
    let shop = Arc::new(TestProxy::start().await);
    let wrong = |n: u32| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let bearer = format!("Bearer wrong-key-number-{n:06}");
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
            shop.post("/v1/checkouts", BODY, &headers).await
        })
    };
    let mut codes = Vec::new();
    let calls: Vec<_> = (0..100).map(wrong).collect();
    let right = shop.merchant(BODY, "right").await.expect(201).json();
    assert_eq!(text(&right, "/state"), "choosing");
    for call in calls {
        let reply = call.await.unwrap();
        let code = reply.code();
        if code == "rate_limited" {
            assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
        }
        codes.push(code);
    }
    let count = |word: &str| codes.iter().filter(|code| *code == word).count();
    assert_eq!(
        (count("merchant_key_wrong"), count("rate_limited")),
        (20, 80),
        "a tenth of an hour's number at once"
    );
    shop.merchant(BODY, "right again").await.expect(201);
    shop.wait(18_000);
    assert_eq!(wrong(100).await.unwrap().code(), "merchant_key_wrong");
}

#[tokio::test]
async fn a_flood_of_guesses_from_one_network_holds_up_no_merchant_in_another() {
    let shop = TestProxy::with(|config| {
        config.limits.topology = Topology::Proxies(vec!["127.0.0.1/32".parse().unwrap()]);
    });
    let shop = Arc::new(shop.await);
    let wrong = |n: u32| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let bearer = format!("Bearer wrong-key-number-{n:06}");
            let from = format!("203.0.113.{}", n % 250);
            let headers = [
                ("authorization", bearer.as_str()),
                ("idempotency-key", "k"),
                ("x-forwarded-for", from.as_str()),
            ];
            shop.post("/v1/checkouts", BODY, &headers).await
        })
    };
    let right = |key: &'static str, from: &'static str| {
        let shop = Arc::clone(&shop);
        async move {
            let bearer = format!("Bearer {MERCHANT_KEY}");
            let headers = [
                ("authorization", bearer.as_str()),
                ("idempotency-key", key),
                ("x-forwarded-for", from),
            ];
            shop.post("/v1/checkouts", BODY, &headers).await
        }
    };
    let calls: Vec<_> = (0..200).map(wrong).collect();
    for key in ["1", "2", "3", "4"] {
        right(key, "198.51.100.9").await.expect(201);
    }
    let mut told = 0;
    for call in calls {
        let reply = call.await.unwrap();
        if reply.code() == "merchant_key_wrong" {
            told += 1;
        } else {
            assert_eq!(reply.code(), "rate_limited");
            assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
        }
    }
    assert!(told <= 20, "{told}: a tenth of an hour's number at once");
    right("5", "203.0.113.7").await.expect(201);
}
