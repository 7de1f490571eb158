//! Webhooks that the gateway has not signed.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use calypso::sign;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::awaiting;
use crate::support::hook::{Hook, PATH, event};
use crate::support::{GATEWAY_KEY, GATEWAY_SECRET, Reply, TestProxy, logged};

/// How many mutated deliveries are sent; more with `CALYPSO_MUTATED_DELIVERIES`, from another seed with `CALYPSO_MUTATION_SEED`.
const MUTATIONS: u64 = 2_000;
/// Long enough for one more wrong signature.
const PACE: u64 = 18_000;

async fn send(shop: &TestProxy, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let reply = shop.request("POST", PATH, headers, Some(body)).await;
    shop.wait(PACE);
    reply
}

#[tokio::test]
async fn what_is_not_signed_is_refused_before_it_is_read() {
    let (shop, hook, _, _, named) = awaiting().await;
    let body = event(1, "INVOICE_PAID", json!({"parentExternalId": named}));
    let body = body.as_bytes();
    let (right, key) = (hook.sign(body), hook.key.as_str());
    let api = sign::sign(&GATEWAY_SECRET.into(), body);
    let upper = right.to_uppercase();
    let padded = format!("{right} ");
    let longer = format!("{right}00");
    let doubled = format!("{right}, {right}");
    let hashed = format!("sha512={right}");
    let other_key = key.replace(|c: char| c.is_ascii_digit(), "a");
    let short_key = &key[..key.len() - 1];
    let (twice_key, spaced, prefixed) = (
        format!("{key},{key}"),
        format!("{} {}", &right[..64], &right[64..]),
        format!("0x{right}"),
    );
    let (zeros, hundred, encoded) = (
        "0".repeat(128),
        vec![right.as_str(); 100].join(" "),
        right.replace('a', "%61"),
    );
    let (first_wrong, reversed) = (
        format!("{zeros} {right}"),
        right.chars().rev().collect::<String>(),
    );
    let bytes: Vec<u8> = (0..128)
        .step_by(2)
        .map(|at| u8::from_str_radix(&right[at..at + 2], 16).unwrap())
        .collect();
    let (base64, url_safe) = (STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes));
    // Keys and secrets taken for each other, and other things signed than the body.
    let secret = hook.secret.expose_secret();
    let by_key = sign::sign(&key.into(), body);
    let of_empty = hook.sign(b"");
    let of_key_and_body = hook.sign(&[key.as_bytes(), b".", body].concat());
    let of_halves = hook.sign(&body[1..]);
    let of_time = hook.sign(&[b"1796000000.".as_slice(), body].concat());
    let merchants = sign::sign(&"merchant-canary-5d1c9a70e4b2".into(), body);
    let cases: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("key", key)],
        vec![("sign", &right)],
        vec![("key", ""), ("sign", &right)],
        vec![("key", key), ("sign", "")],
        vec![("key", key), ("sign", &upper)],
        vec![("key", key), ("sign", &longer)],
        vec![("key", key), ("sign", &right[..126])],
        vec![("key", key), ("sign", &doubled)],
        vec![("key", key), ("sign", &hashed)],
        vec![("key", key), ("key", key), ("sign", &right)],
        vec![("key", key), ("sign", &right), ("sign", &right)],
        vec![("key", &other_key), ("sign", &right)],
        vec![("key", short_key), ("sign", &right)],
        vec![("key", GATEWAY_KEY), ("sign", &api)],
        vec![("key", key), ("sign", &api)],
        vec![("key", GATEWAY_KEY), ("sign", &right)],
        vec![("authorization", "Bearer merchant-canary-5d1c9a70e4b2")],
        vec![("key", key), ("sign", &spaced)],
        vec![("key", key), ("sign", &prefixed)],
        vec![("key", key), ("sign", &zeros)],
        vec![("key", key), ("sign", &hundred)],
        vec![("key", key), ("sign", &encoded)],
        vec![("key", key), ("sign", &first_wrong)],
        vec![("key", key), ("sign", &reversed)],
        vec![("key", key), ("sign", &base64)],
        vec![("key", key), ("sign", &url_safe)],
        vec![("key", key), ("sign", &right[64..])],
        vec![("key", key), ("sign", secret)],
        vec![("key", key), ("sign", key)],
        vec![("key", secret), ("sign", &right)],
        vec![("key", &right), ("sign", key)],
        vec![("key", &twice_key), ("sign", &right)],
        vec![("key", key), ("sign", &by_key)],
        vec![("key", key), ("sign", &of_empty)],
        vec![("key", key), ("sign", &of_key_and_body)],
        vec![("key", key), ("sign", &of_halves)],
        vec![("key", key), ("sign", &of_time)],
        vec![("key", key), ("sign", &merchants)],
        vec![("key", key), ("signature", &right)],
        vec![("key", key), ("x-sign", &right)],
        vec![("key", key), ("sign", &zeros), ("sign", &right)],
        vec![
            ("key", key),
            ("webhook-signature", &base64),
            ("webhook-id", "1"),
        ],
    ];
    for headers in &cases {
        let reply = send(&shop, headers, body).await;
        assert_eq!(reply.status, 401, "{headers:?}: {}", reply.text());
        assert_eq!(reply.code(), "webhook_not_signed");
    }
    // Another writing of the same JSON, a mark before it, a line after it.
    let plain = String::from_utf8_lossy(body).into_owned();
    let utf16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let other = [
        plain.replace(':', ": "),
        plain.replace(',', ",\r\n"),
        plain.replacen("\"id\":1", "\"id\":1.0", 1),
        plain.replacen("\"id\":1", "\"id\":1,\"id\":2", 1),
        plain.replace("PAID", "P\\u0041ID"),
        format!("\u{feff}{plain}"),
        format!("{plain}\n"),
        format!("{plain}\r\n"),
        format!(" {plain}"),
        format!("{plain}\0"),
        format!("{plain}{plain}"),
        format!("[{plain}]"),
    ];
    let other: Vec<&[u8]> = other
        .iter()
        .map(String::as_bytes)
        .chain([&utf16[..], b"", &body[..body.len() - 1]])
        .collect();
    // docs/ATTACKS.md says how many.
    assert_eq!(cases.len() + other.len(), 58);
    for body in &other {
        let reply = send(&shop, &[("key", key), ("sign", &right)], body).await;
        assert_eq!(reply.code(), "webhook_not_signed");
    }
    assert_eq!(shop.books().await.deliveries, 0);
    // Blanks around a header are no part of it (RFC 9110 §5.5).
    let reply = send(&shop, &[("key", key), ("sign", &padded)], body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(shop.books().await.deliveries, 1);
    let log = logged();
    assert!(
        !log.contains(hook.secret.expose_secret()),
        "the secret is in the log"
    );
    assert!(!log.contains(&right), "a signature is in the log");
}

