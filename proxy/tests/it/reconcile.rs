//! The books are compared with the gateway: what differs is named, and what is new is taken in.

use calypso_proxy::{Difference, Reconciled, Scope};
use serde_json::Value;

use crate::program::{program, write_config};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{READ, TestProxy, text};

const LIST: &str = "/api/v1/invoice/deposit-history";

async fn compared(shop: &TestProxy) -> Reconciled {
    shop.proxy.reconcile(&Scope::default()).await.unwrap()
}

fn names(found: &Reconciled) -> Vec<String> {
    let all = found.differences.iter();
    let mut names: Vec<String> = all
        .map(|one| {
            let words = format!("{:?}", one.found);
            let name = words.split([' ', '(']).next().unwrap_or_default();
            format!("{} {name}", one.what)
        })
        .collect();
    names.sort();
    names
}

/// Replaces a member of what the gateway answers on one path.
fn lie(shop: &TestProxy, at: &'static str, member: &'static str, value: Value) {
    shop.gateway.rewrite(move |path, body| {
        if path != at {
            return body;
        }
        let mut json: Value = serde_json::from_str(&body).unwrap();
        let place = if path == LIST {
            &mut json["result"][0][member]
        } else {
            &mut json[member]
        };
        *place = value.clone();
        json.to_string()
    });
}

/// A payment, a top-up and a deposit, each with money that was read.
async fn paid() -> (TestProxy, String) {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, amount, "confirmed").await;
    for body in [TOPUP, DEPOSIT] {
        let other = shop.made(body).await;
        let view = shop.choose(&other, "USDT_TRX").await.expect(200).json();
        let address = text(&view, "/receiving/address");
        if body == TOPUP {
            shop.gateway.deposit(address, "5", "confirmed").await;
        } else {
            let sent = shop
                .gateway
                .deposit_in(address, "USDT_TRX", "5", "confirmed");
            sent.await;
        }
    }
    for _ in 0..2 {
        shop.advance(60 * 60);
        shop.proxy.watch_once().await.unwrap();
    }
    (shop, id)
}

#[tokio::test]
async fn books_that_agree_show_no_difference() {
    let (shop, _) = paid().await;
    let found = compared(&shop).await;
    assert_eq!(names(&found), [""; 0], "{:?}", found.differences);
    assert_eq!((found.invoices, found.customers), (2, 1));
    assert!(found.not_read.is_empty());
    // With a time, the invoices priced in it, whether money was seen or not.
    let waiting = shop.awaiting("BTC").await;
    drop(waiting);
    let all = Scope {
        from: Some(shop.now().plus_seconds(-24 * 60 * 60)),
        ..Scope::default()
    };
    let found = shop.proxy.reconcile(&all).await.unwrap();
    assert_eq!(found.invoices, 3);
    let none = Scope {
        from: Some(shop.now().plus_seconds(1)),
        ..Scope::default()
    };
    let found = shop.proxy.reconcile(&none).await.unwrap();
    assert_eq!(found.invoices, 0);
}

#[tokio::test]
async fn money_that_was_never_read_is_named_and_taken_in() {
    let (shop, id) = paid().await;
    // Long after anybody reads this invoice.
    shop.advance(10 * 24 * 60 * 60);
    let address = text(&shop.told(&id).await, "/invoices/0/address").to_owned();
    shop.gateway.deposit(&address, "3", "confirmed").await;
    let found = compared(&shop).await;
    let expected = [
        "invoice MissingHere",
        "invoice ReceivedDiffers",
        "invoice SumDiffers",
    ];
    assert_eq!(names(&found), expected, "{:?}", found.differences);
    let again = compared(&shop).await;
    assert_eq!(names(&again), [""; 0], "{:?}", again.differences);
    let path = format!("/v1/checkouts/{id}/history");
    let history = shop.as_merchant(&path).await.expect(200).json();
    let history = history["history"].as_array().unwrap();
    let by_command = history.iter().filter(|one| one["source"] == "reconcile");
    let kinds: Vec<_> = by_command.map(|one| text(one, "/kind")).collect();
    assert!(kinds.contains(&"deposit_confirmed"), "{kinds:?}");
    assert!(kinds.contains(&"second_payment"), "{kinds:?}");
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);
}

#[tokio::test]
async fn each_way_in_which_a_gateway_can_differ_has_its_name() {
    for (path, member, value, expected) in [
        (
            READ,
            "invoiceAddress",
            "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs".into(),
            "UnknownAddress",
        ),
        (READ, "totalDebitAmount", Value::from(1), "ReceivedDiffers"),
        (READ, "fee", Value::from(1), "CreditedDiffers"),
        (LIST, "amount", Value::from(1), "AmountsDiffer"),
        (LIST, "currency", "BTC".into(), "DepositDiffers"),
    ] {
        let (shop, _) = paid().await;
        lie(&shop, path, member, value);
        let found = compared(&shop).await;
        let name = format!("invoice {expected}");
        assert!(names(&found).contains(&name), "{member}: {found:?}");
        // What was certain stays, and the difference with it.
        let again = compared(&shop).await;
        assert!(names(&again).contains(&name), "{member}: {again:?}");
    }
    let (shop, _) = paid().await;
    shop.gateway.rewrite(|path, body| {
        if path != LIST {
            return body;
        }
        r#"{"result":[],"page":0,"size":100,"total":0,"totalElements":0}"#.to_owned()
    });
    let found = compared(&shop).await;
    assert!(
        names(&found).contains(&"invoice MissingThere".to_owned()),
        "{found:?}"
    );
    assert!(
        found
            .differences
            .iter()
            .all(|one| { !matches!(one.found, Difference::MissingHere { .. }) })
    );
}

#[tokio::test]
async fn a_gateway_that_is_away_is_no_difference() {
    let (mut shop, _) = paid().await;
    shop.gateway.stop().await;
    let found = compared(&shop).await;
    assert_eq!(found.differences.len(), 0);
    assert_eq!(found.not_read.len(), 3);
}

#[tokio::test]
async fn the_program_says_by_its_end_what_it_has_found() {
    let shop = TestProxy::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &shop.gateway.base, 0);
    let run = async |more: &[&str]| {
        let mut command = program();
        command
            .args(["reconcile", "--config"])
            .arg(&config)
            .args(more);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let failed = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), format!("{said}{failed}"))
    };
    let (code, said) = run(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("0 invoices and 0 customers compared"),
        "{said}"
    );
    let (code, said) = run(&["--offline"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the books agree"), "{said}");
    for wrong in [
        &["--from", "yesterday"][..],
        &["--store", "nobodys"],
        &[
            "--from",
            "2026-05-04T12:00:00Z",
            "--to",
            "2026-05-04T12:00:00Z",
        ],
    ] {
        let (code, said) = run(wrong).await;
        assert_eq!(code, Some(2), "{wrong:?}: {said}");
        assert!(said.contains(wrong[0]), "{said}");
    }
}
