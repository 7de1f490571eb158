//! The screen when nothing is known: why, and what can be done about it.

use super::actions::go_back;
use crate::dom::{El, block, button, el};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;

/// Why the checkout could not be loaded. Another try comes first where it can help, and the way back where it cannot.
pub fn failed(flow: Flow) -> El {
    let reason = |scene: &Scene| {
        let failure = scene.session.failure();
        failure
            .map_or(Text::FailedRefused, Failure::text)
            .say()
            .to_owned()
    };
    let may_pass = |scene: &Scene| scene.session.failure().is_none_or(Failure::may_pass);
    let key = move |scene: &Scene| if may_pass(scene) { "yes" } else { "" }.to_owned();
    let ways = move |scene: &Scene| {
        let again = |class| button(flow, class, Text::TryAgain, Flow::retry);
        Some(if may_pass(scene) {
            block("actions").with(again("primary"))
        } else {
            block("actions")
                .with_some(go_back(flow))
                .with(again("quiet"))
        })
    };
    block("screen")
        .with(el("p", "explanation").part("message").words(flow, reason))
        .with(block("slot").slot(flow, key, ways))
}
