//! Mistakes that shops have reported of other payment software, each with its public thread, as what must not happen here.
//!
//! `docs/SECURITY.md` has the same list for people who choose.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use calypso_proxy::{Delivered, ShopId};
use calypso_sandbox::WallClock;
use checkout::{Amount, Phase, Rounding};
use serde_json::Value;

use crate::support::hook::{Hook, NOWHERE};
use crate::support::{CREATE, Gateway, READ, TestProxy, text};

/// So much of an amount, in hundredths, cut after six decimals.
fn part_of(amount: &str, hundredths: u128) -> String {
    let factor = Amount::from_units(hundredths, 2).unwrap();
    let amount = Amount::parse(amount).unwrap();
    let part = amount.checked_mul(factor, 6, Rounding::Down).unwrap();
    part.normalized().to_string()
}

/// Every way in which a proxy learns of an invoice: the gateway's news, the watcher, and a page that asks.
async fn learn(shop: &TestProxy, address: &str) {
    let named = shop.gateway.invoice_at(address).await;
    let news = shop
        .proxy
        .invoice_has_changed(&ShopId::default(), &named)
        .await
        .unwrap();
    assert_eq!(news, Delivered::TakenIn);
    shop.advance(30);
    shop.proxy.watch_once().await.unwrap();
}

/// The sums of confirmed deposits, as the merchant is told them.
async fn credited(shop: &TestProxy, id: &str) -> Vec<String> {
    let totals = shop.told(id).await["totals"].clone();
    let totals = totals.as_array().unwrap();
    let of_one = |total: &Value| text(total, "/received").to_owned();
    totals
        .iter()
        .map(of_one)
        .filter(|received| received != "0")
        .collect()
}

/// «Success runs even when less than the amount was sent»: PayButton#552.
#[tokio::test]
async fn less_than_the_amount_is_never_a_success() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let address = text(&invoice, "/address").to_owned();
    let most = part_of(text(&invoice, "/amount"), 99);
    let mut seen = BTreeSet::new();
    let deposit = shop.gateway.deposit(&address, &most, "mempool").await;
    learn(&shop, &address).await;
    seen.insert(text(&shop.fresh(&id).await, "/state").to_owned());
    shop.gateway.move_on(&deposit, "confirmed").await;
    for _ in 0..3 {
        learn(&shop, &address).await;
        seen.insert(text(&shop.fresh(&id).await, "/state").to_owned());
    }
    let states: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(states, ["detected", "underpaid"]);

    // Nor when the gateway itself calls it paid.
    shop.gateway.rewrite(|path, body| {
        if path == READ {
            body.replace("\"PENDING_INTERVENTION\"", "\"PAID\"")
        } else {
            body
        }
    });
    learn(&shop, &address).await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "intervention");
    assert_eq!(view["invoice"]["received"], most);
}

/// «"Completed" for a transfer that never was»: base/account-sdk#375.
#[tokio::test]
async fn a_transfer_that_never_was_completes_nothing() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    let deposit = shop.gateway.deposit(address, amount, "mempool").await;
    learn(&shop, address).await;
    assert_eq!(shop.fresh(&id).await["state"], "detected");
    assert!(credited(&shop, &id).await.is_empty());

    shop.gateway.move_on(&deposit, "dropped").await;
    learn(&shop, address).await;
    assert_eq!(shop.fresh(&id).await["state"], "awaiting");
    assert!(credited(&shop, &id).await.is_empty());
    let expires = checkout::Timestamp::parse(text(&invoice, "/expiresAt")).unwrap();
    let left = expires.millis_since(shop.now()) / 1000 + 1;
    shop.advance(u64::try_from(left).unwrap());
    learn(&shop, address).await;
    assert_eq!(shop.fresh(&id).await["state"], "expired");

    // News of a payment that the gateway cannot show when it is asked is no payment either.
    let (id, invoice) = shop.awaiting("BTC").await;
    learn(&shop, text(&invoice, "/address")).await;
    assert_eq!(shop.fresh(&id).await["state"], "awaiting");
}

/// The gateway, or one that says of everything it is asked that it does not exist.
async fn find(State(nothing): State<Arc<AtomicBool>>, request: Request, next: Next) -> Response {
    if !nothing.load(Ordering::SeqCst) || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let said = r#"{"errorCode":"004","message":"Invoice is not found"}"#;
    (StatusCode::BAD_REQUEST, said).into_response()
}

