//! The QR code on the screen: the invoice's URI, dark on white, and the new one after a repricing.

use crate::stage::{Stage, amount, at, checkout};
use calypso_widget::qr::qr_outline;
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

fn drawn(stage: &Stage) -> (String, String) {
    let attribute = |selector: &str, name: &str| {
        stage
            .find(selector)
            .and_then(|element| element.get_attribute(name))
            .unwrap_or_default()
    };
    (
        attribute("[part=qr]", "viewBox"),
        attribute("[part=qr] path:last-child", "d"),
    )
}

#[wasm_bindgen_test]
async fn the_code_is_the_invoices_uri() {
    let answer = checkout("scanned", Phase::Awaiting);
    let stage = Stage::with(&answer).await;
    let uri = answer.invoice.and_then(|invoice| invoice.uri);
    let outline = qr_outline(&uri.expect("a URI")).expect("short enough");
    assert_eq!(drawn(&stage), (outline.view_box, outline.path));
    let svg = stage.part("qr").expect("drawn");
    assert_eq!(
        svg.namespace_uri().as_deref(),
        Some("http://www.w3.org/2000/svg")
    );
    let colours: Vec<Option<String>> = ["path:first-child", "path:last-child"]
        .map(|path| {
            svg.query_selector(path)
                .ok()
                .flatten()?
                .get_attribute("fill")
        })
        .into();
    assert_eq!(colours, [Some("#fff".to_owned()), Some("#000".to_owned())]);
}

#[wasm_bindgen_test]
async fn a_repricing_shows_both_amounts_and_the_new_code() {
    let stage = Stage::with(&checkout("repriced", Phase::Awaiting)).await;
    let before = drawn(&stage);
    let mut answer = checkout("repriced", Phase::Awaiting);
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.amount, invoice.due) = (amount("27.512"), amount("27.512"));
    invoice.uri = Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.512".into());
    stage.learns(&answer).await;
    stage
        .waits("the new amount", || {
            stage
                .part("amount")
                .and_then(|part| part.text_content())
                .as_deref()
                == Some("27.512 USDT")
        })
        .await;
    assert_ne!(drawn(&stage), before);
    let text = stage.text();
    assert!(
        text.contains("27.314 → 27.512") && text.contains("0.198 USDT more"),
        "{text}"
    );
}

#[wasm_bindgen_test]
async fn no_amount_is_shown_while_it_is_recalculated() {
    let mut answer = checkout("recalculated", Phase::Awaiting);
    answer.now = at(15);
    let stage = Stage::with(&answer).await;
    stage
        .waits("the word", || stage.text().contains("Updating the price"))
        .await;
    assert_eq!(
        stage.count("[part=amount], [part=qr], [part=open-wallet], [part=copy-amount]"),
        0
    );
    assert_eq!(
        stage.count("[part=address]"),
        1,
        "the address stays what it is"
    );
}
