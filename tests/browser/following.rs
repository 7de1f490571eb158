//! The proxy's stream: it moves the page without a question, and whatever becomes of it, the questions go on.

use crate::stage::{
    Stage, asked, at, checkout, cut_stream, field, forget_streams, hide_page, push_bytes,
    serve_checkout, serve_streams, serve_unchanged, streams_asked,
};
use crate::virtual_time::VirtualTime;
use checkout::Phase;
use checkout::wire::CheckoutView;
use wasm_bindgen_test::wasm_bindgen_test;

/// The checkout's message as the proxy writes it.
fn message(view: &CheckoutView, tag: &str) -> String {
    let text = serde_json::to_string(view).expect("a checkout can be written");
    format!("event: checkout\nid: \"{tag}\"\ndata: {text}\n\n")
}

/// The same checkout in another phase, some seconds later.
fn later(view: &CheckoutView, state: Phase, seconds: i64) -> CheckoutView {
    let mut later = checkout(&view.id, state);
    later.now = view.now.plus_seconds(seconds);
    later.poll_after_ms = view.poll_after_ms;
    later
}

/// The proxy gives streams, until it is dropped.
struct Streams;

impl Streams {
    fn begin() -> Self {
        forget_streams();
        serve_streams(200);
        Self
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        forget_streams();
    }
}

/// A page that follows a checkout, asked for every three seconds otherwise.
struct Page {
    time: VirtualTime,
    stage: Stage,
    view: CheckoutView,
    _streams: Streams,
}

impl Page {
    /// One whose stream was asked for and has said nothing yet.
    async fn asking(id: &str) -> Self {
        let streams = Streams::begin();
        let mut view = checkout(id, Phase::Awaiting);
        view.poll_after_ms = 3_000;
        let time = VirtualTime::begin(view.now);
        let stage = Stage::of_unchanging(&view, true);
        time.passes(0).await;
        assert_eq!(open(), 1, "a stream behind the first answer");
        Self {
            time,
            stage,
            view,
            _streams: streams,
        }
    }

    /// One whose stream has told what is shown.
    async fn following(id: &str) -> Self {
        let page = Self::asking(id).await;
        page.hears(&["retry: 2000\n\n", &message(&page.view, "unchanged")].concat())
            .await;
        page
    }

    async fn hears(&self, text: &str) {
        assert!(push_bytes(text), "no stream is open");
        self.time.passes(0).await;
    }

    fn state(&self) -> String {
        self.stage
            .host
            .get_attribute("data-state")
            .unwrap_or_default()
    }

    /// How many questions are asked while that time passes.
    async fn questions_in(&self, millis: u32) -> usize {
        let before = asked("path").len();
        self.time.passes(millis).await;
        asked("path").len() - before
    }
}

fn open() -> usize {
    let streams = streams_asked();
    let is_open = |stream| field(&stream, "open").is_truthy();
    streams
        .iter()
        .filter(|stream| is_open(stream.clone()))
        .count()
}

fn opened() -> u32 {
    streams_asked().length()
}

#[wasm_bindgen_test]
async fn a_page_that_is_told_moves_without_a_question() {
    let page = Page::following("told").await;
    assert_eq!(page.questions_in(20_000).await, 0);
    page.hears(": beat\n\n").await;
    let paid = message(&later(&page.view, Phase::Detected, 20), "two");
    let (first, second) = paid.split_at(paid.len() / 2);
    page.hears(first).await;
    assert_eq!(page.state(), "awaiting");
    page.hears(second).await;
    assert_eq!(page.state(), "detected");
    page.hears(&message(&later(&page.view, Phase::Paid, 21), "three"))
        .await;
    assert_eq!(page.state(), "paid");
    assert_eq!(page.stage.events("calypso-paid").len(), 1);
    assert_eq!(asked("path").len(), 1, "the first question was the last");
}

