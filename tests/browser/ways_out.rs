//! Every screen says what arrived, has a way out, and contradicts itself nowhere: phase by phase, before and past the end.

use crate::receiving::top_up;
use crate::stage::{Stage, act, amount, at, checkout, serve, serve_nothing};
use checkout::Phase;
use checkout::wire::{CheckoutView, DepositState};
use wasm_bindgen_test::wasm_bindgen_test;

const PAYABLE: &str =
    "[part=address], [part=qr], [part=amount], [part=open-wallet], [part=copy-address]";

/// A checkout with this much received, asked about this many minutes after its beginning.
fn answer(id: &str, phase: Phase, received: &str, minutes: i64) -> CheckoutView {
    let mut answer = checkout(id, phase);
    answer.now = at(minutes);
    answer.support_url = Some("https://shop.test/help".into());
    answer.return_url = Some("https://shop.test/".into());
    if let Some(invoice) = &mut answer.invoice {
        invoice.received = amount(received);
        invoice.due = invoice
            .amount
            .checked_sub(invoice.received)
            .unwrap_or(amount("0"));
    }
    answer
}

async fn silence(stage: &Stage) {
    serve(0, "");
    stage.mounted.refresh();
    stage
        .waits("the banner", || stage.count(".connection") == 1)
        .await;
}

#[wasm_bindgen_test]
async fn a_part_whose_time_is_over_is_named_and_the_shop_can_be_asked() {
    let stage = Stage::with(&answer("half", Phase::Underpaid, "13.657", 181)).await;
    let text = stage.text();
    assert!(text.contains("13.657 of 27.314 USDT"), "{text}");
    assert!(!text.contains("we are checking"), "{text}");
    assert_eq!(stage.count(PAYABLE), 0);
    assert_eq!(stage.count(".spinner"), 0, "nothing is waited for");
    assert_eq!(stage.count(".actions .primary[href*=help]"), 1);
    assert_eq!(stage.count(".facts .total"), 1);
}

#[wasm_bindgen_test]
async fn the_screen_changes_when_the_time_for_the_rest_runs_out() {
    let stage = Stage::with(&answer("running-out", Phase::Underpaid, "13.657", 0)).await;
    assert_eq!(stage.count("[part=address]"), 1);
    stage
        .learns(&answer("running-out", Phase::Underpaid, "13.657", 180))
        .await;
    stage.waits("the end", || stage.count(PAYABLE) == 0).await;
    assert!(stage.text().contains("13.657 of 27.314 USDT"));
}

#[wasm_bindgen_test]
async fn past_the_end_every_phase_names_the_money_and_has_a_way_out() {
    for phase in Phase::ALL {
        for received in ["0", "13.657", "27.314", "845897.388908"] {
            for minutes in [180, 1_440, 100_000] {
                let stage = Stage::with(&answer("past", phase, received, minutes)).await;
                let text = stage.text();
                let what = format!("{phase:?}, {received} received, {minutes} minutes: {text}");
                if received != "0" && phase != Phase::Choosing {
                    assert!(text.contains(received), "{what}");
                }
                assert_eq!(stage.count(PAYABLE), 0, "{what}");
                assert_ne!(stage.count("a[href], button"), 0, "{what}");
                if phase != Phase::Choosing || minutes >= 1_440 {
                    assert_ne!(stage.count(".actions a, .actions button"), 0, "{what}");
                }
            }
        }
    }
}

#[wasm_bindgen_test]
async fn what_was_topped_up_is_still_told_when_its_time_is_over() {
    for phase in [Phase::Awaiting, Phase::Expired, Phase::Archived] {
        let mut answer = top_up("late-top-up", "7.5", &[("7.5", DepositState::Confirmed)]);
        (answer.state, answer.now) = (phase, at(1_441));
        let stage = Stage::with(&answer).await;
        assert_eq!(stage.count(PAYABLE), 0);
        assert_eq!(stage.count("[part=deposit]"), 1);
        let text = stage.text();
        assert!(text.contains("7.5 USDT"), "{phase:?}: {text}");
    }
}

