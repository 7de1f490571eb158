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

/// The amounts of the deposits shown, in their order.
pub(crate) fn amounts(receiving: &Value) -> Vec<&str> {
    let deposits = receiving["deposits"].as_array().unwrap();
    deposits
        .iter()
        .map(|deposit| text(deposit, "/amount"))
        .collect()
}
