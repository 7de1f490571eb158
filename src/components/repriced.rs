//! What a repricing changed: old amount, new amount, difference.

use super::element::{nothing, showing};
use crate::flow::Flow;
use crate::repricing::Change;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// The notice of the last repricing; nothing while there was none.
pub fn repriced(flow: Flow) -> AnyView {
    let repricing = Memo::new(move |_| flow.session.with(|session| session.repricing()));
    let notice = move || {
        let Some(repricing) = repricing.get() else {
            return nothing();
        };
        let (symbol, _) = flow
            .session
            .with_untracked(|session| session.payment_words());
        let (text, difference) = match repricing.change {
            Change::More(difference) => (Text::RepricedMore, difference),
            Change::Less(difference) => (Text::RepricedLess, difference),
        };
        let sentence = text.fill(&[("difference", &difference.to_string()), ("symbol", &symbol)]);
        html::div()
            .class("notice repriced")
            .child((
                html::p().child(sentence),
                html::p().class("old-new").child((
                    html::s().child(repricing.old.to_string()),
                    " → ",
                    html::strong().child(repricing.new.to_string()),
                )),
            ))
            .into_any()
    };
    html::div()
        .attr("role", "status")
        .attr("part", "message")
        .child(showing(notice))
        .into_any()
}
