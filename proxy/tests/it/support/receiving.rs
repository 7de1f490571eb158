//! Checkouts that take any amount: how they are asked for, and what they show of the money that arrived.

use serde_json::Value;

use super::{TestProxy, text};

pub(crate) const TOPUP: &str = r#"{"kind":"topup","description":"Top up"}"#;
pub(crate) const DEPOSIT: &str =
    r#"{"kind":"deposit","customer":"user-7","description":"Your deposit address"}"#;

/// The gateway's call that makes the invoice of a top-up.
pub(crate) const UNLIMITED: &str = "/api/v1/invoice/unlimited/create";

/// The part of the view that shows what has arrived.
pub(crate) async fn receiving(shop: &TestProxy, id: &str) -> Value {
    shop.fresh(id).await["receiving"].clone()
}

/// Pays more often than a page of the gateway's lists has entries, and finds all of it; `list` is the gateway's call of such a page.
pub(crate) async fn a_long_history_is_read(checkout: &str, list: &str) {
    let shop = TestProxy::start().await;
    let id = shop.made(checkout).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    for _ in 0..230 {
        shop.gateway
            .deposit_in(&address, "TRX", "0.100001", "confirmed")
            .await;
    }
    let seen = receiving(&shop, &id).await;
    assert_eq!(amounts(&seen).len(), 230);
    assert_eq!(seen["received"], "23.00023");
    assert!(shop.gateway.calls(list).await >= 3);
}

/// The amounts of the deposits shown, in their order.
pub(crate) fn amounts(receiving: &Value) -> Vec<&str> {
    let deposits = receiving["deposits"].as_array().unwrap();
    deposits
        .iter()
        .map(|deposit| text(deposit, "/amount"))
        .collect()
}
