//! The focus of a keyboard and the press of a mouse outlive every update.

use crate::receiving::top_up;
use crate::stage::{Stage, act, amount, at, checkout};
use checkout::Phase;
use checkout::wire::DepositState;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

fn focus(stage: &Stage, selector: &str) -> Element {
    let element = stage.find(selector).expect("there to be focused");
    let focused: &HtmlElement = element.unchecked_ref();
    focused.focus().expect("focused");
    assert_eq!(stage.root.active_element().as_ref(), Some(&element));
    element
}

fn focused(stage: &Stage) -> String {
    let name = |element: Element| {
        ["part", "class"]
            .iter()
            .find_map(|name| element.get_attribute(name))
            .unwrap_or_default()
    };
    stage
        .root
        .active_element()
        .map_or_else(|| "nothing".into(), name)
}

#[wasm_bindgen_test]
async fn a_repricing_takes_the_focus_from_nobody() {
    for (part, meanwhile, then) in [
        ("copy-amount", "updating", "copy-amount"),
        ("open-wallet", "status", "status"),
        ("copy-address", "copy-address", "copy-address"),
    ] {
        let stage = Stage::with(&checkout("focus", Phase::Awaiting)).await;
        focus(&stage, &format!("[part={part}]"));
        let mut answer = checkout("focus", Phase::Awaiting);
        answer.now = at(15);
        stage.learns(&answer).await;
        stage
            .waits("the update", || stage.count(".updating") == 1)
            .await;
        assert_eq!(focused(&stage), meanwhile, "{part}");
        let invoice = answer.invoice.as_mut().expect("an invoice");
        (invoice.amount, invoice.due) = (amount("28"), amount("28"));
        invoice.reprice_at = Some(at(30));
        stage.learns(&answer).await;
        stage
            .waits("the amount", || stage.count("[part=amount]") == 1)
            .await;
        assert_eq!(focused(&stage), then, "{part}");
    }
}

#[wasm_bindgen_test]
async fn another_part_leaves_the_wallet_link_where_it_is() {
    let mut answer = checkout("second-part", Phase::Underpaid);
    let stage = Stage::with(&answer).await;
    let link = focus(&stage, "[part=open-wallet]");
    let before = link.get_attribute("href");
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.received, invoice.due) = (amount("20"), amount("7.314"));
    invoice.uri = Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=7.314".into());
    stage.learns(&answer).await;
    stage
        .waits("the new rest", || link.get_attribute("href") != before)
        .await;
    assert_eq!(stage.root.active_element(), Some(link));
}

#[wasm_bindgen_test]
async fn estimates_change_under_a_finger_that_rests_on_its_row() {
    let mut answer = checkout("estimates", Phase::Choosing);
    let stage = Stage::with(&answer).await;
    let row = focus(&stage, "[data-currency=BTC]");
    for currency in &mut answer.currencies {
        currency.estimate = Some(amount("0.5"));
    }
    stage.learns(&answer).await;
    stage
        .waits("the estimate", || stage.text().contains("≈ 0.5\u{a0}BTC"))
        .await;
    // A press is a press when the element it went down on is the one it comes up on.
    assert_eq!(stage.find("[data-currency=BTC]").as_ref(), Some(&row));
    assert_eq!(stage.root.active_element(), Some(row));
}

#[wasm_bindgen_test]
async fn a_currency_that_goes_hands_the_focus_to_one_that_stays() {
    let mut answer = checkout("fewer", Phase::Choosing);
    let stage = Stage::with(&answer).await;
    focus(&stage, "[data-currency=BTC]");
    answer.currencies.remove(0);
    stage.learns(&answer).await;
    stage
        .waits("the shorter list", || stage.count("[part=currency]") == 2)
        .await;
    let kept = stage.root.active_element().expect("somebody");
    assert_eq!(kept.get_attribute("data-currency").as_deref(), Some("BTC"));
    answer.currencies.remove(0);
    stage.learns(&answer).await;
    stage
        .waits("one alone", || stage.count("[part=currency]") == 1)
        .await;
    assert_ne!(focused(&stage), "nothing");
}

#[wasm_bindgen_test]
async fn a_new_deposit_leaves_the_focus_on_the_link_of_the_old_one() {
    let stage = Stage::with(&top_up("links", "5", &[("5", DepositState::Confirmed)])).await;
    focus(&stage, "[part=deposit] a");
    let more = [
        ("5", DepositState::Confirmed),
        ("9", DepositState::Detected),
    ];
    stage.learns(&top_up("links", "5", &more)).await;
    stage
        .waits("the second", || stage.count("[part=deposit]") == 2)
        .await;
    assert_eq!(focused(&stage), "link");
}

#[wasm_bindgen_test]
async fn a_new_screen_has_the_focus_on_its_heading() {
    let stage = Stage::with(&checkout("heading", Phase::Awaiting)).await;
    for (part, phase) in [
        ("copy-address", Phase::Underpaid),
        ("copy-address", Phase::Detected),
    ] {
        focus(&stage, &format!("[part={part}]"));
        stage.learns(&checkout("heading", phase)).await;
        stage
            .waits("the heading", || focused(&stage) == "status")
            .await;
    }
    let heading = stage.part("status").expect("a heading");
    assert_eq!(act("return element.localName", &heading), "h2");
}
