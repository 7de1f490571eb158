//! Attack class C: what was signed once and comes again, at another time, in another order, with other bytes, or to another proxy.

use serde_json::json;

use super::{awaiting, pay};
use crate::support::hook::{Hook, NOWHERE, PATH, event};
use crate::support::{Reply, TestProxy, text};

/// How many schedules are played; more with `CALYPSO_REPLAYED_SCHEDULES`.
const SCHEDULES: u64 = 100;

/// What each number of an old delivery says.
const KINDS: [&str; 8] = [
    "INVOICE_CREATED",
    "INVOICE_MEMPOOL_FOUND",
    "INVOICE_PAID",
    "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
    "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
    "INVOICE_EXPIRED",
    "INVOICE_PENDING_INTERVENTION",
    "INVOICE_COMPLIANCE_DECLINED",
];

async fn raw(shop: &TestProxy, key: &str, sign: &str, body: &[u8]) -> Reply {
    let headers = [
        ("content-type", "application/json"),
        ("key", key),
        ("sign", sign),
    ];
    let reply = shop.request("POST", PATH, &headers, Some(body)).await;
    // Long enough for one more wrong signature.
    shop.wait(18_000);
    reply
}

/// The whole of what a buyer and the merchant see.
async fn seen(shop: &TestProxy, id: &str) -> (serde_json::Value, serde_json::Value, u64) {
    let view = shop.fresh(id).await;
    let invoice = (view["state"].clone(), view["invoice"]["received"].clone());
    let deposits = shop.books().await.deposits;
    (invoice.0, invoice.1, deposits.into())
}

