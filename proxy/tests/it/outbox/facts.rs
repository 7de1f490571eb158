//! Which events come of what happens to a checkout, from the gateway to the merchant's server.

use std::collections::HashSet;

use calypso_proxy::{Scope, ShopId};
use checkout::wire::EventBody;
use serde_json::{Value, json};

use super::{listed, pay, tell, told};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::target::Reply;
use crate::support::{MERCHANT_KEY, text};

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn a_payment_is_told_step_by_step_and_each_step_once() {
    let (shop, target) = told().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    tell(&shop).await;
    assert_eq!(target.kinds(), [""; 0], "nothing has happened yet");
    let deposit = pay(&shop, &invoice, text(&invoice, "/amount"), "mempool").await;
    let mut expected = Vec::new();
    for (stage, kind) in [
        (None, "checkout.detected"),
        (Some("confirmed"), "checkout.paid"),
        (None, "checkout.completed"),
    ] {
        if let Some(stage) = stage {
            shop.gateway.move_on(&deposit, stage).await;
        }
        // A page, the watcher, the gateway's news and the reconciler learn of it one behind the other.
        shop.fresh(&id).await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
        let of = ShopId::default();
        let news = shop.proxy.invoice_has_changed(&of, &named);
        news.await.unwrap();
        shop.proxy.reconcile(&Scope::default()).await.unwrap();
        tell(&shop).await;
        expected.push(kind);
        if kind == "checkout.paid" {
            // Five virtual seconds later it is credited, which is long over.
            expected.push("checkout.completed");
            break;
        }
    }
    assert_eq!(target.kinds(), expected);
    for came in target.came() {
        let read: EventBody = serde_json::from_slice(&came.body).unwrap();
        assert!(!read.data.shortened && read.data.deposit.is_none());
        assert_eq!(came.checkout(), id);
        let state = text(&came.json(), "/data/checkout/state").to_owned();
        assert!(
            state == "detected" || came.kind() != "checkout.detected",
            "{} while {state}",
            came.kind()
        );
    }
    let states: Vec<Value> = listed(&shop, "").await;
    assert!(
        states.iter().all(|event| event["state"] == "delivered"),
        "{states:?}"
    );
}

#[tokio::test]
async fn an_event_says_what_the_merchant_reads() {
    let (shop, target) = told().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    pay(&shop, &invoice, text(&invoice, "/amount"), "mempool").await;
    shop.fresh(&id).await;
    let path = format!("/v1/checkouts/{id}");
    let mut read = shop.as_merchant(&path).await.expect(200).json();
    tell(&shop).await;
    let mut came = target.came()[0].json();
    assert_eq!(came["type"], "checkout.detected");
    assert_eq!(came["timestamp"], came["data"]["checkout"]["now"]);
    // The proxy's time is another by then.
    for checkout in [&mut read, &mut came["data"]["checkout"]] {
        let checkout = checkout.as_object_mut().unwrap();
        checkout.remove("now").unwrap();
        for currency in checkout["currencies"].as_array_mut().unwrap() {
            currency["estimate"] = Value::Null;
        }
    }
    assert_eq!(came["data"], json!({ "checkout": read }));
}

/// BEpusdt#32: «tell my shop about expiry and cancel too».
#[tokio::test]
async fn a_shop_is_told_of_an_expiry_and_of_a_close_though_nobody_looks() {
    let (mut shop, target) = told().await;
    let (awaited, _) = shop.awaiting("USDT_TRX").await;
    let made = shop
        .made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#)
        .await;
    // A page has made it, and nobody picked a currency: the shop has never heard of it.
    shop.checkout().await;
    shop.advance(DAY - 1);
    tell(&shop).await;
    assert_eq!(
        target.kinds(),
        [""; 0],
        "an invoice has ended, and the checkout is open"
    );
    shop.restarted().await;
    shop.advance(1);
    tell(&shop).await;
    tell(&shop).await;
    assert_eq!(target.kinds(), ["checkout.expired"; 2]);
    let mut told: Vec<_> = target.came().iter().map(|came| came.checkout()).collect();
    let mut expected = vec![awaited, made];
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    for came in target.came() {
        assert_eq!(text(&came.json(), "/data/checkout/state"), "expired");
    }
}