/// «"Not found" means unpaid, not indexed yet, or pruned – a shop cannot tell them apart»: solana pay#456.
#[tokio::test]
async fn not_found_is_never_taken_for_unpaid() {
    let finds_nothing = Arc::new(AtomicBool::new(false));
    let gateway = Gateway::with(WallClock::system(), |router| {
        router.layer(from_fn_with_state(Arc::clone(&finds_nothing), find))
    });
    let shop = TestProxy::behind(gateway.await, |_| {}).await;
    let (waiting, unpaid) = shop.awaiting("LTC").await;
    let (paid, invoice) = shop.awaiting("USDT_TRX").await;
    let address = text(&invoice, "/address");
    shop.gateway
        .deposit(address, text(&invoice, "/amount"), "confirmed")
        .await;
    learn(&shop, address).await;
    let known = shop.fresh(&paid).await;
    assert_eq!(known["state"], "completed");

    // The gateway finds neither any more: nothing of what was known moves, and the merchant still sees the money.
    finds_nothing.store(true, Ordering::SeqCst);
    let unread = text(&unpaid, "/address");
    for (id, address, state) in [
        (&waiting, unread, "awaiting"),
        (&paid, address, "completed"),
    ] {
        let named = shop.gateway.invoice_at(address).await;
        let news = shop
            .proxy
            .invoice_has_changed(&ShopId::default(), &named)
            .await
            .unwrap();
        assert_eq!(news, Delivered::NotRead, "it has to be told again");
        shop.advance(30);
        shop.proxy.watch_once().await.unwrap();
        assert_eq!(shop.fresh(id).await["state"], state);
    }
    assert_eq!(credited(&shop, &paid).await.len(), 1);
    // An id that never was is something else again.
    let never = "/v1/checkouts/0d6c3f0e-7c43-4f3a-8e6b-6f1f0f0c2d11";
    assert_eq!(shop.get(never).await.code(), "checkout_not_found");

    // What was paid meanwhile is found as soon as the gateway finds it.
    finds_nothing.store(false, Ordering::SeqCst);
    shop.gateway
        .deposit(unread, text(&unpaid, "/amount"), "confirmed")
        .await;
    learn(&shop, unread).await;
    assert_eq!(shop.fresh(&waiting).await["state"], "completed");
}

/// «A public call lets anyone who knows the id change method and amount and revive an expired order; no uniqueness under concurrency»:
/// BEpusdt#195.
#[tokio::test]
async fn whoever_knows_the_id_changes_no_price_and_revives_nothing() {
    let shop = Arc::new(TestProxy::start().await);
    let id = shop.checkout().await;
    let path = format!("/v1/checkouts/{id}/invoice");
    for more in [
        r#""amount":"0.01""#,
        r#""price":{"amount":"0.01","currency":"EUR"}"#,
        r#""expiresAt":"2099-01-01T00:00:00Z""#,
        r#""address":"TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX""#,
    ] {
        let body = format!(r#"{{"currency":"USDT_TRX",{more}}}"#);
        let status = shop.post(&path, &body, &[]).await.status;
        assert!((400..500).contains(&status), "{more} was answered {status}");
    }
    for method in ["PUT", "PATCH", "DELETE"] {
        let path = format!("/v1/checkouts/{id}");
        let reply = shop.request(method, &path, &[], Some(b"{}")).await;
        assert!((400..500).contains(&reply.status), "{method}");
    }
    assert_eq!(shop.gateway.calls(CREATE).await, 0);

    let calls = (0..64).map(|_| {
        let (shop, id) = (Arc::clone(&shop), id.clone());
        tokio::spawn(async move { shop.choose(&id, "USDT_TRX").await.expect(200).json() })
    });
    let mut addresses = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        let view = call.await.unwrap();
        addresses.insert(text(&view, "/invoice/address").to_owned());
    }
    assert_eq!((addresses.len(), shop.gateway.calls(CREATE).await), (1, 1));
    let view = shop.show(&id).await;
    assert_eq!(view["price"]["amount"], "25.00");

    let expires = checkout::Timestamp::parse(text(&view, "/expiresAt")).unwrap();
    let left = expires.millis_since(shop.now()) / 1000 + 1;
    shop.advance(u64::try_from(left).unwrap());
    for currency in ["USDT_TRX", "BTC"] {
        let reply = shop.choose(&id, currency).await;
        assert_eq!(reply.code(), "checkout_closed");
    }
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "expired");
    assert_eq!(view["invoice"]["address"], Value::Null);
    assert_eq!(shop.gateway.calls(CREATE).await, 1);
}

