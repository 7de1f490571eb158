//! The way of a payment that is on it: seen, confirmed, complete.

use crate::dom::{El, el, span};
use crate::icon::{TICK, icon};
use crate::screen::Outcome;
use crate::words::Text;
use core::cmp::Ordering;

const STEPS: [Text; 3] = [Text::StepSeen, Text::StepConfirmed, Text::StepFinal];

/// The three steps with those done that `outcome` has behind it; `None` for one that is not on this way.
pub fn steps(outcome: Outcome) -> Option<El> {
    let done = match outcome {
        Outcome::Detected => 1,
        Outcome::Paid => 2,
        Outcome::Completed | Outcome::PaidBefore => 3,
        Outcome::Reviewing
        | Outcome::Declined
        | Outcome::PartlyPaid
        | Outcome::Overpaid
        | Outcome::Intervention
        | Outcome::Expired
        | Outcome::Archived => return None,
    };
    let mut steps = Vec::new();
    for (index, step) in STEPS.into_iter().enumerate() {
        // Ticks and lines show it; who does not see them is told in words.
        let (progress, state) = match index.cmp(&done) {
            Ordering::Less => ("done", Text::StepDone),
            Ordering::Equal => ("next", Text::StepNext),
            Ordering::Greater => ("", Text::StepLater),
        };
        let current = if index == done { "step" } else { "" };
        steps.push(
            el("li", "step")
                .attr("data-progress", progress)
                .attr("aria-current", current)
                .child((
                    span("dot").child(icon("dot-mark", TICK)),
                    step,
                    span("unseen").child(state),
                )),
        );
    }
    Some(el("ol", "steps").child(steps))
}
