//! What one coin costs, beside the amount.

use crate::receiving::top_up;
use crate::stage::{Stage, amount, at, checkout};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

fn line(stage: &Stage) -> String {
    let line = stage.part("rate").and_then(|part| part.text_content());
    line.unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_rate_is_told_with_its_age_and_moves_with_the_price() {
    let mut answer = checkout("rate", Phase::Awaiting);
    let stage = Stage::with(&answer).await;
    assert!(
        line(&stage).starts_with("1 USDT = 0.9153 EUR · as of "),
        "{}",
        line(&stage)
    );
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.amount, invoice.due) = (amount("28.735632"), amount("28.735632"));
    invoice.reprice_at = Some(at(30));
    answer.now = at(16);
    stage.learns(&answer).await;
    stage
        .waits("the new rate", || {
            line(&stage).starts_with("1 USDT = 0.87 EUR")
        })
        .await;
    answer.now = at(30);
    stage.learns(&answer).await;
    stage
        .waits("no rate that no longer holds", || line(&stage).is_empty())
        .await;
}

#[wasm_bindgen_test]
async fn where_any_amount_is_taken_there_is_no_rate() {
    let stage = Stage::with(&top_up("no-rate", "0", &[])).await;
    assert_eq!(line(&stage), "");
}
