//! What has happened to a checkout is told with what brought it about; and the books agree with it.

use calypso_proxy::ShopId;
use serde_json::Value;

use crate::support::receiving::DEPOSIT;
use crate::support::{TestProxy, text};

/// Every change of a checkout, as `source kind`.
async fn told(shop: &TestProxy, id: &str) -> Vec<String> {
    let path = format!("/v1/checkouts/{id}/history");
    let history = shop.as_merchant(&path).await.expect(200).json();
    let changes = history["history"].as_array().unwrap();
    let words = changes.iter().map(|change| {
        let (source, kind) = (text(change, "/source"), text(change, "/kind"));
        format!("{source} {kind}")
    });
    words.collect()
}

async fn gateway_id(shop: &TestProxy, id: &str) -> String {
    text(&shop.told(id).await, "/invoices/0/id").to_owned()
}

async fn agree(shop: &TestProxy) {
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);
    assert!(audit.entries > 0);
}

#[tokio::test]
async fn each_change_names_what_brought_it_about() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    let deposit = shop.gateway.deposit(address, amount, "mempool").await;
    let named = gateway_id(&shop, &id).await;
    let own = ShopId::default();
    shop.proxy.invoice_has_changed(&own, &named).await.unwrap();
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.wait(10_000);
    shop.show(&id).await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let told = told(&shop, &id).await;
    let beginning = ["page created", "page invoice_made"];
    assert_eq!(told[..2], beginning);
    for change in [
        "delivery phase",
        "poll deposit_confirmed",
        "poll received",
        "poll phase",
        "watcher phase",
    ] {
        assert!(told.iter().any(|one| one == change), "{change}: {told:?}");
    }
    agree(&shop).await;
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!((audit.subjects, audit.deposits), (1, 1));
}

#[tokio::test]
async fn a_customers_deposits_are_in_the_history_of_each_of_their_checkouts() {
    let shop = TestProxy::start().await;
    let first = shop.made(DEPOSIT).await;
    let view = shop.choose(&first, "USDT_TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address");
    shop.gateway
        .deposit_in(address, "USDT_TRX", "5", "confirmed")
        .await;
    shop.advance(60);
    shop.show(&first).await;
    let second = shop.merchant(DEPOSIT, "another").await.expect(201).json();
    let second = text(&second, "/id");
    for id in [first.as_str(), second] {
        let told = told(&shop, id).await;
        let count = told.iter().filter(|one| *one == "poll deposit_confirmed");
        assert_eq!(count.count(), 1, "{told:?}");
    }
    let path = format!("/v1/checkouts/{second}/history");
    let history = shop.as_merchant(&path).await.expect(200).json();
    let counted = history["history"].as_array().unwrap();
    let counted = counted
        .iter()
        .find(|one| one["kind"] == "deposit_confirmed");
    let counted = counted.unwrap();
    assert_eq!(counted["became"], "5 USDT_TRX");
    assert_eq!(counted["invoice"], Value::Null);
    agree(&shop).await;
}
