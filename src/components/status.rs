//! Where the payment stands, in one sentence that is read out when it changes.

use super::element::{block, showing, words};
use super::icon::{ALERT, CROSS, TICK, icon};
use crate::screen::{Screen, Tone};
use leptos::html;
use leptos::prelude::*;

/// The status line of the current screen.
pub fn status(screen: Memo<Screen>, heading: NodeRef<html::Div>) -> AnyView {
    let mark = move || match screen.get() {
        Screen::Choosing => ().into_any(),
        screen => match screen.tone() {
            Tone::Neutral => block("spinner", Vec::new()),
            Tone::Good => icon("mark", TICK),
            Tone::Warning => icon("mark", ALERT),
            Tone::Bad => icon("mark", CROSS),
        },
    };
    html::div()
        .class("status")
        .attr("data-tone", move || screen.get().tone().as_str())
        .child((
            showing(mark),
            html::div()
                .node_ref(heading)
                .class("status-text")
                .attr("part", "status")
                .attr("role", "status")
                .attr("tabindex", "-1")
                .child(words(move || screen.get().status().say().to_owned())),
        ))
        .into_any()
}
