//! The specification's own library for Rust judges real deliveries, and refuses every changed copy of one. Those for Node and Python do
//! the same in tests/snippets.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use calypso_proxy::{
    Attempted, Clock as _, Courier, EventSecret, EventTarget, Message, SystemClock,
};
use standardwebhooks::Webhook;

use super::listener::{Delivery, Listener};

/// How many changed copies are judged; more with `CALYPSO_MUTATED_EVENTS`.
const COPIES: usize = 5_000;

async fn delivered(secrets: &[&str], body: &str) -> Delivery {
    let listener = Listener::answering(StatusCode::OK).await;
    let target = EventTarget::new(&listener.url(), secrets, &["127.0.0.1"]).unwrap();
    let message = Message {
        id: "evt_01997bd3f5c87a10b2f1a3c5d7e9f0b1".to_owned(),
        body: body.to_owned().into(),
    };
    let attempted = Courier::new()
        .deliver(&target, &message, SystemClock.now())
        .await;
    assert_eq!(attempted, Attempted::Taken { status: 200 });
    listener.heard().remove(0)
}

fn headers(parts: &[(&'static str, Vec<u8>); 3]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in parts {
        // What cannot be a header never reaches anybody.
        headers.insert(*name, value.as_slice().try_into().ok()?);
    }
    Some(headers)
}

fn parts(delivery: &Delivery) -> [(&'static str, Vec<u8>); 3] {
    ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .map(|name| (name, delivery.headers[name].as_bytes().to_vec()))
}

const BODY: &str = r#"{"type":"checkout.completed","timestamp":"2026-11-30T00:00:00Z","data":{"checkout":{"id":"0198","externalId":"order-1001","state":"completed","price":{"amount":"25.00","currency":"EUR"}}}}"#;

#[tokio::test]
async fn the_reference_library_believes_a_delivery_with_each_of_two_secrets_and_with_no_other() {
    let [new, old, other] = [(); 3].map(|()| EventSecret::generate());
    for body in [BODY, "{}", "", r#"{"description":"Käse «€» 漢字 \u0000"}"#] {
        let delivery = delivered(&[&new, &old], body).await;
        for secret in [&new, &old] {
            let webhook = Webhook::new(secret).unwrap();
            webhook.verify(&delivery.body, &delivery.headers).unwrap();
        }
        let stranger = Webhook::new(&other).unwrap();
        assert!(stranger.verify(&delivery.body, &delivery.headers).is_err());
    }
}

#[tokio::test]
async fn the_reference_library_refuses_every_changed_copy() {
    let wanted = std::env::var("CALYPSO_MUTATED_EVENTS")
        .map_or(COPIES, |text| text.parse().expect("a number of copies"));
    let secret = EventSecret::generate();
    let webhook = Webhook::new(&secret).unwrap();
    let delivery = delivered(&[&secret], BODY).await;
    let right = parts(&delivery);
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut judge = |what: &'static str, parts: &[(&'static str, Vec<u8>); 3], body: &[u8]| {
        if let Some(headers) = headers(parts) {
            let judged = webhook.verify(body, &headers);
            assert!(
                judged.is_err(),
                "{what}: {headers:?} {}",
                String::from_utf8_lossy(body)
            );
            *refused.entry(what).or_default() += 1;
        }
    };
    // Every bit of the body and of each header.
    for bit in 0..delivery.body.len() * 8 {
        judge("a bit of the body", &right, &flipped(&delivery.body, bit));
    }
    for part in 0..right.len() {
        let whats = [
            "a bit of the id",
            "a bit of the timestamp",
            "a bit of the signature",
        ];
        for bit in 0..right[part].1.len() * 8 {
            let mut changed = right.clone();
            changed[part].1 = flipped(&right[part].1, bit);
            judge(whats[part], &changed, &delivery.body);
        }
    }
    // A signature of the body alone, of another version, of the id and the time shifted into each other, and one that is too old.
    let mut named = |what, part: usize, value: &str| {
        let mut changed = right.clone();
        changed[part].1 = value.as_bytes().to_vec();
        judge(what, &changed, &delivery.body);
    };
    let signature = delivery.header("webhook-signature");
    let bare = signature.strip_prefix("v1,").unwrap();
    for wrong in [
        "",
        "v1,",
        bare,
        &format!("v2,{bare}"),
        &format!("v1a,{bare}"),
        &format!("V1,{bare}"),
        &bare[..20],
    ] {
        named("another signature", 2, wrong);
    }
    let seconds: i64 = delivery.header("webhook-timestamp").parse().unwrap();
    for other in [
        seconds - 301,
        seconds + 301,
        0,
        -seconds,
        i64::MAX,
        seconds * 1000,
    ] {
        named("another timestamp", 1, &other.to_string());
    }
    for wrong in ["", "evt", "evt_2", "EVT_01997BD3F5C87A10B2F1A3C5D7E9F0B1"] {
        named("another id", 0, wrong);
    }
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut headers = headers(&right).unwrap();
        headers.remove(name);
        assert!(
            webhook.verify(&delivery.body, &headers).is_err(),
            "without {name}"
        );
    }
    // Then larger changes of the body, from a small seeded generator.
    let mut state = 0x5eed_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(limit).unwrap()).unwrap()
    };
    let counted: usize = refused.values().sum();
    for _ in counted..wanted {
        let mut body = delivery.body.to_vec();
        let at = random(body.len());
        match random(4) {
            0 => drop(body.remove(at)),
            1 => body.insert(at, b' '),
            2 => body.truncate(at),
            _ => body[at] = body[at].wrapping_add(1 + u8::try_from(random(255)).unwrap()),
        }
        let judged = webhook.verify(&body, &delivery.headers);
        assert!(judged.is_err(), "{}", String::from_utf8_lossy(&body));
        *refused.entry("a larger change of the body").or_default() += 1;
    }
    let all: usize = refused.values().sum();
    assert!(all >= wanted.min(4_000), "{refused:?}");
    println!("{all} changed copies refused: {refused:?}");
    webhook.verify(&delivery.body, &delivery.headers).unwrap();
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}
