//! The whole widget: what stays on every screen, and the screen.

use super::element::block;
use super::{
    choosing, connection, failed, footer, header, loading, paying, status, time_is_up, told,
    underpaid,
};
use crate::flow::Flow;
use crate::screen::Screen;
use crate::text::Text;
use leptos::html;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use web_sys::ShadowRoot;

/// The widget of one element, in its shadow root.
pub fn widget(flow: Flow, root: ShadowRoot) -> AnyView {
    let screen = Memo::new(move |_| flow.screen());
    let heading = NodeRef::<html::Div>::new();
    let root = StoredValue::new_local(root);
    // Every arm is a closure of its own type, which makes Leptos build each screen anew: a button of one screen never
    // becomes a button of the next one under the finger of somebody who clicks twice.
    let body = move || {
        let screen = screen.get();
        keep_focus(root, heading);
        match screen {
            Screen::Loading => (move || loading::loading()).into_any(),
            Screen::Failed => (move || failed::failed(flow)).into_any(),
            Screen::Choosing => (move || choosing::choosing(flow)).into_any(),
            Screen::Paying => (move || paying::paying(flow)).into_any(),
            Screen::Underpaid => (move || underpaid::underpaid(flow)).into_any(),
            Screen::TimeIsUp => (move || time_is_up::time_is_up(flow)).into_any(),
            Screen::Told(phase) => (move || told::told(flow, phase)).into_any(),
        }
    };
    html::section()
        .class("widget")
        .attr("aria-label", Text::Payment.say())
        .child((
            header::header(flow),
            status::status(screen, heading),
            connection::connection(flow),
            block("body", vec![body.into_any()]),
            super::element::live("said", Some("message"), move || flow.message.get()),
            footer::footer(flow),
        ))
        .into_any()
}

/// A buyer who has the focus inside the screen that goes away finds it on the status, not at the top of the page.
fn keep_focus(root: StoredValue<ShadowRoot, LocalStorage>, heading: NodeRef<html::Div>) {
    let had_focus = root
        .try_with_value(|root| root.active_element().is_some())
        .unwrap_or(false);
    if had_focus {
        queue_microtask(move || {
            let is_lost = root
                .try_with_value(|root| root.active_element().is_none())
                .unwrap_or(false);
            if is_lost && let Some(heading) = heading.get_untracked() {
                // A browser that refuses the focus leaves it where it is.
                let _ = heading.focus();
            }
        });
    }
}