/// «About one in ten payments of a crowded shop stays pending», and «two open invoices with the same amount on a shared address cannot be
/// told apart»: bitcart#389 and #605.
#[tokio::test]
async fn of_many_equal_payments_at_once_none_stays_pending_or_pays_another() {
    const BUYERS: usize = 60;
    let shop = TestProxy::start().await;
    shop.gateway.rate("USDT_TRX", "EUR", "0.9").await;
    let mut open = Vec::new();
    for _ in 0..BUYERS {
        open.push(shop.awaiting("USDT_TRX").await);
    }
    let amounts: BTreeSet<&str> = open.iter().map(|(_, one)| text(one, "/amount")).collect();
    let addresses: BTreeSet<&str> = open.iter().map(|(_, one)| text(one, "/address")).collect();
    assert_eq!((amounts.len(), addresses.len()), (1, BUYERS));
    // Every second one pays; nobody looks.
    for (_, invoice) in open.iter().step_by(2) {
        shop.gateway
            .deposit(
                text(invoice, "/address"),
                text(invoice, "/amount"),
                "confirmed",
            )
            .await;
    }
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let half = u32::try_from(BUYERS / 2).unwrap();
    assert_eq!(
        shop.books().await.invoices,
        [(Phase::Awaiting, half), (Phase::Completed, half)]
    );
    for (place, (id, invoice)) in open.iter().enumerate() {
        let credited = credited(&shop, id).await;
        if place % 2 == 0 {
            assert_eq!(credited, [text(invoice, "/amount")]);
        } else {
            assert!(credited.is_empty(), "{credited:?}");
        }
    }

    // A gateway that hands out an address in use gets no buyer to see it.
    let taken = text(&open[1].1, "/address").to_owned();
    shop.gateway.rewrite(move |path, body| {
        let mut body: Value = serde_json::from_str(&body).unwrap();
        if path == CREATE {
            body["invoiceAddress"] = taken.clone().into();
        }
        body.to_string()
    });
    let id = shop.checkout().await;
    assert_eq!(shop.choose(&id, "USDT_TRX").await.code(), "gateway_unsound");
}

/// «The buyer switches the network, the gateway returns the old order with the old rate, and the amounts do not match»: dujiao-next#32.
#[tokio::test]
async fn another_network_never_gets_the_old_order() {
    let shop = TestProxy::start().await;
    let (id, old) = shop.awaiting("USDT_TRX").await;
    let made = shop.gateway.requests().await;
    let made = made.iter().find(|request| request["path"] == CREATE);
    let answer = made.unwrap()["answer"]["body"].to_string();
    shop.gateway.rewrite(
        move |path, body| {
            if path == CREATE { answer.clone() } else { body }
        },
    );
    for currency in ["BTC", "USDT"] {
        assert_eq!(shop.choose(&id, currency).await.code(), "gateway_unsound");
        assert_eq!(shop.show(&id).await["invoice"], old, "{currency}");
    }

    shop.gateway.honest();
    shop.gateway.rate("BTC", "EUR", "50000").await;
    let (id, old) = shop.awaiting("USDT_TRX").await;
    let new = shop.choose(&id, "BTC").await.expect(200).json()["invoice"].clone();
    assert_eq!(new["currency"], "BTC");
    assert_eq!(new["amount"], "0.0005", "25 EUR at the rate of now");
    assert_ne!(new["address"], old["address"]);
    // The old one is still watched: its money pays the checkout, in its own currency.
    let address = text(&old, "/address");
    shop.gateway
        .deposit(address, text(&old, "/amount"), "confirmed")
        .await;
    learn(&shop, address).await;
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "completed");
    assert_eq!(view["invoice"]["currency"], "USDT_TRX");
    assert_eq!(view["invoice"]["amount"], old["amount"]);
}

/// «The webhook "paid" arrives when the live state is already "complete" → error, the order is never updated»:
/// bitpay-checkout-for-woocommerce#83.
#[tokio::test]
async fn late_news_of_a_payment_still_finishes_the_order() {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting("ETH").await;
    let address = text(&invoice, "/address");
    shop.gateway
        .deposit(address, text(&invoice, "/amount"), "confirmed")
        .await;
    // The gateway has credited it before its first news gets through.
    shop.advance(600);
    let named = shop.gateway.invoice_at(address).await;
    // It says "paid", twice as the same event and once as another, and is acknowledged each time.
    for event in [1, 1, 2] {
        let told = hook.tell(&shop, event, "INVOICE_PAID", &named).await;
        told.expect(200);
        assert_eq!(shop.show(&id).await["state"], "completed");
    }
    assert_eq!(credited(&shop, &id).await, [text(&invoice, "/amount")]);
    // Nor does the reading of a moment before, which comes in late, lead back.
    shop.gateway.rewrite(|path, body| {
        if path == READ {
            body.replace("\"COMPLETED\"", "\"PAID\"")
        } else {
            body
        }
    });
    let news = shop
        .proxy
        .invoice_has_changed(&ShopId::default(), &named)
        .await
        .unwrap();
    assert_eq!(news, Delivered::TakenIn);
    assert_eq!(shop.show(&id).await["state"], "completed");
}
