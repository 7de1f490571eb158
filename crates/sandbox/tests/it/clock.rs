//! The virtual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use calypso_sandbox::{MAX_OFFSET_SECONDS, Sandbox, Settings, WallClock};
use checkout::Timestamp;
use serde_json::json;

use crate::desk::{Desk, START, settings};

#[tokio::test]
async fn it_shows_the_wall_clock_and_what_was_added() {
    let desk = Desk::open().await;
    let clock = desk.read("/sandbox/v1/clock").await.ok();
    assert_eq!(
        clock,
        json!({ "now": "2026-01-05T10:00:00Z", "offsetSeconds": 0 })
    );
    let advanced = desk
        .control("clock", &json!({ "advanceSeconds": 61 }))
        .await
        .ok();
    assert_eq!(
        advanced,
        json!({ "now": "2026-01-05T10:01:01Z", "offsetSeconds": 61 })
    );
    assert_eq!(desk.sandbox.clock().now().millis(), START + 61_000);
    desk.sandbox.clock().advance_seconds(9);
    assert_eq!(
        desk.read("/sandbox/v1/clock").await.ok()["offsetSeconds"],
        70
    );
}

#[tokio::test]
async fn it_only_goes_forward() {
    let desk = Desk::open().await;
    let most = json!({ "advanceSeconds": MAX_OFFSET_SECONDS });
    let wrong = [
        (json!({ "advanceSeconds": -1 }), "body_invalid"),
        (json!({ "advanceSeconds": 1.5 }), "body_invalid"),
        (json!({ "advanceSeconds": "60" }), "body_invalid"),
        (json!({}), "body_invalid"),
        (
            json!({ "advanceSeconds": 1, "advanceHours": 1 }),
            "body_invalid",
        ),
        (json!([1]), "body_invalid"),
        (
            json!({ "advanceSeconds": MAX_OFFSET_SECONDS + 1 }),
            "field_invalid",
        ),
        (json!({ "advanceSeconds": u64::MAX }), "field_invalid"),
    ];
    for (body, code) in wrong {
        desk.control("clock", &body).await.denied(400, code);
    }
    desk.control("clock", &json!({ "advanceSeconds": 0 }))
        .await
        .ok();
    assert_eq!(desk.sandbox.clock().now().millis(), START);
    desk.control("clock", &most).await.ok();
    desk.control("clock", &json!({ "advanceSeconds": 1 }))
        .await
        .denied(400, "field_invalid");
}

#[test]
fn a_wall_clock_that_goes_back_does_not_take_it_along() {
    let hand = Arc::new(AtomicI64::new(START));
    let read = Arc::clone(&hand);
    let wall = WallClock::new(move || Timestamp::from_millis(read.load(Ordering::SeqCst)));
    let clock = Sandbox::new(Settings { wall, ..settings() }).clock();
    assert_eq!(clock.now().millis(), START);
    hand.store(START - 60_000, Ordering::SeqCst);
    assert_eq!(clock.now().millis(), START);
    hand.store(START + 10, Ordering::SeqCst);
    assert_eq!(clock.now().millis(), START + 10);
}

#[tokio::test]
async fn one_jump_over_two_repricings_a_credit_and_an_expiry_gives_the_right_history() {
    let desk = Desk::open().await;
    let order = "{\"currency\":\"ETH\",\"fiatAmount\":25,\"fiatCurrency\":\"EUR\",\"description\":\"x\",\
        \"expiration\":\"2026-01-05T10:40:00Z\"}";
    let expiring = desk
        .call("/api/v1/invoice/single-fiat/create", order)
        .await
        .ok();
    let paid = desk.invoice("USDT").await;
    desk.deposit(&paid, &paid["amount"].to_string(), "confirmed")
        .await;
    desk.advance(86_400).await;
    let expired = desk.get(&expiring).await;
    assert_eq!(expired["state"], "ARCHIVED");
    assert_eq!(expired["lastFiatUpdated"], "2026-01-05T10:30:00");
    // The amount is that of 10:30, as a second sandbox of the same seed shows.
    let other = Desk::open().await;
    let same = other
        .call("/api/v1/invoice/single-fiat/create", order)
        .await
        .ok();
    other.advance(1800).await;
    assert_eq!(other.get(&same).await["amount"], expired["amount"]);
    assert_eq!(desk.get(&paid).await["state"], "COMPLETED");
}

#[tokio::test]
async fn reset_empties_everything_and_turns_time_back() {
    let desk = Desk::open().await;
    let invoice = desk.invoice("BTC").await;
    desk.rate("BTC", "EUR", "50000").await;
    desk.control("faults", &json!({ "kind": "silence" }))
        .await
        .ok();
    desk.advance(60).await;
    let answer = desk.control("reset", &json!({})).await;
    assert_eq!(answer.status.as_u16(), 204);
    let state = desk.read("/sandbox/v1/state").await.ok();
    assert_eq!(
        (state["invoiceCount"].clone(), state["faults"].clone()),
        (json!(0), json!([]))
    );
    assert_eq!(state["offsetSeconds"], 0);
    assert_eq!(state["now"], "2026-01-05T10:00:00Z");
    assert_eq!(
        desk.read("/sandbox/v1/clock").await.ok(),
        json!({ "now": "2026-01-05T10:00:00Z", "offsetSeconds": 0 })
    );
    assert_eq!(
        desk.read("/sandbox/v1/requests").await.ok(),
        json!({ "requests": [] })
    );
    assert_eq!(
        desk.read("/sandbox/v1/rates").await.ok(),
        json!({ "rates": [] })
    );
    desk.call("/api/v1/invoice", &format!("{{\"id\":{}}}", invoice["id"]))
        .await
        .refused("004");
    let deposit =
        json!({ "address": invoice["invoiceAddress"], "amount": "1", "stage": "confirmed" });
    desk.control("deposits", &deposit)
        .await
        .denied(404, "address_unknown");
    // What comes after has new names: nobody takes it for what was before.
    let next = desk.invoice("BTC").await;
    assert_ne!(
        (&next["id"], &next["invoiceAddress"]),
        (&invoice["id"], &invoice["invoiceAddress"])
    );
}

#[tokio::test]
async fn after_a_reset_time_runs_and_is_moved_as_on_the_first_day() {
    let desk = Desk::open().await;
    let before = desk.invoice("USDT_TRX").await;
    desk.advance(40 * 86_400).await;
    desk.control("reset", &json!({})).await;
    let invoice = desk.invoice("USDT_TRX").await;
    assert_eq!(invoice["createdDate"], before["createdDate"]);
    desk.advance(900).await;
    let repriced = desk.get(&invoice).await;
    assert_eq!(repriced["lastFiatUpdated"], "2026-01-05T10:15:00");
    desk.advance(3 * 3600).await;
    assert_eq!(desk.get(&invoice).await["state"], "ARCHIVED");
}
