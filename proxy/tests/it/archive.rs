//! Archiving: closed for the buyer at once, archived at the gateway in the end, and never while money is in sight.

use serde_json::Value;

use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{Gateway, MERCHANT_KEY, READ, Reply, TestProxy, text};

const ARCHIVE: &str = "/api/v1/invoice/archive";

async fn archive(shop: &TestProxy, id: &str) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let path = format!("/v1/checkouts/{id}/archive");
    shop.request("POST", &path, &[("authorization", &bearer)], None)
        .await
}

/// What the gateway says of the invoice at an address.
async fn state_at(gateway: &Gateway, address: &str) -> String {
    gateway.invoice_state(address).await
}

fn decision(view: &Value) -> &str {
    text(view, "/merchant/decisions/0/state")
}

#[tokio::test]
async fn every_invoice_that_waits_is_archived_and_the_buyer_is_shown_no_address() {
    let shop = TestProxy::start().await;
    let (id, first) = shop.awaiting("USDT_TRX").await;
    let second = shop.choose(&id, "BTC").await.expect(200).json()["invoice"].clone();
    let view = archive(&shop, &id).await.expect(200).json();
    assert_eq!(
        (view["state"].as_str(), decision(&view)),
        (Some("archived"), "done")
    );
    for invoice in [&first, &second] {
        let address = text(invoice, "/address");
        assert_eq!(state_at(&shop.gateway, address).await, "ARCHIVED");
    }
    let shown = shop.fresh(&id).await;
    assert_eq!(shown["state"], "archived");
    assert_eq!(shown["invoice"]["address"], Value::Null);
    for currency in ["USDT_TRX", "BTC", "ETH"] {
        assert_eq!(shop.choose(&id, currency).await.code(), "checkout_closed");
    }
    // Asked again, nothing is told again.
    let before = shop.gateway.calls(ARCHIVE).await;
    let again = archive(&shop, &id).await.expect(200).json();
    assert_eq!(
        again["merchant"]["decisions"],
        view["merchant"]["decisions"]
    );
    assert_eq!((before, shop.gateway.calls(ARCHIVE).await), (2, 2));
    let history = shop
        .as_merchant(&format!("/v1/checkouts/{id}/history"))
        .await;
    let history = history.expect(200).json();
    let by_merchant: Vec<_> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["source"] == "merchant")
        .map(|change| (text(change, "/kind"), text(change, "/became")))
        .collect();
    assert!(by_merchant.contains(&("decided", "archive")), "{history}");
    assert!(by_merchant.contains(&("phase", "archived")), "{history}");
    assert_eq!(by_merchant.last(), Some(&("decision_settled", "done")));
}

#[tokio::test]
async fn nothing_is_archived_while_money_is_in_sight() {
    let shop = TestProxy::start().await;
    for stage in ["mempool", "confirmed"] {
        let (id, invoice) = shop.awaiting("USDT_TRX").await;
        // Another one is shown, and waits.
        shop.choose(&id, "BTC").await.expect(200);
        let (address, due) = (text(&invoice, "/address"), text(&invoice, "/amount"));
        shop.gateway.deposit(address, due, stage).await;
        let before = shop.gateway.calls(ARCHIVE).await;
        let refused = archive(&shop, &id).await;
        assert_eq!(refused.code(), "checkout_has_money", "{stage}");
        assert_eq!(shop.gateway.calls(ARCHIVE).await, before);
        let told = shop.told(&id).await;
        assert_eq!(told["decisions"], Value::Array(vec![]));
        assert_ne!(shop.fresh(&id).await["state"], "archived");
    }
}

/// The gateway tells nothing of money that is on its way to a top-up, and loses it when the address is archived.
#[tokio::test]
async fn what_is_on_its_way_to_a_top_up_arrives_before_its_address_is_archived() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    let deposit = shop
        .gateway
        .deposit_in(&address, "TRX", "5", "mempool")
        .await;
    let view = archive(&shop, &id).await.expect(200).json();
    assert_eq!(
        (view["state"].as_str(), decision(&view)),
        (Some("archived"), "open")
    );
    assert_eq!(view["receiving"]["address"], Value::Null);
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.advance(23 * 60 * 60);
    shop.proxy.watch_once().await.unwrap();
    let told = shop.told(&id).await;
    assert_eq!(told["totals"][0]["received"], "5");
    assert_eq!(told["decisions"][0]["state"], "open");
    assert_eq!(shop.gateway.calls(ARCHIVE).await, 0);
    shop.advance(2 * 60 * 60);
    shop.proxy.watch_once().await.unwrap();
    let told = shop.told(&id).await;
    assert_eq!(told["decisions"][0]["state"], "done");
    assert_eq!(state_at(&shop.gateway, &address).await, "ARCHIVED");
    assert_eq!(shop.fresh(&id).await["state"], "archived");
}

