//! The widget's readers and the proxy's writers agree on the shared types.

use crate::stage::{amount, checkout};
use calypso_widget::{answer_reader, js_object};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn what_the_proxy_writes_is_what_the_widget_reads() {
    for phase in Phase::ALL {
        let mut answer = checkout("same", phase);
        answer.return_url = Some("https://shop.example/?a=b&c=\"d\"".into());
        answer.support_url = Some("mailto:help@shop.example".into());
        answer.currencies[0].estimate = None;
        if let Some(invoice) = &mut answer.invoice {
            invoice.transaction = Some("abc".into());
            invoice.amount = amount("0.000000000000000001");
        }
        let text = serde_json::to_string(&answer).expect("written");
        assert_eq!(answer_reader::checkout(&text).as_ref(), Some(&answer));
        assert_eq!(
            serde_json::from_str::<checkout::wire::CheckoutView>(&text)
                .ok()
                .as_ref(),
            Some(&answer)
        );
    }
}

#[wasm_bindgen_test]
fn an_expired_invoice_may_come_without_its_address() {
    let mut answer = checkout("gone", Phase::Expired);
    let invoice = answer.invoice.as_mut().expect("an invoice");
    (invoice.address, invoice.uri) = (None, None);
    let text = serde_json::to_string(&answer).expect("written");
    assert!(
        text.contains(r#""address":null"#) && text.contains(r#""uri":null"#),
        "{text}"
    );
    assert_eq!(answer_reader::checkout(&text), Some(answer));
}

#[wasm_bindgen_test]
fn an_unknown_field_is_ignored_and_a_wrong_one_refused() {
    let text = serde_json::to_string(&checkout("odd", Phase::Awaiting)).expect("written");
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} is in the answer");
        answer_reader::checkout(&text.replacen(from, to, 1))
    };
    assert!(with("{", r#"{"somethingNew":{"a":[1]},"#).is_some());
    assert!(
        with(r#""amount":"25.00""#, r#""amount":25.00"#).is_none(),
        "a number is no amount"
    );
    assert!(with(r#""amount":"27.314""#, r#""amount":"27.3.14""#).is_none());
    assert!(with(r#""amount":"27.314""#, r#""amount":"-27.314""#).is_none());
    assert!(with(r#""state":"awaiting""#, r#""state":"teleported""#).is_none());
    assert!(with(r#""pollAfterMs":60000"#, r#""pollAfterMs":-1"#).is_none());
    assert!(with(r#""pollAfterMs":60000"#, r#""pollAfterMs":0.5"#).is_none());
    assert!(with(r#""id":"odd""#, r#""id":null"#).is_none());
    assert!(with(r#""currencies":["#, r#""currencies":[null,"#).is_none());
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "<!doctype html>",
        "\"text\"",
        "{\"id\":",
    ] {
        assert!(answer_reader::checkout(text).is_none(), "{text:?}");
    }
}

#[wasm_bindgen_test]
fn the_one_error_shape() {
    let error = answer_reader::error(
        r#"{"error":{"code":"unknown_product","message":"no","requestId":"1"}}"#,
    );
    assert_eq!(error, Some(("unknown_product".to_owned(), "no".to_owned())));
    for text in [
        "",
        "{}",
        r#"{"error":"no"}"#,
        r#"{"error":{"code":1,"message":"no"}}"#,
        "<html>",
    ] {
        assert_eq!(answer_reader::error(text), None, "{text:?}");
    }
}

#[wasm_bindgen_test]
fn a_request_carries_any_text_as_text() {
    assert_eq!(
        js_object::text_of("product", "a\"b\\c\n"),
        r#"{"product":"a\"b\\c\n"}"#
    );
}
