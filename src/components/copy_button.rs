//! A button that copies a text and says whether that worked.

use crate::clipboard;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, COPY, TICK, icon};
use crate::scene::Scene;
use crate::text::Text;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::{Get, GetUntracked, RwSignal, Set};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// How long the button shows what became of the copy.
const FEEDBACK: Duration = Duration::from_millis(2_500);

/// A button that copies what `text` takes from the scene, and then says what `said` makes of it.
pub fn copy_button(
    flow: Flow,
    label: Text,
    text: fn(&Scene) -> String,
    said: fn(&Scene) -> String,
) -> El {
    // What the button shows: nothing yet, "copied" or "failed". A later press has a later number and its own time.
    let feedback = RwSignal::new(String::new());
    let presses = RwSignal::new(String::new());
    let pressed = move |event: web_sys::Event| {
        let Some(button) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let (text, said) = (text(&flow.scene_untracked()), said(&flow.scene_untracked()));
        spawn_local(async move {
            let copied = clipboard::copy(&text, &button).await;
            let said = if copied {
                said
            } else {
                Text::CopyFailed.say().to_owned()
            };
            let Some(mut press) = presses.try_get_untracked() else {
                return;
            };
            press.push('.');
            presses.set(press.clone());
            feedback.set(if copied { "copied" } else { "failed" }.to_owned());
            flow.say(&said);
            set_timeout(
                move || {
                    if presses
                        .try_get_untracked()
                        .is_some_and(|last| last == press)
                    {
                        feedback.set(String::new());
                        if copied {
                            flow.say_no_more(&said);
                        }
                    }
                },
                FEEDBACK,
            );
        });
    };
    let mark = move || {
        Some(match feedback.get_untracked().as_str() {
            "" => icon("copy-mark", COPY),
            "copied" => icon("copy-mark done", TICK),
            _ => icon("copy-mark failed", ALERT),
        })
    };
    el("button", "copy")
        .attr("type", "button")
        .attr("aria-label", label.say())
        .attr("title", label.say())
        .with(block("slot").slot(move || feedback.get(), mark))
        .on("click", pressed)
}