#[wasm_bindgen_test]
async fn nobody_who_must_not_send_is_told_that_a_payment_is_noticed() {
    for phase in Phase::ALL {
        for minutes in [0, 15, 181, 1_441] {
            let stage = Stage::with(&answer("silent", phase, "0", minutes)).await;
            let takes_money =
                stage.count("[part=address]") == 1 && (phase != Phase::Awaiting || minutes != 15);
            silence(&stage).await;
            let banner = stage
                .find(".connection")
                .and_then(|banner| banner.text_content())
                .unwrap_or_default();
            assert_eq!(
                banner.contains("If you have already paid"),
                takes_money,
                "{phase:?} after {minutes} minutes: {banner}"
            );
            assert!(!banner.contains("still noticed"), "{banner}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_payment_that_fell_away_is_told_until_another_is_seen() {
    let stage = Stage::with(&answer("dropped", Phase::Detected, "0", 0)).await;
    stage
        .learns(&answer("dropped", Phase::Awaiting, "0", 1))
        .await;
    stage
        .waits("the notice", || stage.text().contains("did not go through"))
        .await;
    stage
        .learns(&answer("dropped", Phase::Awaiting, "0", 2))
        .await;
    assert!(stage.text().contains("did not go through"));
    stage
        .learns(&answer("dropped", Phase::Detected, "0", 3))
        .await;
    stage
        .waits("its end", || !stage.text().contains("did not go through"))
        .await;
}

#[wasm_bindgen_test]
async fn the_second_part_can_fall_away_and_a_confirmed_part_does_not() {
    let stage = Stage::with(&answer("parts", Phase::Awaiting, "0", 0)).await;
    stage
        .learns(&answer("parts", Phase::Detected, "0", 1))
        .await;
    stage
        .learns(&answer("parts", Phase::Underpaid, "13.657", 2))
        .await;
    assert!(!stage.text().contains("did not go through"));
    stage
        .learns(&answer("parts", Phase::Detected, "13.657", 3))
        .await;
    stage
        .learns(&answer("parts", Phase::Underpaid, "13.657", 4))
        .await;
    stage
        .waits("the notice", || stage.text().contains("did not go through"))
        .await;
}

#[wasm_bindgen_test]
async fn a_deposit_that_vanishes_from_a_top_up_is_told() {
    let both = [
        ("5", DepositState::Confirmed),
        ("9", DepositState::Detected),
    ];
    let stage = Stage::with(&top_up("vanishing", "5", &both)).await;
    stage.learns(&top_up("vanishing", "5", &both[..1])).await;
    stage
        .waits("the notice", || stage.text().contains("did not go through"))
        .await;
    assert_eq!(stage.count("[part=deposit]"), 1);
}

#[wasm_bindgen_test]
async fn the_clocks_speak_whole_sentences() {
    let stage = Stage::with(&answer("clocks", Phase::Awaiting, "0", 0)).await;
    let clocks = || {
        stage
            .part("countdown")
            .and_then(|part| part.text_content())
            .unwrap_or_default()
    };
    assert!(clocks().contains("This amount holds for 1"), "{}", clocks());
    serve_nothing();
    act("window.dispatchEvent(new Event('online'))", &stage.host);
    stage
        .waits("the doubt", || clocks() == "Checking the time…")
        .await;

    let repricing = Stage::with(&answer("zero", Phase::Awaiting, "0", 15)).await;
    let clocks = repricing
        .part("countdown")
        .and_then(|part| part.text_content());
    assert!(!clocks.unwrap_or_default().contains("holds for"));
}

#[wasm_bindgen_test]
async fn what_will_never_load_keeps_its_reference_and_leads_back() {
    act("history.pushState(null, '')", &Stage::open(None, None).host);
    let gone =
        r#"{"error":{"code":"checkout_not_found","message":"no such checkout","requestId":"1"}}"#;
    serve(404, gone);
    let stage = Stage::open(Some("0192f0c8-1"), None);
    stage.sees("failed").await;
    stage
        .waits("the ways", || stage.count(".actions button") == 2)
        .await;
    assert!(stage.text().contains("Reference 0192f0c8-1"));
    assert_eq!(
        stage.count(".actions .primary"),
        0,
        "another try helps nobody"
    );
    assert!(stage.text().contains("Go back"));

    serve(
        503,
        r#"{"error":{"code":"gateway_unavailable","message":"down","requestId":"1"}}"#,
    );
    let passing = Stage::open(Some("0192f0c8-2"), None);
    passing.sees("failed").await;
    passing
        .waits("another try", || passing.count(".actions .primary") == 1)
        .await;
}

#[wasm_bindgen_test]
async fn what_to_say_about_a_late_payment_stands_once() {
    let stage = Stage::styled(
        &answer("late-words", Phase::Expired, "0", 181),
        "width: 320px",
    )
    .await;
    act(
        "element.querySelector('details').open = true",
        stage.find(".widget").as_ref().expect("there"),
    );
    assert_eq!(stage.count("code"), 1, "one reference");
    assert_eq!(
        stage.count(".late a"),
        0,
        "and no second contact in the box"
    );
    let inside = stage.find(".late p").expect("the words");
    let padding = crate::stage::style_of(&inside, "padding-left");
    assert_eq!(padding, "14px");
}

#[wasm_bindgen_test]
async fn a_buyer_who_has_paid_reloads_while_the_proxy_is_away_is_not_told_that_nothing_was_charged()
{
    for (name, status, body) in [
        ("no network", 0, ""),
        (
            "a captive portal",
            200,
            "<!doctype html><title>Sign in</title>",
        ),
        (
            "a proxy that restarts",
            503,
            r#"{"error":{"code":"store_unavailable","message":"x","requestId":"1"}}"#,
        ),
        (
            "a gateway that is down",
            502,
            r#"{"error":{"code":"gateway_failed","message":"x","requestId":"1"}}"#,
        ),
    ] {
        let before = Stage::with(&answer("reloaded", Phase::Detected, "0", 0)).await;
        drop(before);
        serve(status, body);
        let stage = Stage::open(Some("reloaded"), None);
        stage.sees("failed").await;
        promises_nothing(&stage, name).await;
        if status == 0 {
            assert!(stage.text().contains("Do not send again"), "{name}");
        }
    }
}

#[wasm_bindgen_test]
async fn whoever_cannot_change_the_currency_is_not_told_that_nothing_was_sent() {
    for (status, code) in [
        (503, "gateway_unavailable"),
        (409, "something_new"),
        (429, "rate_limited"),
    ] {
        let stage = Stage::with(&answer("changing", Phase::Awaiting, "0", 0)).await;
        stage.clicks("[part=back]");
        stage.sees("choosing").await;
        let body = [
            r#"{"error":{"code":""#,
            code,
            r#"","message":"x","requestId":"1"}}"#,
        ]
        .concat();
        serve(status, &body);
        stage
            .waits("the list", || stage.count("[data-currency=BTC]") == 1)
            .await;
        stage.clicks("[data-currency=BTC]");
        stage
            .waits("the reason", || !stage.events("calypso-error").is_empty())
            .await;
        promises_nothing(&stage, code).await;
    }
}

/// Nobody but the gateway knows what was sent, and nobody has told the shop.
async fn promises_nothing(stage: &Stage, what: &str) {
    stage
        .waits("the reason", || stage.text().contains("try again"))
        .await;
    let text = stage.text();
    for promise in [
        "Nothing was",
        "Nothing has been",
        "nothing was",
        "has been told",
    ] {
        assert!(!text.contains(promise), "{what}: {text}");
    }
}
