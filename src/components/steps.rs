//! The way of a payment that is on it: seen, confirmed, complete.

use crate::dom::{El, el};
use crate::icon::{TICK, icon};
use crate::text::Text;
use checkout::Phase;

const STEPS: [Text; 3] = [Text::StepSeen, Text::StepConfirmed, Text::StepFinal];

/// The three steps with those done that `phase` has behind it; `None` for a phase that is not on this way.
pub fn steps(phase: Phase) -> Option<El> {
    let done = match phase {
        Phase::Detected => 1,
        Phase::Paid => 2,
        Phase::Completed => 3,
        _ => return None,
    };
    let steps = (0..).zip(STEPS).map(|(index, step)| {
        let dot = el("span", "dot").with(icon("dot-mark", TICK));
        let item = el("li", "step").with(dot).text(step.say());
        // What the eye sees by ticks and lines, the ear is told.
        let state = |text: Text| el("span", "unseen").text(text.say());
        match index {
            index if index < done => item
                .attr("data-progress", "done")
                .with(state(Text::StepDone)),
            index if index == done => item
                .attr("data-progress", "next")
                .attr("aria-current", "step")
                .with(state(Text::StepNext)),
            _ => item.with(state(Text::StepLater)),
        }
    });
    Some(el("ol", "steps").with_all(steps))
}
