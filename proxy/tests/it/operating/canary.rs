//! Secrets and a buyer's name are planted everywhere they may be, and then looked for in everything that an operator sees.
//!
//! The ordinary run sends a small part; `cargo xtask trial canary --count 100000` sends so many.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::watched::Watched;
use crate::support::{GATEWAY_KEY, GATEWAY_SECRET, MERCHANT_KEY, Reply};

const EMAIL: &str = "canary.buyer@mail.example";
const CUSTOMER: &str = "canary-customer-4417";
const QUERY: &str = "canaryquery93ab";
const WRONG_KEY: &str = "canary-wrong-key-0001";
/// How many requests are sent at the same time.
const AT_ONCE: usize = 16;

fn requests() -> usize {
    let asked = std::env::var("CALYPSO_TRIAL_COUNT");
    asked.map_or(1_500, |text| text.parse().expect("a number"))
}

#[tokio::test]
async fn nothing_that_an_operator_sees_holds_a_secret_or_a_buyer() {
    let planted = [
        MERCHANT_KEY,
        GATEWAY_SECRET,
        GATEWAY_KEY,
        EMAIL,
        CUSTOMER,
        QUERY,
        WRONG_KEY,
    ];
    let proxy = Watched::with(
        &[("RUST_LOG", "trace")],
        "[log]\nrequests = \"info\"\n[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n",
    )
    .await;
    proxy.keep_only(&planted);
    let (sent, answers) = (AtomicUsize::new(0), std::sync::Mutex::new(BTreeMap::new()));
    let most = requests();
    let asker = async || {
        loop {
            let number = sent.fetch_add(1, Ordering::Relaxed);
            if number >= most {
                return;
            }
            if number % 200 == 150 {
                let kind =
                    ["error500", "html", "garbage", "reset", "unknown_state"][number / 200 % 5];
                proxy.gateway.fault("/api/v1/*", kind, 20).await;
            }
            let reply = ask(&proxy, number).await;
            if reply.status >= 300 {
                // A caller may be told again what they sent, but for keys.
                for word in [MERCHANT_KEY, GATEWAY_SECRET, GATEWAY_KEY, WRONG_KEY] {
                    assert!(!reply.text().contains(word), "{word}: {}", reply.text());
                    assert!(
                        !format!("{:?}", reply.headers).contains(word),
                        "{word}: {:?}",
                        reply.headers
                    );
                }
            }
            *answers
                .lock()
                .unwrap()
                .entry(reply.status)
                .or_insert(0_usize) += 1;
        }
    };
    futures_util::future::join_all((0..AT_ONCE).map(|_| asker())).await;

    let answers = answers.into_inner().unwrap();
    for status in [200, 304, 400, 401, 404, 405] {
        assert!(
            answers.contains_key(&status),
            "no {status} among {answers:?}"
        );
    }
    assert!(answers.keys().any(|status| *status >= 500), "{answers:?}");
    let scrape = proxy.scrape().await;
    for word in planted {
        assert!(!scrape.contains(word), "{word} in the meters");
    }
    let written = proxy.written();
    assert!(written > most, "the log was listened to: {written} lines");
    let hits: Vec<String> = proxy
        .lines()
        .into_iter()
        .filter(|line| planted.iter().any(|word| line.contains(word)))
        .collect();
    assert!(hits.is_empty(), "{hits:#?}");
}

