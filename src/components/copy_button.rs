//! A button that copies a text and says whether that worked.

use crate::clipboard;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, COPY, TICK, icon};
use crate::scene::{Copies, Scene};
use crate::text::Text;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// The button that copies `what`.
pub fn copy_button(flow: Flow, what: Copies) -> El {
    let (part, label) = match what {
        Copies::Amount => ("copy-amount", Text::CopyAmount),
        Copies::Address => ("copy-address", Text::CopyAddress),
    };
    let pressed = move |event: web_sys::Event| {
        let Some(button) = event
            .current_target()
            .map(JsCast::unchecked_into::<HtmlElement>)
        else {
            return;
        };
        let (text, said) = {
            let scene = flow.scene_untracked();
            (scene.text_of(what), said(&scene, what))
        };
        spawn_local(async move {
            let worked = clipboard::copy(&text, &button).await;
            flow.say_copied(
                what,
                worked,
                if worked {
                    said
                } else {
                    Text::CopyFailed.say().to_owned()
                },
            );
        });
    };
    let feedback = move |scene: &Scene| {
        let copied = scene.copied.filter(|copied| copied.what == what);
        copied.map_or(0, |copied| if copied.worked { 1 } else { 2 })
    };
    let key = move |scene: &Scene| ["", "copied", "failed"][feedback(scene)].to_owned();
    let mark = move |scene: &Scene| {
        let (class, path) = [
            ("copy-mark", COPY),
            ("copy-mark done", TICK),
            ("copy-mark failed", ALERT),
        ][feedback(scene)];
        Some(icon(class, path))
    };
    el("button", "copy")
        .part(part)
        .attr("type", "button")
        .attr("aria-label", label.say())
        .attr("title", label.say())
        .with(block("slot").slot(flow, key, mark))
        .on("click", pressed)
}

fn said(scene: &Scene, what: Copies) -> String {
    let (symbol, network) = scene.session.payment_words();
    match what {
        Copies::Amount => Text::CopiedAmount.fill(&[("amount", &scene.text_of(what))]),
        Copies::Address => Text::CopiedAddress.fill(&[("symbol", symbol), ("network", network)]),
    }
}
