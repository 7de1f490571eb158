//! Webhooks of two shops: none is about the other's rows, and none waits for the other's gateway.

use calypso::Credentials;
use serde_json::{Value, json};
use url::Url;

use super::{
    GARDEN_ACCOUNT, GARDEN_GATEWAY_KEY, GARDEN_GATEWAY_SECRET, GARDEN_KEY, PAYMENT, Two, garden_id,
};
use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::receiving::DEPOSIT;
use crate::support::{CREATE, MERCHANT_KEY, READ, text};

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

#[tokio::test]
async fn whoever_signs_for_one_shop_moves_nothing_of_the_other() {
    let two = Two::start().await;
    let (hook, of_garden) = subscribed(&two).await;
    let (id, invoice) = awaiting(&two, MERCHANT_KEY).await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    let named = two.gateway.invoice_at(address).await;
    let customer = two.made_by(MERCHANT_KEY, DEPOSIT).await;
    two.choose(&customer, "TRX").await.expect(200);
    let made = two.gateway.requests().await;
    let told_of = |path: &str, pointer: &str| {
        let of_path = made.iter().filter(|request| request["path"] == path);
        let found = of_path.filter_map(|request| request.pointer(pointer)?.as_str());
        found.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let keys = told_of(CREATE, "/body/payload/idempotencyKey");
    let customers = told_of("/api/v1/customer-purse/customer/create", "/answer/body/id");
    assert_eq!((keys.len(), customers.len()), (1, 1));
    two.gateway.deposit(address, amount, "confirmed").await;
    let before = two.asked().await;
    let told = [
        event(1, "INVOICE_PAID", json!({"parentExternalId": named})),
        event(2, "INVOICE_PAID", json!({"idempotencyKey": keys[0]})),
        event(
            3,
            "CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE",
            json!({"customerId": customers[0]}),
        ),
    ];
    for body in &told {
        of_garden.send(&two, body.as_bytes()).await.expect(200);
    }
    assert_eq!(two.asked().await, before, "no gateway was asked");
    assert_eq!(two.books().await.deliveries_open, 0);
    // The signature of one with the key of the other is none.
    let mixed = Hook {
        id: hook.id.clone(),
        key: hook.key.clone(),
        secret: of_garden.secret.clone(),
    };
    let refused = mixed.send(&two, told[0].as_bytes()).await;
    assert_eq!(refused.code(), "webhook_not_signed");
    // What the other has told under this number does not stand in the own one's way.
    hook.send(&two, told[0].as_bytes()).await.expect(200);
    assert_eq!(two.show(&id).await["state"], "paid");
}
