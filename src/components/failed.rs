//! The screen when nothing is known: why, and another try.

use crate::dom::{El, block, button, el};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::text::Text;

/// Why the checkout could not be loaded, and a button that tries again.
pub fn failed(flow: Flow) -> El {
    let reason = move || {
        flow.scene()
            .session
            .failure()
            .map_or(Text::FailedRefused, Failure::text)
            .say()
            .to_owned()
    };
    block("screen")
        .with(el("p", "explanation").part("message").words(reason))
        .with(block("actions").with(button("primary", Text::TryAgain, move || flow.retry())))
}
