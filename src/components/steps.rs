//! The way of a payment that is on it: seen, confirmed, complete.

use crate::dom::{El, el};
use crate::icon::{TICK, icon};
use crate::text::Text;
use checkout::Phase;
use core::cmp::Ordering;

const STEPS: [Text; 3] = [Text::StepSeen, Text::StepConfirmed, Text::StepFinal];

/// The three steps with those done that `phase` has behind it; `None` for a phase that is not on this way.
pub fn steps(phase: Phase) -> Option<El> {
    let done = match phase {
        Phase::Detected => 1,
        Phase::Paid => 2,
        Phase::Completed => 3,
        _ => return None,
    };
    let mut steps = Vec::new();
    for (index, step) in STEPS.into_iter().enumerate() {
        // What the eye sees by ticks and lines, the ear is told.
        let (progress, state) = match index.cmp(&done) {
            Ordering::Less => ("done", Text::StepDone),
            Ordering::Equal => ("next", Text::StepNext),
            Ordering::Greater => ("", Text::StepLater),
        };
        let dot = el("span", "dot").with(icon("dot-mark", TICK));
        let item = el("li", "step").with(dot).text(step.say());
        item.set_or_remove("data-progress", progress);
        let current = if index == done { "step" } else { "" };
        item.set_or_remove("aria-current", current);
        steps.push(item.with(el("span", "unseen").text(state.say())));
    }
    Some(el("ol", "steps").with_all(steps))
}
