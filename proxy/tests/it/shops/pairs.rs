//! Pairs of a call and the ids of another store, drawn at random: no answer knows of them, and nothing of them is changed.
//!
//! `cargo xtask trial stores --count 10000` draws so many.

#![expect(clippy::print_stdout, reason = "a trial says what it has shown")]

use serde_json::{Value, json};

use super::{GARDEN_KEY, PAYMENT, Two};
use crate::dice::Dice;
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{Home, MERCHANT_KEY, Reply, text};
use crate::trials::size::Size;

const PAIRS: u64 = 250;

/// What one store has, by the ids that its merchant is told.
struct Things {
    key: &'static str,
    checkouts: Vec<String>,
    refunds: Vec<String>,
    cursors: Vec<String>,
    refund_cursors: Vec<String>,
}

/// A call with ids of another store in it: its method, its path, and a body.
type Drawn = (&'static str, String, Option<String>);

/// Everything of it, as its own merchant is told.
async fn told(two: &Two, things: &Things) -> Vec<Value> {
    let mut all = Vec::new();
    for path in ["/v1/checkouts", "/v1/refunds"] {
        let mut told = two
            .call(things.key, "GET", path, None)
            .await
            .expect(200)
            .json();
        for checkout in told["checkouts"].as_array_mut().into_iter().flatten() {
            // The time of the answer is no part of what is stored.
            checkout["now"] = Value::Null;
            checkout["pollAfterMs"] = Value::Null;
            for currency in checkout["currencies"].as_array_mut().into_iter().flatten() {
                currency["estimate"] = Value::Null;
            }
        }
        all.push(told);
    }
    for id in &things.checkouts {
        let path = format!("/v1/checkouts/{id}/history");
        all.push(
            two.call(things.key, "GET", &path, None)
                .await
                .expect(200)
                .json(),
        );
    }
    all
}

async fn things(two: &Two, key: &'static str) -> Things {
    let gateway = if key == GARDEN_KEY {
        &two.garden
    } else {
        &two.gateway
    };
    let mut checkouts = Vec::new();
    for body in [PAYMENT, PAYMENT, PAYMENT, TOPUP, DEPOSIT] {
        checkouts.push(two.made_by(key, body).await);
    }
    // One that waits, one to which too little has come, and money of a customer.
    two.choose(&checkouts[1], "TRX").await.expect(200);
    let view = two.choose(&checkouts[2], "TRX").await.expect(200).json();
    gateway
        .deposit_in(text(&view, "/invoice/address"), "TRX", "1", "confirmed")
        .await;
    let view = two.choose(&checkouts[4], "TRX").await.expect(200).json();
    gateway
        .deposit_in(text(&view, "/receiving/address"), "TRX", "9", "confirmed")
        .await;
    two.advance(10);
    for id in &checkouts {
        two.told_to(key, id).await;
    }
    let mut refunds = Vec::new();
    for number in 0..3 {
        let made = two
            .ask_refund(key, &refund(&checkouts[4], "1"), &format!("r-{number}"))
            .await;
        refunds.push(text(&made.expect(201).json(), "/id").to_owned());
    }
    let cursor = async |path: &str| {
        let page = two.call(key, "GET", path, None).await.expect(200).json();
        text(&page, "/cursor").to_owned()
    };
    Things {
        key,
        cursors: vec![cursor("/v1/checkouts?limit=1").await],
        refund_cursors: vec![cursor("/v1/refunds?limit=1").await],
        checkouts,
        refunds,
    }
}

fn refund(checkout: &str, amount: &str) -> String {
    format!(
        r#"{{"checkout":"{checkout}","currency":"TRX","amount":"{amount}","address":"TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs","reason":"Returned"}}"#
    )
}

/// A call that names something of the other store.
fn drawn(dice: &mut Dice, of: &Things) -> Drawn {
    let (checkout, refunded) = (
        dice.one_of(&of.checkouts).clone(),
        dice.one_of(&of.refunds).clone(),
    );
    let (cursor, refunds_on) = (dice.one_of(&of.cursors), dice.one_of(&of.refund_cursors));
    let on = |path: &str| format!("/v1/checkouts/{checkout}{path}");
    let refund_on = |path: &str| format!("/v1/refunds/{refunded}{path}");
    let text = |text: &str| Some(text.to_owned());
    match dice.roll(17) {
        0 => ("GET", on(""), None),
        1 => ("GET", on("/deposits"), None),
        2 => ("GET", on("/history"), None),
        3 => ("GET", on("/events"), None),
        4 => ("POST", on("/invoice"), text(r#"{"currency":"BTC"}"#)),
        5 => ("POST", on("/hosted-widget"), None),
        6 => ("POST", on("/archive"), None),
        7 => (
            "POST",
            on("/intervention"),
            text(r#"{"action":"return_to_paid"}"#),
        ),
        8 => ("POST", on("/intervention"), text(r#"{"action":"close"}"#)),
        9 => ("GET", format!("/v1/checkouts?cursor={cursor}"), None),
        10 => ("GET", format!("/v1/checkouts?externalId={checkout}"), None),
        11 => (
            "POST",
            "/v1/refunds".to_owned(),
            Some(refund(&checkout, "1")),
        ),
        12 => (
            "GET",
            format!("/v1/refunds?checkout={checkout}&cursor={refunds_on}"),
            None,
        ),
        13 => ("GET", refund_on(""), None),
        14 => ("POST", refund_on("/approve"), None),
        15 => (
            "POST",
            refund_on("/sent"),
            text(r#"{"transaction":"a1b2c3d4e5f6"}"#),
        ),
        _ => ("POST", refund_on("/cancel"), None),
    }
}

/// Whether an answer says anything of a store: one of its ids, or a state of something.
fn knows(reply: &Reply, of: &Things) -> bool {
    let said = reply.text();
    let ids = of.checkouts.iter().chain(&of.refunds);
    ids.into_iter().any(|id| said.contains(id.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_of_one_store_sees_or_changes_anything_of_the_other_on_a_file() {
    pairs(Two::at(Home::file(), |_| {}).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_of_one_store_sees_or_changes_anything_of_the_other_on_postgres() {
    pairs(Two::at(Home::postgres().await, |_| {}).await).await;
}

async fn pairs(two: Two) {
    let size = Size::of("stores", PAIRS);
    let both = [
        things(&two, MERCHANT_KEY).await,
        things(&two, GARDEN_KEY).await,
    ];
    let before = [told(&two, &both[0]).await, told(&two, &both[1]).await];
    let asked = two.asked().await;
    let mut dice = size.dice();
    let mut refused = 0;
    for number in 0..size.count {
        let (own, other) = if dice.roll(2) == 0 { (0, 1) } else { (1, 0) };
        let (method, path, body) = drawn(&mut dice, &both[other]);
        let reply = if path == "/v1/refunds" {
            let key = format!("pair-{number}");
            let body = body.unwrap();
            two.ask_refund(both[own].key, &body, &key).await
        } else {
            let body = body.as_deref();
            two.call(both[own].key, method, &path, body).await
        };
        assert!(
            !knows(&reply, &both[other]),
            "{method} {path}: {}",
            reply.text()
        );
        if reply.status == 200 {
            // A list, of what is its own.
            assert!(path.contains('?'), "{method} {path}");
        } else {
            refused += 1;
            let code = reply.code();
            let is_unknown = ["checkout_not_found", "refund_not_found"].contains(&code.as_str());
            assert!(is_unknown, "{method} {path}: {code}");
        }
    }
    println!("{} pairs, {refused} refused, none seen", size.count);
    assert_eq!(two.asked().await, asked, "no gateway was asked");
    for (things, before) in both.iter().zip(before) {
        assert_eq!(json!(told(&two, things).await), json!(before));
    }
}
