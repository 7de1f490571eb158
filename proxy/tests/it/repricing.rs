//! Repricing: no stale amount is ever presented as valid.

use checkout::Timestamp;

use crate::support::{READ, TestProxy, text};

#[tokio::test]
async fn after_its_interval_an_invoice_shows_the_new_amount() {
    for (currency, seconds) in [("USDT_TRX", 900), ("BTC", 3600)] {
        let shop = TestProxy::start().await;
        shop.gateway.rate(currency, "EUR", "2").await;
        let (id, old) = shop.awaiting(currency).await;
        assert_eq!(text(&old, "/amount"), "12.5");
        let view = shop.show(&id).await;
        let left = moment(&view, "/invoice/repriceAt").millis_since(moment(&view, "/now"));
        assert!(
            (seconds * 1000 - 60_000..=seconds * 1000).contains(&left),
            "{left}"
        );
        shop.gateway.rate(currency, "EUR", "4").await;
        let just_before = shop.fresh(&id).await;
        assert_eq!(
            just_before["invoice"]["amount"], old["amount"],
            "not before its time"
        );

        // Only civil time passes: the pace has not, the deadline has.
        shop.gateway
            .sandbox
            .clock()
            .advance_seconds(u64::try_from(seconds).unwrap());
        let reads = shop.gateway.calls(READ).await;
        let view = shop.show(&id).await;
        assert_eq!(
            shop.gateway.calls(READ).await,
            reads + 1,
            "a reading is forced"
        );
        assert_eq!(text(&view, "/invoice/amount"), "6.25");
        assert_eq!(text(&view, "/invoice/due"), "6.25");
        assert_eq!(view["invoice"]["address"], old["address"]);
        assert_ne!(view["invoice"]["uri"], old["uri"]);
        assert!(moment(&view, "/invoice/repriceAt") > moment(&view, "/now"));
        shop.show(&id).await;
        assert_eq!(
            shop.gateway.calls(READ).await,
            reads + 1,
            "and not a second one"
        );
    }
}

#[tokio::test]
async fn without_a_fresh_reading_the_amount_is_past_its_time() {
    let shop = TestProxy::start().await;
    let (id, old) = shop.awaiting("USDT_TRX").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    shop.advance(900);
    let view = shop.show(&id).await;
    assert_eq!(view["state"], "awaiting");
    assert_eq!(view["invoice"]["repriceAt"], old["repriceAt"]);
    assert!(
        moment(&view, "/invoice/repriceAt") <= moment(&view, "/now"),
        "so the page knows not to show it"
    );
    shop.gateway.no_faults().await;
    let view = shop.fresh(&id).await;
    assert!(moment(&view, "/invoice/repriceAt") > moment(&view, "/now"));
}

#[tokio::test]
async fn old_amounts_paid_after_repricing_are_judged_by_the_gateway() {
    let shop = TestProxy::start().await;
    shop.gateway.rate("USDT_TRX", "EUR", "2").await;
    let (id, old) = shop.awaiting("USDT_TRX").await;
    shop.gateway.rate("USDT_TRX", "EUR", "1").await;
    shop.advance(900);
    shop.fresh(&id).await;
    shop.gateway
        .deposit(text(&old, "/address"), text(&old, "/amount"), "confirmed")
        .await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "underpaid");
    assert_eq!(view["invoice"]["due"], "12.5");
}

fn moment(view: &serde_json::Value, pointer: &str) -> Timestamp {
    Timestamp::parse(text(view, pointer)).unwrap()
}
