//! The whole widget: what stays on every screen, and the screen.

use super::{
    choosing, connection, dropped, failed, footer, header, loading, paying, receiving, status,
    told, underpaid,
};
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::text::{DIRECTION, LANGUAGE, Text};
use leptos_dom::helpers::queue_microtask;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

/// The widget of one element, in its shadow root.
pub fn widget(flow: Flow, root: &ShadowRoot) -> El {
    let (status, heading) = status::status(flow);
    let root = root.clone();
    let screen = move |scene: &Scene| {
        keep_focus(&root, &heading);
        Some(match scene.screen() {
            Screen::Loading => loading::loading(),
            Screen::Failed | Screen::Stopped => failed::failed(flow),
            Screen::Choosing => choosing::choosing(flow),
            Screen::Paying => paying::paying(flow),
            Screen::Receiving => receiving::receiving(flow),
            Screen::Underpaid => underpaid::underpaid(flow),
            Screen::TimeIsUp => told::time_is_up(flow),
            Screen::Told(phase) => told::told(flow, phase),
        })
    };
    el("section", "widget")
        .attr("aria-label", Text::Payment.say())
        // The language of the sentences, whatever the page around speaks and whichever way it reads.
        .attr("lang", LANGUAGE)
        .attr("dir", DIRECTION)
        .with(header::header(flow))
        .with(status)
        .with(connection::connection(flow))
        .with(dropped::dropped(flow))
        .with(block("body").slot(flow, Scene::status_text, screen))
        .with(
            el("p", "said")
                .part("message")
                .attr("role", "status")
                .words(flow, |scene| scene.message.clone()),
        )
        .with(footer::footer(flow))
}

/// A buyer who has the focus inside the screen that goes away finds it on the status, not at the top of the page.
fn keep_focus(root: &ShadowRoot, heading: &El) {
    let Some(focused) = root.active_element() else {
        return;
    };
    if !matches!(focused.closest(".body"), Ok(Some(_))) {
        return;
    }
    let heading = heading.element().clone();
    // The screen is changed when this microtask runs.
    queue_microtask(move || {
        // A browser that refuses the focus leaves it where it is.
        let _ = heading.unchecked_into::<HtmlElement>().focus();
    });
}
