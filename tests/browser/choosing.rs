//! The choice of a currency: what is offered, what a click does, and what a second one does not.

use crate::stage::{Stage, asked, checkout, serve, serve_checkout};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn every_offer_is_a_button_under_its_asset() {
    let stage = Stage::with(&checkout("offers", Phase::Choosing)).await;
    assert_eq!(stage.count("[part=currency]"), 3);
    assert_eq!(
        stage.count(".asset.many [part=currency]"),
        2,
        "USDT stands once, with two networks"
    );
    let tron = stage
        .find("[data-currency=USDT_TRX]")
        .expect("offered")
        .text_content()
        .unwrap_or_default();
    assert!(
        tron.contains("USDT") && tron.contains("Tron (TRC-20)") && tron.contains("27.31"),
        "{tron}"
    );
}

#[wasm_bindgen_test]
async fn one_currency_is_no_choice_but_one_button() {
    let mut answer = checkout("only", Phase::Choosing);
    answer.currencies.truncate(1);
    let stage = Stage::with(&answer).await;
    let button = stage.find("[part=currency]").expect("a button");
    let text = button.text_content().unwrap_or_default();
    assert!(
        text.contains("Pay with USDT on Tron (TRC-20)") && text.contains("27.31"),
        "{text}"
    );
    assert_eq!(stage.count("[part=currency]"), 1);
    assert!(!stage.text().contains("How do you want"));
    serve_checkout(&checkout("only", Phase::Awaiting));
    stage.clicks("[part=currency]");
    stage.sees("awaiting").await;
}

#[wasm_bindgen_test]
async fn a_click_asks_for_the_invoice_once_however_often_it_is_repeated() {
    let stage = Stage::with(&checkout("clicked", Phase::Choosing)).await;
    serve_checkout(&checkout("clicked", Phase::Awaiting));
    for _ in 0..5 {
        stage.clicks("[data-currency=USDT_TRX]");
    }
    stage.clicks("[data-currency=BTC]");
    stage.sees("awaiting").await;
    let posts: Vec<String> = asked("body")
        .into_iter()
        .filter(|body| !body.is_empty())
        .collect();
    assert_eq!(posts, [r#"{"currency":"USDT_TRX"}"#]);
    assert_eq!(
        asked("path").last().map(String::as_str),
        Some("/v1/checkouts/clicked/invoice")
    );
    let address = stage
        .part("address")
        .and_then(|part| part.text_content())
        .unwrap_or_default();
    assert_eq!(address, "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE");
    let amount = stage
        .part("amount")
        .and_then(|part| part.text_content())
        .unwrap_or_default();
    assert_eq!(amount, "27.314 USDT");
}

#[wasm_bindgen_test]
async fn a_refused_choice_is_told_and_leaves_the_list() {
    let stage = Stage::with(&checkout("refused", Phase::Choosing)).await;
    serve(
        503,
        r#"{"error":{"code":"gateway_unavailable","message":"silence","requestId":"1"}}"#,
    );
    stage.clicks("[data-currency=BTC]");
    stage
        .waits("the reason", || stage.text().contains("does not answer"))
        .await;
    assert_eq!(stage.count("[part=currency]"), 3);
    assert_eq!(stage.count("[aria-disabled]"), 0, "another try is possible");
    assert_eq!(stage.events("calypso-error").len(), 1);
    assert!(
        !stage.text().contains("silence"),
        "the proxy's sentence is for developers"
    );
}

#[wasm_bindgen_test]
async fn a_buyer_can_look_around_and_come_back() {
    let stage = Stage::with(&checkout("around", Phase::Awaiting)).await;
    stage.clicks("[part=back]");
    stage.sees("choosing").await;
    stage
        .waits("the list", || {
            stage.count("[part=address], [part=qr]") == 0 && stage.count("[part=currency]") == 3
        })
        .await;
    stage.clicks("[part=back]");
    stage.sees("awaiting").await;
    stage
        .waits("the payment", || stage.count("[part=address]") == 1)
        .await;
}
