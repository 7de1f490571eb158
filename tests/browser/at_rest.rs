//! While nothing happens, nothing is written: two minutes of ticks and forty polls move the countdown's text alone.

use crate::receiving::top_up;
use crate::stage::{Stage, checkout, serve_unchanged};
use crate::virtual_time::VirtualTime;
use calypso_widget::flow::Flow;
use calypso_widget::options::{Options, Order};
use checkout::Phase;
use checkout::wire::{CheckoutView, DepositState};
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::ShadowRoot;

#[wasm_bindgen(inline_js = r#"
const kind = { attributes: 'an attribute', characterData: 'a text', childList: 'an element' };
export const watch = (root) => {
  const found = [];
  const note = (records) => records.forEach(({ type, target, attributeName }) => {
    const place = target.nodeType === 1 ? target : target.parentElement;
    found.push(`${kind[type]} ${attributeName ?? ''} of .${place?.className}`);
  });
  const observer = new MutationObserver(note);
  observer.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
  return () => { note(observer.takeRecords()); observer.disconnect(); return found; };
};
"#)]
extern "C" {
    /// Notes every mutation below `root`. The function it gives ends that and gives what was noted.
    fn watch(root: &ShadowRoot) -> js_sys::Function;
}

/// Lets two minutes pass over the screen of `answer`; gives the mutations and how often the proxy was asked.
async fn two_minutes(answer: &CheckoutView, has_etag: bool) -> (Vec<String>, usize) {
    let mut answer = answer.clone();
    answer.poll_after_ms = 3_000;
    let time = VirtualTime::begin(answer.now);
    let stage = Stage::of_unchanging(&answer, has_etag);
    time.passes(0).await;
    assert_eq!(
        stage.host.get_attribute("data-state").as_deref(),
        Some(answer.state.as_str())
    );
    let before = crate::stage::asked("path").len();
    let end = watch(&stage.root);
    for _ in 0..120 {
        time.passes(1_000).await;
    }
    let asked = crate::stage::asked("path").len() - before;
    let found: js_sys::Array = end.call0(&end).expect("a list").into();
    (
        found.iter().filter_map(|one| one.as_string()).collect(),
        asked,
    )
}

#[wasm_bindgen_test]
async fn a_payment_writes_its_countdown_and_nothing_else() {
    for has_etag in [true, false] {
        let (found, asked) = two_minutes(&checkout("rest", Phase::Awaiting), has_etag).await;
        assert_eq!(asked, 40, "polls, with an ETag: {has_etag}");
        let clocks = ["a text  of .clock price-clock", "a text  of .clock"];
        for clock in clocks {
            let times = found.iter().filter(|found| *found == clock).count();
            assert!(times >= 119, "{clock} was written {times} times");
        }
        let others: Vec<_> = found
            .iter()
            .filter(|found| !clocks.contains(&found.as_str()))
            .collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

#[wasm_bindgen_test]
async fn a_choice_and_an_address_for_any_amount_write_nothing() {
    let deposits = [
        ("5", DepositState::Confirmed),
        ("9", DepositState::Detected),
    ];
    for answer in [
        checkout("rest-choosing", Phase::Choosing),
        top_up("rest-top-up", "5", &deposits),
    ] {
        for has_etag in [true, false] {
            let (found, asked) = two_minutes(&answer, has_etag).await;
            assert_eq!(asked, 40, "polls of {}", answer.id);
            assert!(
                found.is_empty(),
                "{} with an ETag {has_etag}: {found:?}",
                answer.id
            );
        }
    }
}

#[wasm_bindgen_test]
async fn nothing_that_follows_the_screen_is_worked_out_again() {
    let answer = CheckoutView {
        poll_after_ms: 3_000,
        ..checkout("rest-signals", Phase::Awaiting)
    };
    let time = VirtualTime::begin(answer.now);
    serve_unchanged(&answer, true);
    let host = crate::stage::a_host();
    let owner = Owner::new();
    let runs = Rc::new(Cell::new(0));
    let counted = Rc::clone(&runs);
    let effect = owner.with(|| {
        let options = Options {
            order: Order {
                named: "checkout".to_owned(),
                value: answer.id.clone(),
            },
            proxy: "https://proxy.test".to_owned(),
            judge: None,
        };
        let flow = Flow::start(host.clone(), options);
        RenderEffect::new(move |_| {
            let _ = flow.ui().screen();
            counted.set(counted.get() + 1);
        })
    });
    time.passes(0).await;
    let before = runs.get();
    assert!(before > 0);
    for _ in 0..120 {
        time.passes(1_000).await;
    }
    assert_eq!(runs.get(), before);
    drop(effect);
    owner.cleanup();
    host.remove();
}
