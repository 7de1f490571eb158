//! The widget with its stylesheet in every kind of box a page may put it into, and with numbers of every length.

use crate::receiving::top_up;
use crate::stage::{Stage, act, amount, at, box_of, broken_numbers, checkout, style_of};
use checkout::Phase;
use checkout::wire::{CheckoutView, DepositState};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

#[wasm_bindgen_test]
async fn an_address_taken_by_hand_is_one_word() {
    let stage = Stage::styled(&checkout("hand", Phase::Awaiting), "width: 320px").await;
    let address: HtmlElement = stage.part("address").expect("an address").unchecked_into();
    assert_eq!(address.inner_text(), "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE");
    let groups = stage.find(".groups").expect("groups");
    assert_eq!(style_of(&groups, "user-select"), "all");
    let (first, last) = (
        stage.find(".group:first-child").expect("one"),
        stage.find(".group:last-child").expect("one"),
    );
    assert!(
        box_of(&last)[2] >= box_of(&first)[3],
        "on a phone it takes several lines"
    );
}

#[wasm_bindgen_test]
async fn it_is_seen_in_every_kind_of_box() {
    for (tag, css) in [
        ("div", "width: 480px"),
        ("dialog", ""),
        ("div", "display: flex"),
        (
            "div",
            "display: flex; flex-direction: column; align-items: center",
        ),
        ("div", "display: inline-flex"),
        ("div", "float: left"),
        ("div", "float: right"),
        ("table", ""),
        ("div", "display: grid; grid-template-columns: auto auto"),
        ("div", "display: grid; justify-items: center"),
        ("div", "display: inline-block"),
        ("div", "position: absolute"),
        ("div", "position: fixed; inset-inline-end: 0"),
        ("div", "width: fit-content"),
        ("div", "width: max-content"),
        ("fieldset", "width: min-content"),
    ] {
        let stage = Stage::styled(&checkout("box", Phase::Awaiting), "").await;
        stage.moves_into(tag, css);
        let widget = stage.find(".widget").expect("drawn");
        let seen = act(
            "const { width } = element.getBoundingClientRect(); return width >= 240 && width <= document.documentElement.clientWidth",
            &widget,
        );
        assert!(seen.is_truthy(), "{tag} {css}: {:?}", box_of(&widget));
    }
}

/// Where amounts as fine as these can be paid.
fn on_a_chain_of_18_decimals(currency: &mut String, address: &mut Option<String>) {
    *currency = "USDT_BSC".into();
    *address = Some("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".into());
}

/// Every screen with money on it, in the extreme.
fn extremes(digits: &str) -> Vec<CheckoutView> {
    let money = |phase: Phase, received: &str| {
        let mut answer = checkout("extreme", phase);
        answer.price.as_mut().expect("a price").amount = amount("99999999.99");
        let invoice = answer.invoice.as_mut().expect("an invoice");
        on_a_chain_of_18_decimals(&mut invoice.currency, &mut invoice.address);
        (invoice.amount, invoice.received) = (amount(digits), amount(received));
        invoice.due = invoice
            .amount
            .checked_sub(invoice.received)
            .expect("no more than asked for");
        answer
    };
    let mut topped = top_up("extreme", digits, &[(digits, DepositState::Confirmed)]);
    let to = topped.receiving.as_mut().expect("an address");
    on_a_chain_of_18_decimals(&mut to.currency, &mut to.address);
    to.uri = None;
    let mut choosing = checkout("extreme", Phase::Choosing);
    for currency in &mut choosing.currencies {
        currency.estimate = Some(amount(digits));
    }
    vec![
        choosing,
        money(Phase::Awaiting, "0"),
        money(Phase::Underpaid, "0"),
        money(Phase::Overpaid, digits),
        money(Phase::Completed, digits),
        money(Phase::Expired, digits),
        topped,
    ]
}

