//! What a screen reader says: each change that is seen is heard, and what stands under a label is named by it.

use crate::stage::{Stage, act, amount, at, checkout, hear, set_clipboard};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

fn times(heard: &js_sys::Array, words: &str) -> usize {
    heard
        .iter()
        .filter_map(|text| text.as_string())
        .filter(|text| text.contains(words))
        .count()
}

#[wasm_bindgen_test]
async fn each_press_of_a_copy_button_is_said() {
    set_clipboard(true);
    let stage = Stage::with(&checkout("presses", Phase::Awaiting)).await;
    let heard = hear(&stage.root);
    for press in 1..=3 {
        stage.clicks("[part=copy-address]");
        stage
            .waits("the word", || times(&heard, "Address copied") >= press)
            .await;
    }
    assert_eq!(times(&heard, "Address copied"), 3);
}

#[wasm_bindgen_test]
async fn a_search_that_finds_nothing_is_said() {
    let mut answer = checkout("nothing", Phase::Choosing);
    let one = answer.currencies[1].clone();
    for code in ["LTC", "XDG", "ETH", "USDC", "DAI", "TRX", "BNB", "POL"] {
        let mut more = one.clone();
        more.code = code.into();
        answer.currencies.push(more);
    }
    let stage = Stage::with(&answer).await;
    let heard = hear(&stage.root);
    let field = stage.find(".search").expect("a field");
    act(
        "element.value = 'gold'; element.dispatchEvent(new Event('input'))",
        &field,
    );
    stage
        .waits("the word", || {
            times(&heard, "No currency matches “gold”.") > 0
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_price_that_is_being_updated_is_said() {
    let stage = Stage::with(&checkout("updating", Phase::Awaiting)).await;
    let heard = hear(&stage.root);
    let mut answer = checkout("updating", Phase::Awaiting);
    answer.now = at(15);
    stage.learns(&answer).await;
    stage
        .waits("the word", || times(&heard, "Updating the price") > 0)
        .await;
}

#[wasm_bindgen_test]
async fn what_is_still_missing_after_another_part_is_said() {
    let mut answer = checkout("parts-said", Phase::Underpaid);
    let stage = Stage::with(&answer).await;
    let heard = hear(&stage.root);
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.received, invoice.due) = (amount("20"), amount("7.314"));
    stage.learns(&answer).await;
    stage
        .waits("the rest", || {
            times(&heard, "Still to send 7.314\u{a0}USDT") > 0
        })
        .await;
}

#[wasm_bindgen_test]
async fn the_screen_has_a_heading_and_its_steps_have_words() {
    let stage = Stage::with(&checkout("steps", Phase::Paid)).await;
    assert_eq!(stage.count("[role=status] h2[part=status]"), 1);
    let steps = stage.find(".steps").and_then(|steps| steps.text_content());
    assert_eq!(
        steps.as_deref(),
        Some("Seen, doneConfirmed, doneComplete, in progress")
    );
}

#[wasm_bindgen_test]
async fn amount_and_address_are_named_by_their_labels() {
    let stage = Stage::with(&checkout("labels", Phase::Awaiting)).await;
    for (part, name) in [
        ("amount", "Send exactly"),
        ("address", "To this Tron (TRC-20) address"),
    ] {
        let value = stage.part(part).expect("a value");
        let label = act(
            "const group = element.closest('[role=group]'); return group?.getRootNode().getElementById(group.getAttribute('aria-labelledby'))?.textContent",
            &value,
        );
        assert_eq!(label.as_string().as_deref(), Some(name));
    }
}
