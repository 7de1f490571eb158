//! A sandbox that keeps its state in a file goes on where it was left.

use std::fs;
use std::path::{Path, PathBuf};

use calypso_sandbox::{OpenError, Sandbox, Settings, WallClock};
use checkout::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{Desk, START, settings};

fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sandbox.json");
    (directory, file)
}

async fn open(file: &Path) -> Desk {
    // Another seed, as every run of the program has: that of the file counts.
    Desk::serve(
        Sandbox::open(
            Settings {
                seed: 99,
                ..settings()
            },
            file,
        )
        .unwrap(),
    )
    .await
}

async fn state(desk: &Desk) -> Value {
    desk.read("/sandbox/v1/state").await.ok()
}

const WIDGET: &str = "{\"cryptoCurrencies\":[\"USDT_TRX\",\"BTC\"],\"fiatAmount\":100,\"fiatCurrency\":\"EUR\",\
    \"description\":\"x\",\"idempotencyKey\":\"e73ed7b1-a941-429e-9d59-315591bfeb68\"}";

#[tokio::test]
async fn everything_is_as_it_was() {
    let (_directory, file) = place();
    let first = open(&file).await;
    first.rate("ETH", "EUR", "2500.5").await;
    for currency in checkout::CURRENCIES {
        first.invoice(currency.code).await;
    }
    let underpaid = first.invoice("USDT").await;
    let deposit = first.deposit(&underpaid, "1.5", "confirmed").await;
    let seen = first.deposit(&underpaid, "2", "mempool").await;
    let widget = first
        .call("/api/v1/payment-widget/single-fiat/create", WIDGET)
        .await
        .ok();
    let key = widget["idempotencyKey"].as_str().unwrap();
    let choose = json!({ "currency": "BTC" });
    first
        .control(&format!("widgets/{key}/choose"), &choose)
        .await
        .ok();
    let unlimited = "{\"currency\":\"ETH\",\"description\":\"x\",\"externalId\":\"user-7\"}";
    let unlimited = first
        .call("/api/v1/invoice/unlimited/create", unlimited)
        .await
        .ok();
    first
        .call(
            "/api/v1/invoice/bound/create",
            "{\"currency\":\"ETH\",\"description\":\"x\",\"lowerBound\":1.10}",
        )
        .await
        .ok();
    let customer = first
        .call(
            "/api/v1/customer-purse/customer/create",
            "{\"email\":\"a@shop.example\"}",
        )
        .await
        .ok();
    let ask = format!(
        "{{\"customerId\":{},\"currency\":\"USDT_BSC\"}}",
        customer["id"]
    );
    let purse = first
        .call("/api/v1/customer-purse/address/get", &ask)
        .await
        .ok();
    first.advance(1234).await;
    let before = state(&first).await;
    drop(first);

    let second = open(&file).await;
    assert_eq!(state(&second).await, before);
    assert_eq!(before["offsetSeconds"], 1234);
    // Found by every name, with the same order under the same key.
    let again = second
        .call("/api/v1/payment-widget/single-fiat/create", WIDGET)
        .await
        .ok();
    assert_eq!(
        (
            &again["createdDate"],
            again["invoices"].as_array().unwrap().len()
        ),
        (&widget["createdDate"], 1)
    );
    second
        .call(
            "/api/v1/payment-widget/single-fiat/create",
            &WIDGET.replace("100", "101"),
        )
        .await
        .refused("016");
    assert_eq!(
        second
            .call("/api/v1/invoice", "{\"externalId\":\"user-7\"}")
            .await
            .ok()["id"],
        unlimited["id"]
    );
    assert_eq!(
        second
            .call("/api/v1/customer-purse/address/get", &ask)
            .await
            .ok(),
        purse
    );
    let history = format!("{{\"id\":{}}}", underpaid["id"]);
    let history = second
        .call("/api/v1/invoice/deposit-history", &history)
        .await
        .ok();
    assert_eq!(history["result"][0]["id"], deposit["id"]);
    // What was under way goes on, and what is made is new.
    second.advance_deposit(&seen, "confirmed").await;
    assert_eq!(
        second.get(&underpaid).await["totalDebitAmount"].to_string(),
        "3.5"
    );
    let ids = before["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invoice| &invoice["id"]);
    let next = second.invoice("BTC").await;
    assert!(!ids.into_iter().any(|id| *id == next["id"]));
    second.advance(2 * 86_400).await;
    let states = state(&second).await;
    assert!(
        states["invoices"]
            .as_array()
            .unwrap()
            .iter()
            .any(|invoice| invoice["state"] == "ARCHIVED")
    );
}

#[tokio::test]
async fn time_passes_while_no_sandbox_runs() {
    let (_directory, file) = place();
    let first = open(&file).await;
    let invoice = first.invoice("USDT_TRX").await;
    drop(first);
    let wall = WallClock::fixed(Timestamp::from_millis(START + 3 * 3_600_000));
    let later = Sandbox::open(Settings { wall, ..settings() }, &file).unwrap();
    let second = Desk::serve(later).await;
    let shown = state(&second).await["invoices"][0].clone();
    assert_eq!(
        (&shown["id"], &shown["state"]),
        (&invoice["id"], &json!("ARCHIVED"))
    );
}

#[tokio::test]
async fn deliveries_go_on_after_a_restart() {
    let (_directory, file) = place();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (tell, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let hear = axum::routing::post(move |body: String| {
        let tell = tell.clone();
        async move { tell.send(body).unwrap() }
    });
    let first = open(&file).await;
    let payload = format!(
        "{{\"requestId\":\"bf9348b7-2c14-46d7-868c-b597852da319\",\"url\":\"{url}\",\
         \"notificationEventTypes\":[\"INVOICE_EXPIRED\"]}}"
    );
    first
        .call("/api/v1/subscription/webhook/create", &payload)
        .await
        .ok();
    let listed = first
        .call("/api/v1/subscription/webhook", "null")
        .await
        .ok();
    first.invoice("BTC").await;
    first.advance(86_400).await;
    // The receiver has not answered: nobody accepts its connections yet.
    drop(first);
    let second = open(&file).await;
    assert_eq!(
        second
            .call("/api/v1/subscription/webhook", "null")
            .await
            .ok(),
        listed
    );
    let server = tokio::spawn(async move {
        axum::serve(listener, axum::Router::new().route("/", hear))
            .await
            .unwrap();
    });
    let waiting = tokio::time::timeout(std::time::Duration::from_secs(60), heard.recv()).await;
    let body: Value = serde_json::from_str(&waiting.expect("the delivery comes").unwrap()).unwrap();
    assert_eq!(body["eventType"], "INVOICE_EXPIRED");
    server.abort();
}

#[tokio::test]
async fn reading_changes_no_file_and_writing_does() {
    let (_directory, file) = place();
    let desk = open(&file).await;
    let invoice = desk.invoice("BTC").await;
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, "not touched").unwrap();
    desk.get(&invoice).await;
    state(&desk).await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "not touched");
    desk.deposit(&invoice, "1", "mempool").await;
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.len() > before.len());
    assert_eq!(
        fs::read_dir(file.parent().unwrap()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn what_is_no_state_is_refused_and_left_alone() {
    let (directory, file) = place();
    for text in [
        "",
        "no json",
        "{}",
        "[1]",
        "{\"version\":1}",
        "{\"version\":1,\"offset_seconds\":0,\"ledger\":{}}",
    ] {
        fs::write(&file, text).unwrap();
        let refused = Sandbox::open(settings(), &file).unwrap_err();
        assert!(
            matches!(refused, OpenError::Malformed { .. }),
            "{text}: {refused}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    fs::write(&file, "{\"version\":2,\"other\":true}").unwrap();
    let refused = Sandbox::open(settings(), &file).unwrap_err().to_string();
    assert!(
        refused.ends_with("has layout 2, expected 1; start with another file"),
        "{refused}"
    );
    let nowhere = directory.path().join("missing/sandbox.json");
    let refused = Sandbox::open(settings(), &nowhere).unwrap_err();
    assert!(
        matches!(refused, OpenError::Inaccessible { .. }),
        "{refused}"
    );
}
