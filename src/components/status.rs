//! Where the payment stands, in one sentence that is read out when it changes.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, CLOCK, CROSS, TICK, icon};
use crate::screen::{Screen, Tone};

/// The status line of the current screen, and the heading in it that takes the focus when a screen goes away.
pub fn status(flow: Flow) -> (El, El) {
    let mark = move || match flow.scene_untracked().screen() {
        Screen::Choosing | Screen::Receiving => None,
        // Only what is over in seconds turns; a payment is waited for longer than anybody wants to see something turn.
        Screen::Loading => Some(block("spinner")),
        screen => Some(match screen.tone() {
            Tone::Neutral => icon("mark", CLOCK),
            Tone::Good => icon("mark", TICK),
            Tone::Warning => icon("mark", ALERT),
            Tone::Bad => icon("mark", CROSS),
        }),
    };
    let sentence = move || flow.scene().status().say().to_owned();
    let heading = el("h2", "status-text")
        .part("status")
        .attr("tabindex", "-1")
        .words(sentence);
    let line = block("status")
        .attr_of("data-tone", move || {
            Some(flow.scene().screen().tone().as_str())
        })
        .with(block("slot").slot(sentence, mark))
        .with(block("").attr("role", "status").with(heading.clone()));
    (line, heading)
}
