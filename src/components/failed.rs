//! The screen when nothing is known: why, and another try.

use super::element::{block, button, paragraph, part};
use crate::flow::Flow;
use crate::text::Text;
use leptos::prelude::*;

/// Why the checkout could not be loaded, and a button that tries again.
pub fn failed(flow: Flow) -> AnyView {
    let reason = flow
        .session
        .with(|session| session.failure().map(|failure| failure.text()));
    let reason = reason.unwrap_or(Text::FailedRefused);
    let try_again = button("primary", None, Text::TryAgain, move |_| flow.retry());
    block(
        "screen",
        vec![
            part(
                "explanation",
                "message",
                vec![paragraph("", reason.say().to_owned())],
            ),
            block("actions", vec![try_again]),
        ],
    )
}