#[tokio::test]
async fn no_mutated_delivery_is_taken() {
    let from_environment =
        |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let count = from_environment("CALYPSO_MUTATED_DELIVERIES", MUTATIONS);
    let seed = from_environment("CALYPSO_MUTATION_SEED", 1);
    let (shop, hook, _, _, named) = awaiting().await;
    let body = event(1, "INVOICE_PAID", json!({"parentExternalId": named})).into_bytes();
    let right = hook.sign(&body);
    let mut random = Random(seed.max(1));
    for number in 0..count {
        let mut parts = [
            hook.key.clone().into_bytes(),
            right.clone().into_bytes(),
            body.clone(),
        ];
        let place = random.below(10);
        // Most in the body, which is longest.
        let part = &mut parts[place.saturating_sub(7).min(2)];
        let at = random.below(part.len());
        match random.below(4) {
            0 => drop(part.remove(at)),
            1 => part.insert(at, b"0123456789abcdef"[random.below(16)]),
            2 => part.truncate(at),
            _ => part[at] ^= 1 << random.below(8),
        }
        let [key, sign, sent] = parts;
        if (&key[..], &sign[..], &sent[..]) == (hook.key.as_bytes(), right.as_bytes(), &body[..]) {
            continue;
        }
        let as_header = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let (Some(key), Some(sign)) = (as_header(&key), as_header(&sign)) else {
            continue;
        };
        if key.trim() == hook.key && sign.trim() == right && sent == body
            || [&key, &sign]
                .iter()
                .any(|value| value.chars().any(char::is_control))
        {
            continue;
        }
        let reply = send(&shop, &[("key", &key), ("sign", &sign)], &sent).await;
        assert_eq!(
            reply.status,
            401,
            "seed {seed}, number {number}: key {key}, sign {sign}, body {}",
            String::from_utf8_lossy(&sent)
        );
    }
    assert_eq!(shop.books().await.deliveries, 0);
    hook.send(&shop, &body).await.expect(200);
}