#[tokio::test]
async fn a_customers_address_is_hidden_on_the_page_and_stays_watched() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    archive(&shop, &id).await.expect(200);
    let shown = shop.fresh(&id).await;
    assert_eq!(shown["state"], "archived");
    assert_eq!(shown["receiving"]["address"], Value::Null);
    assert_eq!(shop.choose(&id, "TRX").await.code(), "checkout_closed");
    shop.gateway
        .deposit_in(&address, "TRX", "7", "confirmed")
        .await;
    shop.advance(60 * 60);
    let told = shop.told(&id).await;
    assert_eq!(told["totals"][0]["received"], "7", "no money is unseen");
}

/// Whatever becomes of the call and its answer, and whenever the proxy stops: the invoice is archived in the end, by what is on disk.
#[tokio::test]
async fn what_was_decided_is_carried_out_after_failures_and_a_restart() {
    for fault in [
        "error500", "error504", "reset", "empty", "error429", "html200",
    ] {
        let mut shop = TestProxy::hasty().await;
        let (id, invoice) = shop.awaiting("USDT_TRX").await;
        shop.gateway.fault(ARCHIVE, fault, 1000).await;
        let view = archive(&shop, &id).await.expect(200).json();
        assert_eq!(view["state"], "archived", "{fault}: closed from now on");
        assert_eq!(shop.show(&id).await["invoice"]["address"], Value::Null);
        shop.gateway.no_faults().await;
        shop.restarted().await;
        shop.advance(10 * 60);
        shop.proxy.watch_once().await.unwrap();
        let told = shop.told(&id).await;
        assert_eq!(told["decisions"][0]["state"], "done", "{fault}");
        let address = text(&invoice, "/address");
        assert_eq!(
            state_at(&shop.gateway, address).await,
            "ARCHIVED",
            "{fault}"
        );
    }
}

#[tokio::test]
async fn money_that_comes_before_the_gateway_is_told_opens_the_checkout_again() {
    let mut shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.gateway.fault(ARCHIVE, "error500", 1000).await;
    archive(&shop, &id).await.expect(200);
    let (address, due) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, due, "mempool").await;
    shop.gateway.no_faults().await;
    shop.restarted().await;
    shop.advance(10 * 60);
    shop.proxy.watch_once().await.unwrap();
    let told = shop.told(&id).await;
    assert_eq!(told["decisions"][0]["state"], "withdrawn");
    assert_eq!(shop.fresh(&id).await["state"], "detected");
    assert_eq!(shop.gateway.calls(ARCHIVE).await, 1, "not told again");
}

/// The gateway archives an address at the very moment at which money comes: what is read afterwards is seen.
#[tokio::test]
async fn money_after_the_archiving_is_seen_and_told() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    archive(&shop, &id).await.expect(200);
    let gateway_id = text(&shop.told(&id).await, "/invoices/0/id").to_owned();
    shop.gateway.rewrite(move |path, answer| {
        if path != READ || !answer.contains(&gateway_id) {
            return answer;
        }
        answer.replace("\"totalDebitAmount\":0", "\"totalDebitAmount\":3")
    });
    shop.advance(60 * 60);
    shop.proxy.watch_once().await.unwrap();
    let shown = shop.fresh(&id).await;
    assert_eq!(shown["state"], "intervention", "{shown}");
    assert_eq!(shown["invoice"]["received"], "3");
    assert_eq!(shown["invoice"]["address"], Value::Null);
    drop(invoice);
}

#[tokio::test]
async fn without_the_gateways_word_nothing_is_decided() {
    let shop = TestProxy::hasty().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.gateway.fault(READ, "error500", 1000).await;
    let refused = archive(&shop, &id).await;
    assert_eq!(refused.code(), "gateway_unavailable");
    shop.gateway.no_faults().await;
    let shown = shop.fresh(&id).await;
    assert_eq!(shown["state"], "awaiting");
    assert_eq!(shown["invoice"]["address"], invoice["address"]);
}

#[tokio::test]
async fn an_expired_checkout_is_archived_without_asking_the_gateway_for_more() {
    let shop = TestProxy::start().await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    shop.advance(2 * 24 * 60 * 60);
    let view = archive(&shop, &id).await.expect(200).json();
    assert_eq!(
        (view["state"].as_str(), decision(&view)),
        (Some("archived"), "done")
    );
    assert_eq!(shop.gateway.calls(ARCHIVE).await, 0);
}
