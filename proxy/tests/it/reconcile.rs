//! The books are compared with the gateway: what differs is named, and what is new is taken in.

use calypso_proxy::{Config, Delivered, Difference, Reconciled, Scope, ShopId};
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

/// How often the gateway was asked for an invoice or a list.
async fn asked(shop: &TestProxy) -> usize {
    shop.gateway.calls(READ).await + shop.gateway.calls(LIST).await
}

#[tokio::test]
async fn a_large_comparison_asks_no_more_often_than_the_account_may_be_read() {
    const INVOICES: usize = 30;
    let slow = |config: &mut Config| config.shops[0].gateway.reads_per_minute = 60;
    let shop = TestProxy::with(slow).await;
    for _ in 0..INVOICES {
        shop.awaiting("BTC").await;
    }
    let proxy = shop.proxy.clone();
    let all = Scope {
        from: Some(shop.now().plus_seconds(-60 * 60)),
        ..Scope::default()
    };
    let comparing = tokio::spawn(async move { proxy.reconcile(&all).await.unwrap() });
    while asked(&shop).await < 45 {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        shop.as_merchant("/v1/checkouts?externalId=none")
            .await
            .expect(200);
    }
    assert_eq!(asked(&shop).await, 45, "a quarter is left to buyers");
    assert!(!comparing.is_finished());
    shop.wait(60_000);
    let found = comparing.await.unwrap();
    assert_eq!(asked(&shop).await, 2 * INVOICES);
    assert_eq!((found.invoices, found.differences.len()), (30, 0));
    assert!(found.not_read.is_empty());
}

#[tokio::test]
async fn what_the_gateway_has_had_too_many_calls_for_is_asked_again_after_its_pause() {
    let (shop, _) = paid().await;
    shop.gateway.fault("/api/*", "error429", 2).await;
    let proxy = shop.proxy.clone();
    let comparing = tokio::spawn(async move { proxy.reconcile(&Scope::default()).await.unwrap() });
    while !comparing.is_finished() {
        shop.wait(1_000);
        tokio::task::yield_now().await;
    }
    let found = comparing.await.unwrap();
    assert_eq!(names(&found), [""; 0], "{:?}", found.differences);
    assert!(found.not_read.is_empty(), "{:?}", found.not_read);
}

#[tokio::test]
async fn what_a_proxy_beside_it_takes_in_meanwhile_is_no_difference() {
    let (shop, id) = paid().await;
    let address = text(&shop.told(&id).await, "/invoices/0/address").to_owned();
    shop.gateway.deposit(&address, "3", "confirmed").await;
    shop.gateway.hold(Some(READ));
    let proxy = shop.proxy.clone();
    let comparing = tokio::spawn(async move { proxy.reconcile(&Scope::default()).await.unwrap() });
    while shop.gateway.held().is_empty() {
        tokio::task::yield_now().await;
    }
    // The call that waits already goes on waiting, and the others pass.
    shop.gateway.hold(Some("/nothing"));
    let named = shop.gateway.invoice_at(&address).await;
    let news = shop
        .proxy
        .invoice_has_changed(&ShopId::default(), &named)
        .await;
    assert_eq!(news.unwrap(), Delivered::TakenIn);
    shop.gateway.hold(None);
    let found = comparing.await.unwrap();
    assert_eq!(names(&found), [""; 0], "{:?}", found.differences);
}

/// Runs the command on the database of a running proxy; its exit code, and what it said.
async fn command(shop: &TestProxy, more: &[&str]) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &shop.gateway.base, 0);
    let mut command = program();
    command
        .env("CALYPSO_PROXY_DATABASE", shop.database())
        .args(["reconcile", "--config"])
        .arg(&config)
        .args(more);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), said)
}

#[tokio::test]
async fn the_program_ends_with_1_for_a_difference_that_is_gone_when_it_runs_again() {
    let shop = TestProxy::on_file(|_| {}).await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, amount, "confirmed").await;
    let named = shop.gateway.invoice_at(address).await;
    let hour = |hours: i64| shop.now().plus_seconds(hours * 60 * 60).to_string();
    let (before, after) = (hour(-1), hour(1));
    // Without a time, what no money was seen on is left out.
    for more in [&[][..], &["--from", &after], &["--to", &before]] {
        let (code, said) = command(&shop, more).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("0 invoices"), "{said}");
    }
    let (code, said) = command(&shop, &["--from", &before, "--to", &after]).await;
    assert_eq!(code, Some(1), "{said}");
    let line = said.lines().find(|line| line.contains("is missing here"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    // Whoever reads it finds the checkout here and the invoice there.
    assert!(line.contains(&id) && line.contains(&named), "{line}");
    assert!(
        line.contains(amount) && line.starts_with("default"),
        "{line}"
    );
    assert!(said.contains("a second run shows what is left"), "{said}");
    let (code, said) = command(&shop, &[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("1 invoices and 0 customers compared: 0 differences, 0 not read"),
        "{said}"
    );
    assert_eq!(shop.told(&id).await["invoices"][0]["received"], amount);
    let path = format!("/v1/checkouts/{id}/history");
    let history = shop.as_merchant(&path).await.expect(200).json();
    let history = history["history"].as_array().unwrap();
    assert!(history.iter().any(|one| one["source"] == "reconcile"));
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
