//! A product's checkout goes on after a reload, and a new one begins only when the buyer wants it.

use crate::stage::{Stage, asked, checkout, field, serve, serve_checkout};
use checkout::Phase;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_reload_reads_the_same_checkout_instead_of_making_one() {
    serve_checkout(&checkout("kept", Phase::Choosing));
    let stage = Stage::open(None, Some("tea"));
    stage.sees("choosing").await;
    assert_eq!(
        (asked("method"), asked("path")),
        (vec!["POST".to_owned()], vec!["/v1/checkouts".to_owned()])
    );
    assert_eq!(asked("body"), [r#"{"product":"tea"}"#]);
    assert_eq!(asked("key").first().map(String::len), Some(36));
    drop(stage);
    let stage = Stage::open(None, Some("tea"));
    stage.sees("choosing").await;
    assert_eq!(asked("path"), ["/v1/checkouts/kept"]);
}

#[wasm_bindgen_test]
async fn a_failed_beginning_is_tried_again_under_the_same_key() {
    serve(0, "");
    let stage = Stage::open(None, Some("coffee"));
    stage.sees("failed").await;
    let key = asked("key");
    drop(stage);
    serve_checkout(&checkout("coffee-1", Phase::Choosing));
    let stage = Stage::open(None, Some("coffee"));
    stage.sees("choosing").await;
    assert_eq!(asked("key"), key[..1]);
}

#[wasm_bindgen_test]
async fn a_checkout_the_proxy_has_lost_is_replaced() {
    serve_checkout(&checkout("lost", Phase::Choosing));
    let first = Stage::open(None, Some("sugar"));
    first.sees("choosing").await;
    drop(first);
    serve(
        404,
        r#"{"error":{"code":"checkout_not_found","message":"no such checkout","requestId":"1"}}"#,
    );
    let stage = Stage::open(None, Some("sugar"));
    stage
        .waits("a new checkout", || {
            asked("method").contains(&"POST".to_owned())
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_payment_of_an_earlier_visit_is_not_shown_as_a_new_one() {
    serve_checkout(&checkout("bought", Phase::Completed));
    let first = Stage::open(None, Some("honey"));
    first.sees("completed").await;
    first
        .waits("the thanks", || first.text().contains("Payment complete"))
        .await;
    drop(first);
    let again = Stage::open(None, Some("honey"));
    again.sees("completed").await;
    again
        .waits("its age", || {
            again.text().contains("This has been paid before") && again.text().contains("on ")
        })
        .await;
    assert!(!again.text().contains("Payment complete"));
    serve_checkout(&checkout("second-pot", Phase::Choosing));
    again.clicks(".actions .primary");
    again.sees("choosing").await;
}

#[wasm_bindgen_test]
async fn after_the_end_a_new_payment_can_begin() {
    serve_checkout(&checkout("first", Phase::Completed));
    let stage = Stage::open(None, Some("salt"));
    stage.sees("completed").await;
    serve_checkout(&checkout("second", Phase::Choosing));
    stage.clicks(".actions button");
    stage.sees("choosing").await;
    let keys: Vec<String> = asked("key")
        .into_iter()
        .filter(|key| !key.is_empty())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1], "another payment has another key");
}

#[wasm_bindgen_test]
async fn an_order_is_sent_as_it_is_signed_and_its_checkout_remembered() {
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJvcmRlciI6IjEwMDEifQ.c2lnbmVk";
    serve_checkout(&checkout("ordered", Phase::Choosing));
    let stage = Stage::of("order", TOKEN, JsValue::UNDEFINED);
    stage.sees("choosing").await;
    assert_eq!(asked("body"), [[r#"{"order":""#, TOKEN, r#""}"#].concat()]);
    assert_eq!(asked("key").first().map(String::len), Some(36));
    drop(stage);
    let stage = Stage::of("order", TOKEN, JsValue::UNDEFINED);
    stage.sees("choosing").await;
    assert_eq!(asked("path"), ["/v1/checkouts/ordered"]);
}

#[wasm_bindgen_test]
async fn an_order_that_is_refused_ends_with_a_way_out() {
    for (number, code) in ["order_token_expired", "order_changed"]
        .into_iter()
        .enumerate()
    {
        let refusal = [
            r#"{"error":{"code":""#,
            code,
            r#"","message":"no","requestId":"1"}}"#,
        ];
        serve(403, &refusal.concat());
        let stage = Stage::of(
            "order",
            &["refused", &number.to_string()].concat(),
            JsValue::UNDEFINED,
        );
        stage.sees("failed").await;
        assert!(
            stage.text().contains("Go back to the shop and start again"),
            "{}",
            stage.text()
        );
        assert!(stage.count(".actions button") > 0);
        let told = stage.events("calypso-error").pop().expect("an error");
        assert_eq!(field(&told, "code").as_string().as_deref(), Some(code));
    }
}

#[wasm_bindgen_test]
async fn an_order_is_not_bought_twice() {
    serve_checkout(&checkout("done", Phase::Completed));
    let stage = Stage::of("order", "done-token", JsValue::UNDEFINED);
    stage.sees("completed").await;
    assert!(
        !stage.text().contains("Start a new payment"),
        "{}",
        stage.text()
    );
}
