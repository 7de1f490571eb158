//! Each kind of request that the proxy sends to its gateway: line, headers and body, after what was done to cause it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use calypso_proxy::ShopId;
use url::Url;

use super::shop::{DEPOSIT, PAYMENT, PLAIN, Shop, TOPUP};
use super::snapshot;
use super::steady::Steady;
use crate::support::hook::NOWHERE;
use crate::support::text;

/// The paths of the gateway that the proxy knows.
pub(super) const PATHS: &[&str] = &[
    "/api/v1/customer-purse/address/get",
    "/api/v1/customer-purse/customer/create",
    "/api/v1/customer-purse/transaction/find",
    "/api/v1/invoice",
    "/api/v1/invoice/archive",
    "/api/v1/invoice/close-intervention",
    "/api/v1/invoice/deposit-history",
    "/api/v1/invoice/return-to-paid",
    "/api/v1/invoice/single-fiat/create",
    "/api/v1/invoice/unlimited/create",
    "/api/v1/payment-widget/single-fiat/create",
    "/api/v1/payment-widget/single-fiat/find",
    "/api/v1/payment-widget/unlimited-linked/create",
    "/api/v1/payment-widget/unlimited-linked/find",
    "/api/v1/rate",
    "/api/v1/subscription/webhook",
    "/api/v1/subscription/webhook/change",
    "/api/v1/subscription/webhook/create",
];

/// The name of a path's snapshot.
pub(super) fn name(path: &&str) -> String {
    let path = path.trim_start_matches("/api/v1/").replace('/', "-");
    format!("gateway-{path}")
}

/// What was sent to each path, under what caused it.
#[derive(Default)]
struct Sent {
    texts: BTreeMap<String, String>,
    steady: Steady,
}

impl Sent {
    fn after(&mut self, cause: &str, shop: &Shop) {
        // The watcher asks about several invoices at the same time, so their order says nothing.
        let mut requests: Vec<(String, String)> = shop
            .recorder
            .take()
            .into_iter()
            .map(|request| (request.path, self.steady.ids(&request.text)))
            .collect();
        requests.sort_unstable();
        for (path, shown) in requests {
            let text = self.texts.entry(path).or_default();
            write!(text, "== {cause}\n{shown}\n\n").unwrap();
        }
    }
}

#[tokio::test]
async fn everything_that_the_gateway_is_asked() {
    let shop = Shop::open().await;
    let mut sent = Sent::default();
    of_payments(&mut sent, &shop).await;
    of_addresses(&mut sent, &shop).await;
    for (cause, body) in [
        ("the gateway's page of a payment", PAYMENT),
        ("the gateway's page of a top-up", TOPUP),
    ] {
        let id = shop.made(body).await;
        shop.recorder.take();
        let path = format!("/v1/checkouts/{id}/hosted-widget");
        shop.by_merchant("POST", &path, None).await.expect(200);
        sent.after(cause, &shop);
    }
    of_decisions(&mut sent, &shop).await;
    let probed = shop.proxy().probe().await;
    assert!(
        probed.iter().all(|(_, answer)| answer.is_ok()),
        "{probed:?}"
    );
    sent.after("the question whether the configuration is right", &shop);
    of_webhooks(&mut sent, &shop).await;

    let paths: Vec<&str> = sent.texts.keys().map(String::as_str).collect();
    assert_eq!(paths, PATHS);
    for (path, text) in &sent.texts {
        snapshot::compare(&name(&path.as_str()), text.trim_end());
    }
}

async fn of_webhooks(sent: &mut Sent, shop: &Shop) {
    let url = Url::parse(NOWHERE).unwrap();
    let id = shop
        .proxy()
        .subscribe(&ShopId::default(), &url, false)
        .await
        .unwrap();
    sent.after("a subscription to webhooks", shop);
    shop.proxy()
        .subscribe(&ShopId::default(), &url, false)
        .await
        .unwrap();
    sent.after("the same subscription again", shop);
    shop.proxy()
        .unsubscribe(&ShopId::default(), id)
        .await
        .unwrap();
    sent.after("the end of that subscription", shop);
}

async fn of_payments(sent: &mut Sent, shop: &Shop) {
    let id = shop.priced(PAYMENT).await;
    sent.after("the first look at a price in euros", shop);
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    sent.after("a currency of a payment", shop);
    shop.wait(10_000);
    shop.show(&id).await;
    sent.after("a look at a payment", shop);
    shop.pays(&view, text(&view, "/invoice/due"), "confirmed")
        .await;
    shop.wait(10_000);
    shop.show(&id).await;
    sent.after("a look at a payment to which money has come", shop);

    let plain = shop.priced(PLAIN).await;
    sent.after("the first look at a price in dollars", shop);
    shop.gateway.fault("/api/v1/*", "empty", 1000).await;
    shop.choose(&plain, "BTC").await.expect(502);
    shop.gateway.no_faults().await;
    sent.after(
        "a currency of a payment without anything optional, and every answer is lost",
        shop,
    );
    shop.advance(60 * 60);
    shop.proxy().watch_once().await.unwrap();
    sent.after("the watcher's round after that", shop);
}

async fn of_addresses(sent: &mut Sent, shop: &Shop) {
    for (kind, body) in [("top-up", TOPUP), ("deposit", DEPOSIT)] {
        let id = shop.made(body).await;
        let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
        sent.after(&format!("a currency of a {kind}"), shop);
        let address = text(&view, "/receiving/address");
        if body == TOPUP {
            shop.gateway.deposit(address, "12.5", "confirmed").await;
        } else {
            shop.gateway
                .deposit_in(address, "USDT_TRX", "12.5", "confirmed")
                .await;
        }
        shop.wait(60_000);
        shop.show(&id).await;
        sent.after(&format!("a look at a {kind} to which money has come"), shop);
    }
}

/// What a merchant decides.
async fn of_decisions(sent: &mut Sent, shop: &Shop) {
    let waiting = shop.made(PAYMENT).await;
    shop.choose(&waiting, "USDT_TRX").await.expect(200);
    let paid = shop.made(PAYMENT).await;
    let view = shop.choose(&paid, "USDT_TRX").await.expect(200).json();
    shop.pays(&view, "5", "confirmed").await;
    shop.recorder.take();
    for (cause, id, call, body) in [
        ("a checkout is archived", &waiting, "archive", None),
        (
            "too little is accepted",
            &paid,
            "intervention",
            Some(r#"{"action":"return_to_paid"}"#),
        ),
        (
            "its intervention is closed",
            &paid,
            "intervention",
            Some(r#"{"action":"close"}"#),
        ),
    ] {
        let path = format!("/v1/checkouts/{id}/{call}");
        shop.by_merchant("POST", &path, body).await.expect(200);
        sent.after(cause, shop);
        shop.advance(5);
    }
}
