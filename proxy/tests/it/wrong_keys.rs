//! Wrong merchant keys are slowed down; the right one is always taken.

use crate::support::{TestProxy, text};

const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

#[tokio::test]
async fn many_wrong_keys_hold_up_nobody_but_their_sender() {
    let shop = std::sync::Arc::new(TestProxy::start().await);
    let wrong = |n: u32| {
        let shop = std::sync::Arc::clone(&shop);
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