#[tokio::test]
async fn money_that_comes_after_the_end_is_told_as_late() {
    let (shop, target) = told().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    pay(&shop, &invoice, text(&invoice, "/amount"), "confirmed").await;
    shop.advance(10);
    assert_eq!(shop.fresh(&id).await["state"], "completed");
    shop.advance(4 * 3600);
    pay(&shop, &invoice, "3.5", "confirmed").await;
    shop.advance(3600);
    shop.fresh(&id).await;
    tell(&shop).await;
    let mut kinds = target.kinds();
    kinds.sort();
    let all = ["completed", "late_payment", "paid", "second_payment"];
    assert_eq!(kinds, all.map(|kind| format!("checkout.{kind}")));
    let came = target.came().into_iter();
    let mut late = came.filter(|came| came.kind() == "checkout.late_payment");
    let late = late.next().unwrap().json();
    assert_eq!(text(&late, "/data/deposit/amount"), "3.5");
    assert_eq!(late["data"]["deposit"]["late"], true);
    // A top-up has closed, and its address gets money all the same.
    let before = target.came().len();
    let expires = shop.now().plus_seconds(3600);
    let body = TOPUP.replacen('{', &format!(r#"{{"expiresAt":"{expires}","#), 1);
    let id = shop.made(&body).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    shop.advance(3 * DAY);
    tell(&shop).await;
    let address = text(&view, "/receiving/address");
    shop.gateway.deposit(address, "2", "confirmed").await;
    shop.advance(DAY);
    shop.proxy.watch_once().await.unwrap();
    tell(&shop).await;
    let came = target.came().split_off(before).into_iter();
    let of_it = came.filter(|came| came.checkout() == id);
    let kinds: Vec<_> = of_it.map(|came| came.kind()).collect();
    let expected = [
        "checkout.expired",
        "deposit.received",
        "checkout.late_payment",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn too_little_and_money_again_are_told() {
    let (shop, target) = told().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    for part in ["1", "2"] {
        pay(&shop, &invoice, part, "confirmed").await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        shop.fresh(&id).await;
    }
    tell(&shop).await;
    let kinds = target.kinds();
    let underpaid = kinds.iter().filter(|kind| *kind == "checkout.underpaid");
    assert_eq!(underpaid.count(), 2, "{kinds:?}");
    let (other, invoice) = shop.awaiting("USDT_TRX").await;
    for _ in 0..2 {
        pay(&shop, &invoice, text(&invoice, "/amount"), "confirmed").await;
        shop.advance(60);
        shop.proxy.watch_once().await.unwrap();
        shop.fresh(&other).await;
    }
    tell(&shop).await;
    let of_other = target
        .came()
        .into_iter()
        .filter(|came| came.checkout() == other);
    let kinds: Vec<_> = of_other.map(|came| came.kind()).collect();
    let expected = [
        "checkout.paid",
        "checkout.completed",
        "checkout.second_payment",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn each_deposit_to_an_address_that_takes_any_amount_is_told() {
    let (shop, target) = told().await;
    for (body, currency) in [(TOPUP, "TRX"), (DEPOSIT, "TRX")] {
        let before = target.came().len();
        let id = shop.made(body).await;
        let view = shop.choose(&id, currency).await.expect(200).json();
        let address = text(&view, "/receiving/address").to_owned();
        for amount in ["5", "7"] {
            shop.gateway
                .deposit_in(&address, currency, amount, "confirmed")
                .await;
            shop.advance(60);
            shop.fresh(&id).await;
            shop.fresh(&id).await;
        }
        tell(&shop).await;
        let came = target.came().split_off(before);
        let told: Vec<_> = came
            .iter()
            .map(|came| {
                (
                    came.kind(),
                    text(&came.json(), "/data/deposit/amount").to_owned(),
                )
            })
            .collect();
        let expected = ["5", "7"].map(|sum| ("deposit.received".to_owned(), sum.to_owned()));
        assert_eq!(told, expected, "{body}");
    }
}

/// stripe-commercetools#458: «pending must not create an order; guard redelivery; bind the confirmation to its owner».
#[tokio::test]
async fn what_is_pending_is_no_order_and_each_confirmation_is_known_again_and_has_an_owner() {
    let (shop, target) = told().await;
    let made = shop
        .made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"1001"}"#)
        .await;
    let view = shop.choose(&made, "USDT_TRX").await.expect(200).json();
    let invoice = &view["invoice"];
    let deposit = pay(&shop, invoice, text(invoice, "/amount"), "mempool").await;
    shop.fresh(&made).await;
    // The server takes nothing at first, so everything comes again.
    target.next([Reply::Status(500); 3]);
    tell(&shop).await;
    shop.advance(10);
    tell(&shop).await;
    assert_eq!(
        target.kinds(),
        ["checkout.detected"; 2],
        "a pending payment is not told as paid"
    );
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.advance(3600);
    shop.fresh(&made).await;
    shop.fresh(&made).await;
    for _ in 0..5 {
        shop.advance(3600);
        tell(&shop).await;
    }
    let came = target.came();
    let ids = |kind: &str| {
        let of_it = came.iter().filter(|one| one.kind() == kind);
        of_it.map(|one| one.id.clone()).collect::<HashSet<_>>()
    };
    for kind in ["checkout.detected", "checkout.paid", "checkout.completed"] {
        assert_eq!(ids(kind).len(), 1, "{kind} is known again by its id");
    }
    for one in &came {
        let json = one.json();
        assert_eq!(text(&json, "/data/checkout/externalId"), "1001");
        assert_eq!(text(&json, "/data/checkout/price/amount"), "25.00");
    }
}

/// A decision closes a checkout before any reading does; whoever reads afterwards finds it closed.
#[tokio::test]
async fn an_archived_checkout_is_told_once_with_an_invoice_and_without() {
    let (shop, target) = told().await;
    let unchosen = shop.checkout().await;
    let (waiting, _) = shop.awaiting("USDT_TRX").await;
    let mut expected = Vec::new();
    for id in [&unchosen, &waiting] {
        let path = format!("/v1/checkouts/{id}/archive");
        for _ in 0..2 {
            let headers = [("authorization", &*format!("Bearer {MERCHANT_KEY}"))];
            let reply = shop.request("POST", &path, &headers, None).await;
            assert_eq!(reply.expect(200).json()["state"], "archived");
        }
        shop.advance(10 * 60);
        shop.proxy.watch_once().await.unwrap();
        shop.fresh(id).await;
        tell(&shop).await;
        expected.push("checkout.archived");
        assert_eq!(target.kinds(), expected);
        let told = target.came().pop().unwrap();
        assert_eq!(told.checkout(), *id);
        assert_eq!(
            text(&told.json(), "/data/checkout/merchant/decisions/0/act"),
            "archive"
        );
    }
    shop.advance(3 * DAY);
    shop.proxy.watch_once().await.unwrap();
    tell(&shop).await;
    assert_eq!(target.kinds(), expected, "nothing expires that was closed");
}