#[tokio::test]
async fn twenty_replays_move_nothing_back_and_count_nothing_twice() {
    let (shop, hook, id, invoice, named) = awaiting().await;
    pay(&shop, &invoice, "confirmed").await;
    let body = |number: u64, kind: &str| event(number, kind, json!({"parentExternalId": named}));
    let paid = body(1, "INVOICE_PAID");
    hook.send(&shop, paid.as_bytes()).await.expect(200);
    let after = seen(&shop, &id).await;
    assert!(
        ["paid", "completed"].contains(&after.0.as_str().unwrap()),
        "{after:?}"
    );
    let mut replays = 0;
    // Its own bytes again; its id with every other kind; its kind under another id; each kind out of order.
    hook.send(&shop, paid.as_bytes()).await.expect(200);
    for (number, kind) in (2..).zip(KINDS) {
        for one in [body(1, kind), body(number, kind)] {
            hook.send(&shop, one.as_bytes()).await.expect(200);
            assert_eq!(seen(&shop, &id).await, after, "{one}");
            replays += 1;
        }
    }
    // The same fact with its members in another order, with a larger amount, of a time long ago, and about an invoice of nobody's.
    let reordered = format!(
        r#"{{"data":{{"parentExternalId":"{named}","type":"INVOICE_PAID"}},"eventType":"INVOICE_PAID","service":"INVOICE","level":"SUCCESS","createdDate":"2022-03-15T12:13:05.909616","id":1}}"#
    );
    let larger = event(
        1,
        "INVOICE_PAID",
        json!({"parentExternalId": named, "amount": 1_000_000}),
    );
    let ancient = paid.replace("2022-03-15", "1999-01-01");
    let nobodys = event(40, "INVOICE_PAID", json!({"parentExternalId": "nobodys"}));
    for one in [reordered, larger, ancient, nobodys] {
        hook.send(&shop, one.as_bytes()).await.expect(200);
        assert_eq!(seen(&shop, &id).await, after, "{one}");
        replays += 1;
    }
    // Old signatures under new bytes, and new ids under old signatures.
    let sign = hook.sign(paid.as_bytes());
    for changed in [
        body(2, "INVOICE_PAID"),
        body(1, "INVOICE_EXPIRED"),
        paid.replace("\"id\":1", "\"id\":01"),
    ] {
        let refused = raw(&shop, &hook.key, &sign, changed.as_bytes()).await;
        assert_eq!(refused.code(), "webhook_not_signed", "{changed}");
        replays += 1;
    }
    // To another proxy on the same database, and to this one after it was started again.
    let other = shop.beside().await;
    let http = reqwest::Client::new();
    let url = format!("http://{}{PATH}", other.address);
    let request = http
        .post(url)
        .header("key", &hook.key)
        .header("sign", &sign);
    let answer = request.body(paid.clone()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(seen(&shop, &id).await, after);
    replays += 1;
    assert!(replays >= 20, "{replays}");
    println!("{replays} replays");
}

#[tokio::test]
async fn what_an_old_key_signed_is_refused_once_it_is_gone() {
    let (mut shop, old, id, invoice, named) = awaiting().await;
    let new = Hook::register(&shop, NOWHERE, true).await;
    let body = event(
        1,
        "INVOICE_MEMPOOL_FOUND",
        json!({"parentExternalId": named}),
    );
    let (by_old, by_new) = (old.sign(body.as_bytes()), new.sign(body.as_bytes()));
    // Never the key of the one with the signature of the other.
    for (key, sign) in [(&old.key, &by_new), (&new.key, &by_old)] {
        let refused = raw(&shop, key, sign, body.as_bytes()).await;
        assert_eq!(refused.code(), "webhook_not_signed");
    }
    let gone = uuid::Uuid::try_parse(&old.id).unwrap();
    let removed = shop
        .proxy
        .unsubscribe(&calypso_proxy::ShopId::default(), gone)
        .await;
    assert!(removed.unwrap());
    shop.restarted().await;
    pay(&shop, &invoice, "mempool").await;
    let refused = raw(&shop, &old.key, &by_old, body.as_bytes()).await;
    assert_eq!(refused.code(), "webhook_not_signed");
    assert_eq!(shop.books().await.deliveries, 0);
    raw(&shop, &new.key, &by_new, body.as_bytes())
        .await
        .expect(200);
    assert_eq!(text(&shop.show(&id).await, "/state"), "detected");
}

/// Deliveries of one payment, each any number of times, in any order, some with their bytes changed: what comes out is what the gateway
/// says, whatever the schedule.
#[tokio::test]
async fn no_schedule_of_replays_leads_elsewhere() {
    let schedules = std::env::var("CALYPSO_REPLAYED_SCHEDULES").map_or(SCHEDULES, |text| {
        text.parse().expect("a number of schedules")
    });
    let (shop, hook, id, _, named) = awaiting().await;
    let mut random = super::forged::Random(1);
    let mut expected = seen(&shop, &id).await;
    assert_eq!(expected.0, "awaiting");
    for schedule in 0..schedules {
        if schedule == schedules / 2 {
            // What is due may have another price by now.
            pay(&shop, &shop.fresh(&id).await["invoice"], "confirmed").await;
            expected = seen(&shop, &id).await;
            let is_paid = ["paid", "completed"].contains(&expected.0.as_str().unwrap());
            assert!(is_paid, "{expected:?}");
        }
        for _ in 0..1 + random.below(6) {
            let number = u64::try_from(random.below(12)).unwrap();
            let kind = KINDS[random.below(KINDS.len())];
            let body = event(number, kind, json!({"parentExternalId": named}));
            let mut bytes = body.clone().into_bytes();
            if random.below(4) == 0 {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
                let sign = hook.sign(body.as_bytes());
                let refused = raw(&shop, &hook.key, &sign, &bytes).await;
                assert_eq!(refused.code(), "webhook_not_signed", "schedule {schedule}");
            } else {
                hook.send(&shop, &bytes).await.expect(200);
            }
        }
        let now = seen(&shop, &id).await;
        let moved_on = expected.0 == "paid" && now.0 == "completed";
        assert!(
            now == expected || (moved_on && now.1 == expected.1),
            "schedule {schedule}: {now:?}"
        );
        expected = now;
    }
}
