//! Copying: what lands on the clipboard, and what is said about it.

use crate::stage::{Stage, act, checkout, copied, set_clipboard};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn amount_and_address_are_copied_bare_and_that_is_said() {
    set_clipboard(true);
    let stage = Stage::with(&checkout("copied", Phase::Awaiting)).await;
    stage.clicks("[part=copy-amount]");
    stage
        .waits("word of the amount", || {
            stage.text().contains("Amount copied: 27.314")
        })
        .await;
    assert_eq!(stage.count("[part=copy-amount] .done"), 1);
    stage.clicks("[part=copy-address]");
    stage
        .waits("word of the address", || {
            stage
                .text()
                .contains("Address copied. Send only USDT on Tron (TRC-20).")
        })
        .await;
    assert_eq!(
        (
            stage.count("[part=copy-address] .done"),
            stage.count("[part=copy-amount] .done")
        ),
        (1, 0)
    );
    let texts: Vec<String> = copied()
        .iter()
        .filter_map(|text| text.as_string())
        .collect();
    assert_eq!(texts, ["27.314", "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"]);
}

#[wasm_bindgen_test]
async fn a_link_that_opens_no_wallet_says_so() {
    let stage = Stage::with(&checkout("no-wallet", Phase::Awaiting)).await;
    let link = stage.part("open-wallet").expect("a link");
    act(
        "element.addEventListener('click', (event) => event.preventDefault())",
        &link,
    );
    stage.clicks("[part=open-wallet]");
    stage
        .waits("the way without", || {
            stage.text().contains("No wallet opened? Copy the address")
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_copy_that_did_not_work_is_never_called_one() {
    set_clipboard(false);
    let stage = Stage::with(&checkout("denied", Phase::Awaiting)).await;
    stage.clicks("[part=copy-address]");
    stage
        .waits("the failure", || {
            stage.text().contains("Copying did not work")
        })
        .await;
    assert_eq!(
        (
            stage.count("[part=copy-address] .failed"),
            stage.count(".done")
        ),
        (1, 0)
    );
    assert_eq!(
        stage.count("textarea"),
        0,
        "the field of the second try is gone"
    );
}