#[wasm_bindgen_test]
async fn no_amount_is_broken_or_cut_however_long_and_narrow() {
    for digits in [
        "27.17",
        "543.478261",
        "40555.57567342",
        "845897.38890867",
        "0.000000000000000001",
        "123456789012.123456789012345678",
    ] {
        for answer in extremes(digits) {
            let stage = Stage::styled(&answer, "width: 240px").await;
            for width in [240, 280, 320, 360, 460, 539, 540, 560, 1000] {
                let css = format!("element.parentElement.style.width = '{width}px'");
                act(&css, &stage.host);
                let broken = broken_numbers(&stage.root);
                assert!(
                    broken.is_empty(),
                    "{:?} with {digits} in {width} pixels: {broken:?}",
                    answer.state
                );
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_repriced_amount_is_not_broken() {
    let priced = |digits: &str| {
        let mut answer = checkout("extreme-price", Phase::Awaiting);
        let invoice = answer.invoice.as_mut().expect("an invoice");
        on_a_chain_of_18_decimals(&mut invoice.currency, &mut invoice.address);
        (invoice.amount, invoice.due) = (amount(digits), amount(digits));
        answer
    };
    let stage = Stage::styled(&priced("845897.38890867"), "width: 240px").await;
    stage.learns(&priced("945897.38890867")).await;
    stage
        .waits("the notice", || stage.count(".old-new") == 1)
        .await;
    assert_eq!(broken_numbers(&stage.root), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn exotic_text_of_the_page_does_not_leak_in() {
    let leaks = "text-shadow: 2px 2px red; -webkit-text-fill-color: red; -webkit-text-stroke: 2px red; text-decoration: line-through; \
                 cursor: wait; user-select: none; hyphens: auto; letter-spacing: 9px; word-break: break-all; text-align-last: right; \
                 text-emphasis: filled red; text-transform: uppercase; visibility: visible";
    let stage = Stage::styled(&checkout("leaks", Phase::Awaiting), leaks).await;
    let text = stage.part("status").expect("a status");
    for (name, value) in [
        ("text-shadow", "none"),
        ("-webkit-text-stroke-width", "0px"),
        ("cursor", "auto"),
        ("hyphens", "manual"),
        ("letter-spacing", "normal"),
        ("word-break", "normal"),
        ("text-align-last", "auto"),
        ("text-emphasis-style", "none"),
        ("text-transform", "none"),
    ] {
        assert_eq!(style_of(&text, name), value, "{name}");
    }
    assert_eq!(
        style_of(&text, "-webkit-text-fill-color"),
        style_of(&text, "color")
    );
    assert_ne!(style_of(&text, "user-select"), "none");
    // A line through the text of the page does not go on inside an inline block.
    let widget = stage.find(".widget").expect("drawn");
    assert_eq!(style_of(&widget, "display"), "inline-block");
}

#[wasm_bindgen_test]
async fn light_or_dark_follows_the_page_and_the_attribute_decides() {
    let (light, dark) = ("rgb(255, 255, 255)", "rgb(20, 24, 31)");
    for (page, theme, ground) in [
        ("", None, light),
        ("color-scheme: light", None, light),
        ("color-scheme: dark", None, dark),
        ("color-scheme: dark", Some("auto"), dark),
        ("color-scheme: dark", Some("light"), light),
        ("color-scheme: light", Some("dark"), dark),
        ("color-scheme: only light", None, light),
    ] {
        let stage = Stage::styled(&checkout("scheme", Phase::Awaiting), page).await;
        if let Some(theme) = theme {
            stage.host.set_attribute("theme", theme).expect("set");
        }
        let widget = stage.find(".widget").expect("drawn");
        assert_eq!(
            style_of(&widget, "background-color"),
            ground,
            "{page} {theme:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn while_the_price_is_updated_nothing_stands_beside_an_empty_column() {
    let mut answer = checkout("no-column", Phase::Awaiting);
    answer.now = at(15);
    let stage = Stage::styled(&answer, "width: 1000px").await;
    let left = |selector: &str| box_of(&stage.find(selector).expect("drawn"))[0];
    assert_eq!(
        left(".pay .notice").total_cmp(&left(".updating")),
        core::cmp::Ordering::Equal
    );
    assert_eq!(
        left(".pay .row").total_cmp(&left(".updating")),
        core::cmp::Ordering::Equal
    );
}
