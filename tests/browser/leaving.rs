//! An element that is taken away leaves nothing behind; a proxy that is silent takes nothing away.

use crate::stage::{Stage, a_moment, asked, checkout, is_called_off, serve, serve_nothing};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn what_is_under_way_is_called_off() {
    serve_nothing();
    let mut stage = Stage::open(Some("slow"), None);
    stage
        .waits("the question", || asked("path").len() == 1)
        .await;
    assert!(!is_called_off());
    stage.mounted.unmount();
    assert!(is_called_off());
    assert_eq!(stage.root.child_element_count(), 0);
    stage.mounted.refresh();
    a_moment().await;
    assert_eq!(asked("path").len(), 1, "nothing is asked any more");
}

#[wasm_bindgen_test]
async fn a_silent_proxy_is_told_and_what_was_shown_stays() {
    let stage = Stage::with(&checkout("silent", Phase::Awaiting)).await;
    serve(0, "");
    stage.mounted.refresh();
    stage
        .waits("the banner", || {
            stage.text().contains("does not answer at the moment")
        })
        .await;
    assert_eq!(stage.count("[part=address]"), 1);
    assert_eq!(
        stage.host.get_attribute("data-state").as_deref(),
        Some("awaiting")
    );
    assert_eq!(stage.events("calypso-error").len(), 1);
    stage.learns(&checkout("silent", Phase::Awaiting)).await;
    stage
        .waits("its end", || !stage.text().contains("does not answer"))
        .await;
}

#[wasm_bindgen_test]
async fn an_unchanged_checkout_is_asked_for_by_its_etag_and_stays_as_it_is() {
    let mut answer = checkout("unchanged", Phase::Awaiting);
    answer.poll_after_ms = 500;
    let stage = Stage::with(&answer).await;
    serve(304, "");
    stage
        .waits("two more questions", || asked("etag").len() == 3)
        .await;
    assert_eq!(asked("etag"), ["", "\"one\"", "\"one\""]);
    assert_eq!(stage.count("[part=address]"), 1);
    assert_eq!(stage.events("calypso-error").len(), 0);
    stage.mounted.refresh();
    stage
        .waits("the question", || asked("etag").len() == 4)
        .await;
    assert_eq!(
        asked("etag")[3],
        "",
        "who refreshes wants the whole answer, with the proxy's time in it"
    );
}
