//! The shop's logo: drawn when it comes, and without a trace when it does not.

use crate::stage::{Stage, a_moment, checkout, style_of};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

/// An address on this computer that the page of the tests is served from.
fn here(path: &str) -> String {
    let origin = js_sys::eval("location.origin").expect("an origin");
    [&origin.as_string().unwrap_or_default(), path].concat()
}

#[wasm_bindgen_test]
async fn a_logo_that_cannot_be_fetched_leaves_no_trace() {
    let mut answer = checkout("no-logo", Phase::Choosing);
    // A page of text, and no image.
    answer.logo_url = Some(here("/"));
    let stage = Stage::styled(&answer, "width: 400px").await;
    for _ in 0..20 {
        a_moment().await;
    }
    assert_eq!(stage.count("img"), 0);
    let place = stage.find(".logo-place").expect("a place");
    assert_eq!(style_of(&place, "display"), "none");
    assert!(stage.text().contains("Order 1001"));
}

#[wasm_bindgen_test]
async fn nothing_but_an_image_of_the_web_is_fetched() {
    for logo in [
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
        "http://shop.test/logo.png",
        "javascript:alert(1)",
        "//127.0.0.1/logo.png",
        "",
    ] {
        let mut answer = checkout("bad-logo", Phase::Choosing);
        answer.logo_url = Some(logo.into());
        let stage = Stage::with(&answer).await;
        a_moment().await;
        assert_eq!(stage.count("img"), 0, "{logo}");
    }
}
