//! Where the payment stands, in one sentence that is read out when it changes.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, CLOCK, CROSS, TICK, icon};
use crate::scene::Scene;
use crate::screen::{Screen, Tone};

/// The status line of the current screen, and the heading in it that takes the focus when a screen goes away.
pub fn status(flow: Flow) -> (El, El) {
    let mark = |scene: &Scene| match scene.screen() {
        Screen::Choosing | Screen::Receiving => None,
        // Only what is over in seconds turns; a payment is waited for longer than anybody wants to see something turn.
        Screen::Loading => Some(block("spinner")),
        screen => Some(icon(
            "mark",
            match screen.tone() {
                Tone::Neutral => CLOCK,
                Tone::Good => TICK,
                Tone::Warning => ALERT,
                Tone::Bad => CROSS,
            },
        )),
    };
    let heading = el("h2", "status-text")
        .part("status")
        .attr("tabindex", "-1")
        .words(flow, Scene::status_text);
    let line = block("status")
        .attr_of(flow, "data-tone", |scene| {
            scene.screen().tone().as_str().to_owned()
        })
        .with(block("slot").slot(flow, Scene::status_text, mark))
        .with(block("").attr("role", "status").with(heading.clone()));
    (line, heading)
}