#[wasm_bindgen_test]
async fn it_is_asked_for_as_the_questions_are_and_of_the_same_proxy() {
    let _page = Page::asking("asked-for").await;
    let stream = streams_asked().get(0);
    let of = |name| field(&stream, name).as_string().unwrap_or_default();
    assert_eq!(of("path"), "/v1/checkouts/asked-for/events");
    assert_eq!(of("credentials"), "omit");
    assert_eq!(of("redirect"), "error");
    assert_eq!(of("headers"), "", "nothing a browser would ask about first");
}

#[wasm_bindgen_test]
async fn a_stream_that_says_nothing_of_the_checkout_is_not_relied_on() {
    let page = Page::asking("mute").await;
    page.hears("retry: 2000\n\n: beat\n\n").await;
    assert_eq!(page.questions_in(9_100).await, 3);
}

#[wasm_bindgen_test]
async fn beside_a_stream_the_proxy_is_still_asked_now_and_then() {
    let page = Page::following("lost-wake-up").await;
    for _ in 0..3 {
        assert_eq!(page.questions_in(14_000).await, 0);
        page.hears(": beat\n\n").await;
    }
    // The stream lives and has told nothing of it.
    serve_checkout(&later(&page.view, Phase::Detected, 50));
    assert_eq!(page.questions_in(4_000).await, 1);
    assert_eq!(page.state(), "detected");
    assert_eq!(open(), 0, "what holds back the news is left");
}

