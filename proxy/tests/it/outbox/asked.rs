//! What the merchant's server asks of its events: lists, one of them, and sending one again.

use serde_json::Value;

use super::{listed, pay, tell, told};
use crate::support::target::{Reply, Target};
use crate::support::{MERCHANT_KEY, TestProxy, text};

pub(super) async fn replayed(shop: &TestProxy, id: &str) -> crate::support::Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let path = format!("/v1/events/{id}/replay");
    shop.request("POST", &path, &[("authorization", &bearer)], None)
        .await
}

/// A payment that was credited, and that nobody has been told of yet.
pub(super) async fn paid(shop: &TestProxy) -> String {
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    pay(shop, &invoice, text(&invoice, "/amount"), "confirmed").await;
    shop.advance(60);
    shop.fresh(&id).await;
    assert_eq!(shop.fresh(&id).await["state"], "completed");
    id
}

#[tokio::test]
async fn events_are_listed_with_what_became_of_them() {
    let (shop, target) = told().await;
    let id = paid(&shop).await;
    let pending = listed(&shop, "?state=pending").await;
    assert_eq!(pending.len(), 2);
    assert_eq!(pending[1]["attempts"], Value::Array(vec![]));
    assert!(pending[1]["nextAttemptAt"].is_string() && pending[0]["nextAttemptAt"].is_null());
    target.next([Reply::Status(500)]);
    tell(&shop).await;
    let paid = listed(&shop, &format!("?type=checkout.paid&checkout={id}"))
        .await
        .remove(0);
    assert_eq!(paid["attempts"][0]["outcome"], "refused");
    assert_eq!(paid["attempts"][0]["status"], 500);
    shop.advance(10);
    tell(&shop).await;
    assert_eq!(listed(&shop, "?state=pending").await.len(), 0);
    let paid = listed(&shop, "?type=checkout.paid").await.remove(0);
    assert_eq!(
        (&paid["state"], &paid["nextAttemptAt"]),
        (&"delivered".into(), &Value::Null)
    );
    assert_eq!(paid["attempts"][1]["status"], 204);
    let path = format!("/v1/events/{}", text(&paid, "/id"));
    let whole = shop.as_merchant(&path).await.expect(200).json();
    let came = target.came();
    assert_eq!(
        whole["body"].as_str().unwrap().as_bytes(),
        came[0].body,
        "byte for byte"
    );
    assert_eq!(came[0].body, came[1].body, "each attempt sends the same");
    assert_eq!(came[0].id, came[1].id);
}

/// epusdt#74: «shown as successful, callback never sent, the repair button does nothing».
#[tokio::test]
async fn a_replay_sends_the_event_again_or_says_why_not() {
    let (mut shop, target) = told().await;
    paid(&shop).await;
    tell(&shop).await;
    assert_eq!(target.kinds(), ["checkout.paid", "checkout.completed"]);
    let event = listed(&shop, "?type=checkout.paid").await.remove(0);
    let id = text(&event, "/id").to_owned();
    let asked = replayed(&shop, &id).await.expect(202).json();
    assert_eq!(
        (&asked["id"], &asked["state"]),
        (&event["id"], &"pending".into())
    );
    // That it was asked for is on disk.
    shop.restarted().await;
    tell(&shop).await;
    let came = target.came();
    assert_eq!(came.len(), 3);
    assert_eq!((&came[2].id, &came[2].body), (&came[0].id, &came[0].body));
    let after = listed(&shop, "?type=checkout.paid").await.remove(0);
    assert_eq!(after["state"], "delivered");
    assert_eq!(after["attempts"].as_array().unwrap().len(), 2);
    for unknown in ["evt_00000000000000000000000000000000", "7", "evt_"] {
        assert_eq!(
            replayed(&shop, unknown).await.code(),
            "event_not_found",
            "{unknown}"
        );
    }
    // Where nothing can be sent, the button says so.
    shop.restarted_with(|config| config.shops[0].events = None)
        .await;
    assert_eq!(replayed(&shop, &id).await.code(), "event_target_missing");
}

#[tokio::test]
async fn events_from_before_there_was_a_target_are_listed_and_sent_when_asked_for() {
    let mut shop = TestProxy::start().await;
    paid(&shop).await;
    tell(&shop).await;
    let unsent = listed(&shop, "?state=unsent").await;
    assert_eq!(unsent.len(), 2);
    let target = Target::start().await;
    let events = target.config();
    shop.restarted_with(|config| config.shops[0].events = events)
        .await;
    tell(&shop).await;
    assert_eq!(target.came().len(), 0, "what is old is not sent by itself");
    replayed(&shop, text(&unsent[1], "/id")).await.expect(202);
    tell(&shop).await;
    assert_eq!(target.kinds(), ["checkout.paid"]);
}
