//! Whatever a merchant's record or a gateway holds is shown as text, and linked only when it leads to the web.

use crate::stage::{Stage, checkout};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

const HOSTILE: &str =
    r#"<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>{{7*7}}"#;

#[wasm_bindgen_test]
async fn markup_is_text() {
    let mut answer = checkout("hostile", Phase::Choosing);
    answer.description = HOSTILE.into();
    for currency in &mut answer.currencies {
        (currency.name, currency.network, currency.symbol) =
            (HOSTILE.into(), HOSTILE.into(), HOSTILE.into());
    }
    let stage = Stage::with(&answer).await;
    assert!(stage.text().contains(HOSTILE));
    assert_eq!(stage.count("img, script, iframe, object"), 0);
    assert_ne!(
        web_sys::window()
            .and_then(|window| window.document())
            .map(|document| document.title())
            .as_deref(),
        Some("owned")
    );
}

#[wasm_bindgen_test]
async fn addresses_that_are_not_of_the_web_are_not_linked() {
    let mut answer = checkout("linked", Phase::Completed);
    answer.return_url = Some("javascript:document.title='owned'".into());
    answer.support_url = Some("data:text/html,owned".into());
    answer.logo_url = Some("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>".into());
    let stage = Stage::with(&answer).await;
    assert_eq!(stage.count("a"), 0);
    assert_eq!(
        stage.count("img"),
        0,
        "what is no image of the web is no logo"
    );
}
