//! Past the expiry nothing can be paid to: by the widget's own clock, before the proxy says so.

use crate::stage::{Stage, at, checkout};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

const PAYABLE: &str =
    "[part=address], [part=qr], [part=amount], [part=open-wallet], [part=copy-address]";

#[wasm_bindgen_test]
async fn an_answer_from_past_the_expiry_shows_no_address() {
    for phase in [Phase::Awaiting, Phase::Underpaid] {
        let mut answer = checkout("late", phase);
        answer.now = at(180);
        let stage = Stage::with(&answer).await;
        stage
            .waits("the end", || stage.text().contains("The time is up"))
            .await;
        assert_eq!(stage.count(PAYABLE), 0, "{phase:?}");
        assert!(!stage.text().contains("TQn9"));
    }
}

#[wasm_bindgen_test]
async fn the_address_goes_when_its_time_is_over() {
    let stage = Stage::with(&checkout("ending", Phase::Awaiting)).await;
    assert_ne!(stage.count(PAYABLE), 0);
    let mut answer = checkout("ending", Phase::Expired);
    answer.now = at(181);
    stage.learns(&answer).await;
    stage.waits("the end", || stage.count(PAYABLE) == 0).await;
    assert_eq!(stage.events("calypso-expired").len(), 1);
    assert!(stage.text().contains("I already sent it") && stage.text().contains("ending"));
    assert_eq!(
        stage.count("[part=back]"),
        1,
        "the checkout lives: another currency can be chosen"
    );
}