/// One of the requests, by its number: some are answered as they should be, most fail in one way or another.
async fn ask(proxy: &Watched, number: usize) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let wrong = format!("Bearer {WRONG_KEY}");
    let network = format!("203.{}.{}.7", number / 250 % 250, number % 250);
    let key = format!("{CUSTOMER}-{number}");
    let from = ("x-forwarded-for", network.as_str());
    let merchant = ("authorization", bearer.as_str());
    let keyed = [from, merchant, ("idempotency-key", key.as_str())];
    let price = json!({"amount": "25.00", "currency": "EUR"});
    match number % 12 {
        0 => {
            let body = json!({"price": price, "description": format!("Order of {EMAIL}"), "externalId": EMAIL});
            let path = format!("/v1/checkouts?email={QUERY}");
            let made = proxy
                .ask("POST", &path, &keyed, Some(&body.to_string()))
                .await;
            pick(proxy, made, from).await
        }
        1 => {
            let body = json!({"kind": "deposit", "customer": CUSTOMER, "description": "A top-up"});
            let made = proxy
                .ask("POST", "/v1/checkouts", &keyed, Some(&body.to_string()))
                .await;
            pick(proxy, made, from).await
        }
        2 => {
            proxy
                .ask(
                    "GET",
                    &format!("/v1/checkouts?externalId={EMAIL}"),
                    &[from, merchant],
                    None,
                )
                .await
        }
        3 => {
            proxy
                .ask(
                    "GET",
                    &format!("/v1/checkouts?externalId={EMAIL}"),
                    &[from, ("authorization", &wrong)],
                    None,
                )
                .await
        }
        4 => {
            let made = proxy
                .ask(
                    "POST",
                    "/v1/checkouts",
                    &[from],
                    Some(r#"{"product":"demo-order"}"#),
                )
                .await;
            let Ok(body) = serde_json::from_slice::<serde_json::Value>(&made.bytes) else {
                return made;
            };
            let Some(id) = body["id"].as_str() else {
                return made;
            };
            let path = format!("/v1/checkouts/{id}?q={QUERY}");
            let shown = proxy.ask("GET", &path, &[from], None).await;
            let tag = shown.header("etag");
            proxy
                .ask("GET", &path, &[from, ("if-none-match", &tag)], None)
                .await
        }
        5 => {
            proxy
                .ask(
                    "GET",
                    &format!("/{QUERY}/{EMAIL}?key={MERCHANT_KEY}"),
                    &[from],
                    None,
                )
                .await
        }
        6 => {
            let body = json!({"price": price, "externalId": EMAIL, "customer": CUSTOMER, "description": 7});
            proxy
                .ask("POST", "/v1/checkouts", &keyed, Some(&body.to_string()))
                .await
        }
        7 => {
            proxy
                .ask(
                    "POST",
                    "/webhooks/calypso",
                    &[from, ("x-api-sign", WRONG_KEY), ("x-api-key", GATEWAY_KEY)],
                    Some(EMAIL),
                )
                .await
        }
        8 => {
            proxy
                .ask(
                    "DELETE",
                    &format!("/v1/checkouts/{QUERY}"),
                    &[from, merchant],
                    None,
                )
                .await
        }
        9 => {
            proxy
                .ask(
                    "GET",
                    &format!("/v1/checkouts/{EMAIL}"),
                    &[
                        from,
                        ("referer", QUERY),
                        ("cookie", EMAIL),
                        ("user-agent", EMAIL),
                    ],
                    None,
                )
                .await
        }
        10 => {
            let body =
                format!(r#"{{"price": {{"amount": "25.00"}}, "externalId": "{EMAIL}", "x": "#);
            proxy
                .ask("POST", "/v1/checkouts", &keyed, Some(&body))
                .await
        }
        _ => {
            let headers = [
                from,
                merchant,
                ("idempotency-key", ""),
                ("origin", "https://evil.example"),
            ];
            proxy
                .ask(
                    "POST",
                    &format!("/v1/checkouts?{QUERY}"),
                    &headers,
                    Some(EMAIL),
                )
                .await
        }
    }
}

/// Picks a currency for a checkout that was made, so that the gateway is asked.
async fn pick(proxy: &Watched, made: Reply, from: (&str, &str)) -> Reply {
    if made.status != 201 {
        return made;
    }
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/checkouts/{id}/invoice?{QUERY}={EMAIL}");
    let body = Some(r#"{"currency":"USDT_TRX"}"#);
    proxy.ask("POST", &path, &[from], body).await
}
