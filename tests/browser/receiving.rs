//! Addresses that take any amount: what is read from the answer, and what is on the screen.

use crate::stage::{Stage, amount, at, checkout, style_of};
use calypso_widget::answer_reader;
use checkout::wire::{CheckoutView, DepositState, DepositView, ReceivingView};
use checkout::{Kind, Phase};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_british_buyer_reads_british_dates_and_no_deposit_looks_like_a_total() {
    let languages = "Object.defineProperty(navigator, 'languages', { configurable: true, get: () => ['de-DE', 'en-GB', 'en-US'] })";
    let answer = top_up(
        "dates",
        "3",
        &[
            ("1", DepositState::Confirmed),
            ("2", DepositState::Confirmed),
        ],
    );
    js_sys::eval(languages).expect("languages");
    let stage = Stage::styled(&answer, "width: 400px").await;
    let date = format!(
        "new Date({}).toLocaleString('en-GB', {{ dateStyle: 'medium', timeStyle: 'short' }})",
        at(1).millis()
    );
    let date = js_sys::eval(&date).expect("a date").as_string();
    let shown = stage.find("[part=deposit] time").expect("a time");
    assert_eq!(shown.text_content(), date);
    js_sys::eval("delete navigator.languages").expect("as before");
    let weight =
        |selector: &str| style_of(&stage.find(selector).expect("a deposit"), "font-weight");
    assert_eq!(
        weight("[part=deposit]:last-child"),
        weight("[part=deposit]:first-child")
    );
}

/// A top-up that has received these amounts, `received` of which counts.
pub(crate) fn top_up(id: &str, received: &str, deposits: &[(&str, DepositState)]) -> CheckoutView {
    let deposits = deposits.iter().map(|(text, state)| DepositView {
        amount: amount(text),
        currency: "USDT_TRX".into(),
        transaction: Some("ab12".into()),
        at: at(1),
        state: *state,
    });
    CheckoutView {
        kind: Kind::Topup,
        price: None,
        invoice: None,
        receiving: Some(ReceivingView {
            currency: "USDT_TRX".into(),
            address: Some("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE".into()),
            uri: Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE".into()),
            received: amount(received),
            deposits: deposits.collect(),
        }),
        ..checkout(id, Phase::Awaiting)
    }
}

#[wasm_bindgen_test]
fn what_the_proxy_writes_of_every_kind_is_what_the_widget_reads() {
    let mut answer = top_up("kinds", "5", &DepositState::ALL.map(|state| ("5", state)));
    for kind in [Kind::Topup, Kind::Deposit] {
        answer.kind = kind;
        let text = serde_json::to_string(&answer).expect("written");
        assert_eq!(answer_reader::checkout(&text).as_ref(), Some(&answer));
        let number = text.replacen(r#""received":"5""#, r#""received":5"#, 1);
        assert_ne!(number, text);
        assert!(
            answer_reader::checkout(&number).is_none(),
            "a number is no amount"
        );
    }
    let text = serde_json::to_string(&answer).expect("written");
    let unknown =
        answer_reader::checkout(&text.replace("confirmed", "quantum")).expect("still read");
    let deposits = unknown.receiving.expect("there").deposits;
    assert_eq!(
        deposits[3].state,
        DepositState::Detected,
        "an unknown state never counts"
    );
}

#[wasm_bindgen_test]
async fn every_deposit_is_listed_and_nothing_is_asked_for() {
    let deposits = [
        ("0.1", DepositState::Confirmed),
        ("0.2", DepositState::Confirmed),
        ("9", DepositState::Detected),
    ];
    let stage = Stage::with(&top_up("listed", "0.3", &deposits)).await;
    assert_eq!(stage.count("[part=deposit]"), 3);
    assert_eq!(stage.count("[part=deposit] a"), 3);
    let text = stage.text();
    for words in [
        "0.3\u{a0}USDT",
        "0.1\u{a0}USDT",
        "9\u{a0}USDT",
        "Payment seen",
        "Send only USDT on Tron (TRC-20).",
    ] {
        assert!(text.contains(words), "{words} is missing: {text}");
    }
    assert_eq!(stage.count("[part=qr]"), 1);
    assert_eq!(stage.count("[part=address]"), 1);
    assert_eq!(
        stage.count("[part=amount]") + stage.count("[part=countdown]"),
        0
    );
}

#[wasm_bindgen_test]
async fn an_explorer_link_that_comes_later_appears() {
    let mut answer = top_up("later-link", "5", &[("5", DepositState::Confirmed)]);
    let transaction = |answer: &mut CheckoutView, hash: Option<&str>| {
        let receiving = answer.receiving.as_mut().expect("an address");
        receiving.deposits[0].transaction = hash.map(str::to_owned);
    };
    for kind in [Kind::Topup, Kind::Deposit] {
        answer.kind = kind;
        transaction(&mut answer, None);
        let stage = Stage::with(&answer).await;
        assert_eq!(stage.count("[part=deposit]"), 1);
        assert_eq!(stage.count("[part=deposit] a"), 0);
        transaction(&mut answer, Some("ab12"));
        stage.learns(&answer).await;
        stage
            .waits("the link", || stage.count("[part=deposit] a") == 1)
            .await;
        let link = stage.find("[part=deposit] a").expect("a link");
        assert!(
            link.get_attribute("href")
                .is_some_and(|href| href.contains("ab12"))
        );
    }
}
