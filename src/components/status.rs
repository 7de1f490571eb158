//! Where the payment stands, in one sentence that is read out when it changes.

use crate::dom::{El, block};
use crate::flow::Flow;
use crate::icon::{ALERT, CROSS, TICK, icon};
use crate::screen::{Screen, Tone};

/// The status line of the current screen, and the element in it that takes the focus when a screen goes away.
pub fn status(flow: Flow) -> (El, El) {
    let mark = move || match flow.scene_untracked().screen() {
        Screen::Choosing => None,
        screen => Some(match screen.tone() {
            Tone::Neutral => block("spinner"),
            Tone::Good => icon("mark", TICK),
            Tone::Warning => icon("mark", ALERT),
            Tone::Bad => icon("mark", CROSS),
        }),
    };
    let sentence = move || flow.scene().screen().status().say().to_owned();
    let text = block("status-text")
        .part("status")
        .attr("role", "status")
        .attr("tabindex", "-1")
        .words(sentence);
    let line = block("status")
        .attr_of("data-tone", move || {
            Some(flow.scene().screen().tone().as_str())
        })
        .with(block("slot").slot(sentence, mark))
        .with(text.clone());
    (line, text)
}
