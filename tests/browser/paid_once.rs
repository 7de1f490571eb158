//! `calypso-paid` is fired once for a checkout, whichever way it comes to be paid.

use crate::stage::{Stage, checkout, field};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn once_on_the_way_through_all_phases() {
    let stage = Stage::with(&checkout("through", Phase::Awaiting)).await;
    for phase in [
        Phase::Detected,
        Phase::Paid,
        Phase::Paid,
        Phase::Completed,
        Phase::Completed,
    ] {
        stage.learns(&checkout("through", phase)).await;
    }
    let paid = stage.events("calypso-paid");
    assert_eq!(paid.len(), 1);
    assert_eq!(
        field(&field(&paid[0], "checkout"), "id")
            .as_string()
            .as_deref(),
        Some("through")
    );
    assert_eq!(stage.events("calypso-ready").len(), 1);
    let states: Vec<String> = stage
        .events("calypso-change")
        .iter()
        .filter_map(|detail| field(detail, "state").as_string())
        .collect();
    assert_eq!(states, ["awaiting", "detected", "paid", "completed"]);
}

#[wasm_bindgen_test]
async fn once_when_it_is_complete_at_first_sight_and_not_again_after_a_reload() {
    let stage = Stage::with(&checkout("at-once", Phase::Completed)).await;
    assert_eq!(stage.events("calypso-paid").len(), 1);
    drop(stage);
    let again = Stage::with(&checkout("at-once", Phase::Completed)).await;
    assert_eq!(again.events("calypso-paid").len(), 0);
    assert_eq!(again.events("calypso-ready").len(), 1);
}

#[wasm_bindgen_test]
async fn never_for_what_is_not_paid() {
    for phase in Phase::ALL.into_iter().filter(|phase| !phase.is_paid()) {
        let stage = Stage::with(&checkout("unpaid", phase)).await;
        assert_eq!(stage.events("calypso-paid").len(), 0, "{phase:?}");
    }
}
