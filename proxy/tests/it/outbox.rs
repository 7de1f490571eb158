//! What a merchant's server is told of its checkouts: in which order, how often, and what it says.

mod asked;
mod facts;
mod worker;

use serde_json::Value;

use crate::support::target::Target;
use crate::support::{TestProxy, text};

/// A proxy that tells a server.
pub(crate) async fn told() -> (TestProxy, Target) {
    let target = Target::start().await;
    let events = target.config();
    let shop = TestProxy::with(|config| config.shops[0].events = events).await;
    (shop, target)
}

/// Sends everything that is due.
pub(crate) async fn tell(shop: &TestProxy) {
    shop.proxy.tell_once().await.unwrap();
}

/// An event as the merchant's server lists it, by its type; the newest first.
async fn listed(shop: &TestProxy, query: &str) -> Vec<Value> {
    let path = format!("/v1/events{query}");
    let list = shop.as_merchant(&path).await.expect(200).json();
    list["events"].as_array().unwrap().clone()
}

/// What was paid to an invoice, at a stage.
pub(crate) async fn pay(shop: &TestProxy, invoice: &Value, amount: &str, stage: &str) -> String {
    let address = text(invoice, "/address");
    shop.gateway.deposit(address, amount, stage).await
}
