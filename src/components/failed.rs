//! The screen when nothing is known: why, and what can be done about it.

use super::actions::go_back;
use crate::dom::{El, block, button, el};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::text::Text;

/// Why the checkout could not be loaded. Another try comes first where it can help, and the way back where it cannot.
pub fn failed(flow: Flow) -> El {
    let reason = move || {
        flow.scene()
            .session
            .failure()
            .map_or(Text::FailedRefused, Failure::text)
            .say()
            .to_owned()
    };
    let may_pass = move || {
        let may_pass = flow.scene().session.failure().is_none_or(Failure::may_pass);
        if may_pass { "yes" } else { "" }.to_owned()
    };
    let ways = move || {
        let again = |class| button(class, Text::TryAgain, move || flow.retry());
        Some(if may_pass().is_empty() {
            block("actions").with_all(go_back()).with(again("quiet"))
        } else {
            block("actions").with(again("primary"))
        })
    };
    block("screen")
        .with(el("p", "explanation").part("message").words(reason))
        .with(block("slot").slot(may_pass, ways))
}