#[wasm_bindgen_test]
async fn a_cut_stream_is_replaced_by_questions_and_opened_again_later() {
    for cleanly in [false, true] {
        let page = Page::following("cut").await;
        cut_stream(cleanly);
        assert!(
            page.questions_in(3_100).await >= 1,
            "at once, within a pace"
        );
        serve_streams(503);
        assert!(page.questions_in(9_100).await >= 3);
        serve_unchanged(&later(&page.view, Phase::Detected, 12), false);
        page.time.passes(3_100).await;
        assert_eq!(page.state(), "detected");
        assert_eq!(page.stage.events("calypso-error").len(), 0);
        serve_streams(200);
        page.time.passes(45_000).await;
        assert_eq!(open(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_stream_that_falls_silent_is_left() {
    let page = Page::following("silent").await;
    page.time.passes(39_000).await;
    assert_eq!(open(), 1);
    page.time.passes(3_000).await;
    assert_eq!(open(), 0, "no beat for forty seconds");
    assert!(page.questions_in(3_100).await >= 1);
}

#[wasm_bindgen_test]
async fn a_refused_stream_is_not_asked_for_again_and_a_busy_proxy_rarely() {
    for (status, most) in [(404, 1), (503, 8)] {
        let page = Page::asking("refused").await;
        serve_streams(status);
        cut_stream(false);
        let before = opened();
        page.time.passes(90_000).await;
        let again = opened() - before;
        assert!((1..=most).contains(&again), "{status}: {again}");
        assert!(page.questions_in(9_100).await >= 3, "{status}");
        let before = opened();
        hide_page(true);
        hide_page(false);
        page.time.passes(0).await;
        assert_eq!(opened() - before, 1, "who comes back tries again");
    }
}

#[wasm_bindgen_test]
async fn what_is_hostile_is_left_and_nothing_of_it_is_seen() {
    let view = checkout("hostile", Phase::Awaiting);
    let mut other = later(&view, Phase::Paid, 5);
    other.id = "another".to_owned();
    let mut moved = later(&view, Phase::Awaiting, 5);
    let invoice = moved.invoice.as_mut().expect("an invoice");
    invoice.address = Some("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8".to_owned());
    invoice.uri = None;
    let mut older = later(&view, Phase::Paid, 0);
    older.now = at(-1);
    let long = "x".repeat(10 << 20);
    for text in [
        message(&other, "other"),
        message(&moved, "moved"),
        message(&older, "older"),
        "event: checkout\ndata: <html>\n\n".to_owned(),
        "event: checkout\n\n".to_owned(),
        ["event: checkout\ndata: ", &long].concat(),
        ["event: checkout\ndata: ", &long, "\n\n"].concat(),
    ] {
        let page = Page::following("hostile").await;
        let shown = page.stage.text();
        page.hears(&text).await;
        assert_eq!(open(), 0, "{}", &text[..text.len().min(60)]);
        assert_eq!(page.state(), "awaiting");
        assert_eq!(page.stage.text(), shown);
        assert_eq!(page.stage.events("calypso-error").len(), 0);
        assert!(page.questions_in(3_100).await >= 1, "the proxy is asked");
        assert_eq!(page.state(), "awaiting");
    }
}

#[wasm_bindgen_test]
async fn a_flood_is_left() {
    let page = Page::following("flood").await;
    for _ in 0..2_000 {
        if !push_bytes(": beat\n\n") {
            break;
        }
    }
    page.time.passes(0).await;
    page.time.passes(0).await;
    for _ in 0..200 {
        page.time.passes(0).await;
    }
    assert_eq!(open(), 0);
    assert_eq!(page.state(), "awaiting");
}

#[wasm_bindgen_test]
async fn a_hidden_page_holds_no_stream_and_one_that_is_seen_again_asks_first() {
    let page = Page::following("hidden").await;
    hide_page(true);
    page.time.passes(0).await;
    assert_eq!(open(), 0);
    assert_eq!(page.questions_in(120_000).await, 0);
    assert_eq!(opened(), 1);
    hide_page(false);
    assert_eq!(page.questions_in(0).await, 1);
    assert_eq!((open(), opened()), (1, 2));
    for hidden in [true, false, true, false] {
        hide_page(hidden);
        page.time.passes(0).await;
        assert_eq!(open(), usize::from(!hidden));
    }
}

#[wasm_bindgen_test]
async fn who_leaves_takes_the_stream_along() {
    let mut page = Page::following("leaving").await;
    page.stage.mounted.unmount();
    page.time.passes(0).await;
    assert_eq!(open(), 0);
    page.time.passes(120_000).await;
    assert_eq!(opened(), 1);
}

#[wasm_bindgen_test]
async fn a_page_holds_one_stream_and_the_other_element_asks() {
    let page = Page::following("first").await;
    let other = Stage::of_unchanging(&later(&page.view, Phase::Awaiting, 0), true);
    page.time.passes(0).await;
    assert_eq!((open(), opened()), (1, 1));
    assert!(page.questions_in(9_100).await >= 3, "the other one asks");
    drop(page.stage);
    page.time.passes(3_100).await;
    assert_eq!((open(), opened()), (1, 2), "now the other one follows");
    drop(other);
    page.time.passes(0).await;
    assert_eq!(open(), 0);
}

#[wasm_bindgen_test]
async fn what_cannot_change_any_more_is_not_followed() {
    let page = Page::following("complete").await;
    page.hears(&message(&later(&page.view, Phase::Completed, 1), "end"))
        .await;
    assert_eq!(page.state(), "completed");
    cut_stream(true);
    serve_unchanged(&later(&page.view, Phase::Completed, 2), true);
    page.time.passes(300_000).await;
    assert_eq!(opened(), 1);
}

#[wasm_bindgen_test]
async fn a_new_price_and_the_end_are_told_without_a_question() {
    let page = Page::following("deadlines").await;
    let mut repriced = later(&page.view, Phase::Awaiting, 1);
    repriced.now = at(15);
    let invoice = repriced.invoice.as_mut().expect("an invoice");
    invoice.amount = crate::stage::amount("30");
    invoice.due = crate::stage::amount("30");
    invoice.uri = None;
    invoice.reprice_at = Some(at(30));
    page.hears(&message(&repriced, "repriced")).await;
    assert!(page.stage.text().contains("30"));
    let mut expired = later(&page.view, Phase::Expired, 0);
    expired.now = at(180);
    if let Some(invoice) = expired.invoice.as_mut() {
        invoice.address = None;
        invoice.uri = None;
        invoice.reprice_at = None;
    }
    page.hears(&message(&expired, "expired")).await;
    assert_eq!(page.state(), "expired");
    assert_eq!(page.stage.count("[part=address]"), 0);
    assert_eq!(asked("path").len(), 1);
}
