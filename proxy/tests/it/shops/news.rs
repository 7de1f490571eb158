//! Webhooks of two shops wait for no other shop's gateway.

use calypso::Credentials;
use serde_json::Value;
use url::Url;

use super::{
    GARDEN_ACCOUNT, GARDEN_GATEWAY_KEY, GARDEN_GATEWAY_SECRET, GARDEN_KEY, PAYMENT, Two, garden_id,
};
use crate::support::hook::{Hook, NOWHERE};
use crate::support::{MERCHANT_KEY, READ, text};

/// Both shops' subscriptions: the first one's, and that of `garden`.
async fn subscribed(two: &Two) -> (Hook, Hook) {
    let url = Url::parse(NOWHERE).unwrap();
    let id = two.proxy.proxy.subscribe(&garden_id(), &url, false).await;
    let credentials = Credentials::new(GARDEN_GATEWAY_KEY, GARDEN_GATEWAY_SECRET);
    let id = id.unwrap().to_string();
    let garden = Hook::of_account(&two.garden, credentials, GARDEN_ACCOUNT, &id).await;
    (Hook::register(two, NOWHERE, false).await, garden)
}

/// A shop's invoice that waits for its payment, with the id of its checkout.
async fn awaiting(two: &Two, key: &str) -> (String, Value) {
    let id = two.made_by(key, PAYMENT).await;
    let view = two.choose(&id, "TRX").await.expect(200).json();
    (id, view["invoice"].clone())
}

#[tokio::test]
async fn open_deliveries_wait_for_no_other_shops_gateway() {
    let two = Two::start().await;
    let (hook, of_garden) = subscribed(&two).await;
    let (_, in_garden) = awaiting(&two, GARDEN_KEY).await;
    let (id, invoice) = awaiting(&two, MERCHANT_KEY).await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    two.gateway.deposit(address, amount, "confirmed").await;
    // The garden's come first, and neither gateway answers.
    for (gateway, hook, address) in [
        (&two.garden, &of_garden, text(&in_garden, "/address")),
        (&two.gateway, &hook, address),
    ] {
        let named = gateway.invoice_at(address).await;
        gateway.fault(READ, "error500", 100).await;
        hook.tell(&two, 1, "INVOICE_PAID", &named).await.expect(200);
        gateway.no_faults().await;
    }
    assert_eq!(two.books().await.deliveries_open, 2);
    two.advance(600);
    two.garden.hold(Some(READ));
    let proxy = two.proxy.proxy.clone();
    let round = tokio::spawn(async move { proxy.watch_once().await });
    for _ in 0..6000 {
        if two.books().await.deliveries_open == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(two.books().await.deliveries_open, 1);
    assert!(!round.is_finished(), "the garden's gateway keeps silent");
    assert_eq!(two.show(&id).await["state"], "completed");
    two.garden.hold(None);
    round.await.unwrap().unwrap();
    assert_eq!(two.books().await.deliveries_open, 0);
}
