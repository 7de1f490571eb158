//! Where the payment stands, in one sentence that is read out when it changes.

use crate::dom::{El, div, el};
use crate::flow::Flow;
use crate::icon::{ALERT, CLOCK, CROSS, TICK, icon};
use crate::screen::{Screen, Tone};
use crate::ui_state::UiState;

/// The status line of the current screen, and the heading in it that takes the focus when a screen goes away.
pub fn status(flow: Flow) -> El {
    let screen = flow.derive(UiState::screen);
    let mark = |screen: &Screen| match screen {
        Screen::Choosing | Screen::Ready | Screen::Receiving => None,
        // Only what is over in seconds turns; a payment is waited for longer than anybody wants to see something turn.
        Screen::Loading => Some(div("spinner")),
        screen => Some(icon(
            "mark",
            match screen.look().tone {
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
        .child(flow.derive(|ui| ui.screen().look().status));
    div("status")
        .attr(
            "data-tone",
            flow.derive(|ui| ui.screen().look().tone.as_str()),
        )
        .child((
            div("slot").show(screen, mark),
            div("").attr("role", "status").child(heading),
        ))
}
