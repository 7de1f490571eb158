//! The one network that is accepted, beside the address: money sent on another one is lost.

use super::element::words;
use super::icon::{ALERT, icon};
use crate::flow::Flow;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// «Send only USDT on Tron (TRC-20).»
pub fn network_notice(flow: Flow) -> AnyView {
    let only = move || {
        let (symbol, network) = flow.session.with(|session| session.payment_words());
        Text::SendOnly.fill(&[("symbol", &symbol), ("network", &network)])
    };
    html::div()
        .class("notice")
        .child((
            icon("notice-mark", ALERT),
            html::p().child((
                html::strong().child(words(only)),
                " ",
                Text::SendOnlyWhy.say(),
            )),
        ))
        .into_any()
}
