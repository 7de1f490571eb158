//! The screen when nothing is known: why, and what can be done about it.

use super::actions::go_back;
use crate::dom::{El, button, div, p};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::words::Text;

/// Why the checkout could not be loaded. Another try comes first where it can help, and the way back where it cannot.
pub fn failed(flow: Flow) -> El {
    let reason = flow.derive(|ui| {
        let failure = ui.known.failure();
        failure.map_or(Text::FailedRefused, Failure::text)
    });
    let may_pass = flow.derive(|ui| ui.known.failure().is_none_or(Failure::may_pass));
    let ways = move |may_pass: &bool| {
        let again = |class| button(class, Text::TryAgain, move || flow.retry());
        Some(div("actions").child(if *may_pass {
            (None, again("primary"))
        } else {
            (go_back(), again("quiet"))
        }))
    };
    div("screen").child((
        p("explanation").part("message").child(reason),
        div("slot").show(may_pass, ways),
    ))
}
