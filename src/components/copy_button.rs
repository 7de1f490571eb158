//! A button that copies a text and says whether that worked.

use super::element::showing;
use super::icon::{ALERT, COPY, TICK, icon};
use crate::clipboard;
use crate::flow::Flow;
use crate::text::Text;
use leptos::html;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How long the button shows what became of the copy.
const FEEDBACK: Duration = Duration::from_millis(2_500);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Feedback {
    None,
    Copied,
    Failed,
}

/// A button named `label` that copies what `text` gives when it is pressed, and then says what `said` gives.
pub fn copy_button(
    flow: Flow,
    part: &'static str,
    label: Text,
    text: impl Fn() -> String + 'static,
    said: impl Fn() -> String + 'static,
) -> AnyView {
    let feedback = RwSignal::new((Feedback::None, 0_u32));
    let (text, said): (Box<dyn Fn() -> String>, Box<dyn Fn() -> String>) =
        (Box::new(text), Box::new(said));
    let pressed = move |event: web_sys::MouseEvent| {
        let Some(button) = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let (text, said) = (text(), said());
        spawn_local(async move {
            let copied = clipboard::copy(&text, &button).await;
            let (shown, said) = if copied {
                (Feedback::Copied, said)
            } else {
                (Feedback::Failed, Text::CopyFailed.say().to_owned())
            };
            let number = feedback.try_update(|(feedback, number)| {
                *feedback = shown;
                *number = number.wrapping_add(1);
                *number
            });
            let Some(number) = number else { return };
            // Emptied first, so that the same sentence is read out again.
            let _ = flow.message.try_set(String::new());
            let _ = flow.message.try_set(said.clone());
            set_timeout(
                move || {
                    // A later press has its own time.
                    feedback.try_update(|(feedback, last)| {
                        if *last == number {
                            *feedback = Feedback::None;
                        }
                    });
                    if copied
                        && flow.message.try_with_untracked(|message| *message == said) == Some(true)
                    {
                        let _ = flow.message.try_set(String::new());
                    }
                },
                FEEDBACK,
            );
        });
    };
    let mark = move || match feedback.get().0 {
        Feedback::None => icon("copy-mark", COPY),
        Feedback::Copied => icon("copy-mark done", TICK),
        Feedback::Failed => icon("copy-mark failed", ALERT),
    };
    let pressed: Box<dyn Fn(web_sys::MouseEvent)> = Box::new(pressed);
    html::button()
        .attr("type", "button")
        .class("copy")
        .attr("part", part)
        .attr("aria-label", label.say())
        .attr("title", label.say())
        .child(showing(mark))
        .on(leptos::ev::click, pressed)
        .into_any()
}
