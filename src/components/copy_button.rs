//! A button that copies a text and says whether that worked.

use crate::clipboard;
use crate::dom::{El, div, el};
use crate::flow::Flow;
use crate::icon::{ALERT, COPY, TICK, icon};
use crate::ui_state::{Copies, UiState};
use crate::words::{Phrase, Text};
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
            let ui = flow.ui_untracked();
            (ui.text_of(what), said(&ui, what))
        };
        spawn_local(async move {
            let worked = clipboard::copy(&text, &button).await;
            let said = if worked {
                said
            } else {
                Text::CopyFailed.into()
            };
            flow.say_copied(what, worked, said);
        });
    };
    let worked = move || {
        let copied = flow.ui().copied.filter(|copied| copied.what == what);
        copied.map(|copied| copied.worked)
    };
    let mark = |worked: &Option<bool>| {
        Some(match worked {
            None => icon("copy-mark", COPY),
            Some(true) => icon("copy-mark done", TICK),
            Some(false) => icon("copy-mark failed", ALERT),
        })
    };
    el("button", "copy")
        .part(part)
        .attr("type", "button")
        .attr("aria-label", label)
        .attr("title", label)
        .child(div("slot").show(worked, mark))
        .on("click", pressed)
}

fn said(ui: &UiState, what: Copies) -> Phrase {
    let paid_in = ui.known.paid_in();
    match what {
        Copies::Amount => Text::CopiedAmount.with(&[("amount", &ui.text_of(what))]),
        Copies::Address => {
            Text::CopiedAddress.with(&[("symbol", paid_in.symbol), ("network", paid_in.network)])
        }
    }
}
