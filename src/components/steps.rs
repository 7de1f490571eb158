//! The way of a payment that is on it: seen, confirmed, complete.

use super::icon::{TICK, icon};
use crate::text::Text;
use checkout::Phase;
use leptos::html;
use leptos::prelude::*;

const STEPS: [Text; 3] = [Text::StepSeen, Text::StepConfirmed, Text::StepFinal];

/// The three steps with those done that `phase` has behind it; `None` for a phase that is not on this way.
pub fn steps(phase: Phase) -> Option<AnyView> {
    let done = match phase {
        Phase::Detected => 1,
        Phase::Paid => 2,
        Phase::Completed => 3,
        _ => return None,
    };
    let steps = STEPS.iter().enumerate().map(|(index, step)| {
        let progress = match index {
            index if index < done => "done",
            index if index == done => "next",
            _ => "later",
        };
        html::li()
            .class("step")
            .attr("data-progress", progress)
            .attr("aria-current", (progress == "next").then_some("step"))
            .child((
                html::span().class("dot").child(icon("dot-mark", TICK)),
                step.say(),
            ))
            .into_any()
    });
    Some(
        html::ol()
            .class("steps")
            .child(steps.collect::<Vec<_>>())
            .into_any(),
    )
}