#[tokio::test]
async fn whoever_guesses_signatures_is_slowed_down_and_the_gateway_is_not() {
    let (shop, hook, _, _, named) = awaiting().await;
    let (shop, hook) = (Arc::new(shop), Arc::new(hook));
    let wrong = |number: u64| {
        let (shop, hook) = (Arc::clone(&shop), Arc::clone(&hook));
        tokio::spawn(async move {
            let body = event(number, "INVOICE_PAID", json!({}));
            let headers = [("key", hook.key.as_str()), ("sign", "00")];
            let reply = shop.request("POST", PATH, &headers, Some(body.as_bytes()));
            reply.await.code()
        })
    };
    let all: Vec<_> = (0..60).map(wrong).collect();
    hook.tell(&shop, 1, "INVOICE_EXPIRED", &named)
        .await
        .expect(200);
    let mut codes = Vec::new();
    for one in all {
        codes.push(one.await.unwrap());
    }
    let count = |word: &str| codes.iter().filter(|code| *code == word).count();
    assert_eq!(
        (count("webhook_not_signed"), count("rate_limited")),
        (20, 40)
    );
    hook.tell(&shop, 2, "INVOICE_EXPIRED", &named)
        .await
        .expect(200);
}

/// Not even by a crowd in the gateway's own network, whose answers are held back at that moment.
#[tokio::test]
async fn what_is_signed_is_taken_while_its_network_is_refused() {
    let (shop, hook, _, _, named) = awaiting().await;
    let (shop, hook) = (Arc::new(shop), Arc::new(hook));
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..100 {
        let (shop, hook) = (Arc::clone(&shop), Arc::clone(&hook));
        crowd.spawn(async move {
            let body = event(number, "INVOICE_PAID", json!({}));
            let headers = [("key", hook.key.as_str()), ("sign", "00")];
            let reply = shop.request("POST", PATH, &headers, Some(body.as_bytes()));
            reply.await.code()
        });
    }
    while crowd.join_next().await.unwrap().unwrap() != "rate_limited" {}
    for number in 200..230 {
        hook.tell(&shop, number, "INVOICE_EXPIRED", &named)
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_read() {
    let (shop, hook, _, _, _) = awaiting().await;
    let most = shop.proxy.config().limits.body_bytes;
    let reply = hook.send(&shop, &vec![b' '; most + 1]).await;
    assert_eq!(reply.code(), "body_too_large");
    assert_eq!(shop.get(PATH).await.code(), "method_not_allowed");
    assert_eq!(shop.books().await.deliveries, 0);
}

/// A small seeded generator (xorshift64*).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = u128::from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)) * (limit as u128);
        usize::try_from(high >> 64).unwrap()
    }
}

#[tokio::test]
async fn without_a_subscription_nothing_is_taken() {
    let shop = TestProxy::start().await;
    let hook = Hook {
        id: String::new(),
        key: String::new(),
        secret: "".into(),
    };
    let reply = hook.tell(&shop, 1, "INVOICE_PAID", "1").await;
    assert_eq!(reply.code(), "webhook_not_signed");
}
