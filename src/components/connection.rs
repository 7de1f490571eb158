//! The honest state of the connection: that the proxy is silent, and for how long.

use super::element::{nothing, showing, words};
use crate::flow::Flow;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// A banner while the proxy does not answer. Its sentence is read out once; the age beside it is only seen.
pub fn connection(flow: Flow) -> AnyView {
    let sentence = Memo::new(move |_| {
        flow.silence.get().map(|silence| {
            if silence.is_offline {
                Text::Offline
            } else {
                Text::Stale
            }
        })
    });
    let age = move || {
        let seconds = flow.silence.get().map_or(0, |silence| silence.seconds);
        if seconds < 60 {
            Text::LastChecked.fill(&[("seconds", &seconds.to_string())])
        } else {
            Text::LastCheckedMinutes.fill(&[("minutes", &(seconds / 60).to_string())])
        }
    };
    html::div()
        .attr("role", "status")
        .child(showing(move || match sentence.get() {
            None => nothing(),
            Some(text) => html::div()
                .class("notice connection")
                .attr("part", "message")
                .child((
                    html::p().child(text.say()),
                    html::p()
                        .class("age")
                        .attr("aria-live", "off")
                        .child(words(age)),
                ))
                .into_any(),
        }))
        .into_any()
}
