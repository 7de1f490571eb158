//! Under every screen: the number to name to the shop, and the way to reach it.

use super::element::{link_out, nothing, showing, words};
use crate::flow::Flow;
use crate::link::support_link;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// The checkout's id and the support link.
pub fn footer(flow: Flow) -> AnyView {
    let id = Memo::new(move |_| {
        flow.session
            .with(|session| session.checkout().map(|checkout| checkout.id.clone()))
    });
    let support = Memo::new(move |_| {
        flow.session.with(|session| {
            let checkout = session.checkout()?;
            support_link(checkout.support_url.as_deref()?, &checkout.id)
        })
    });
    let reference = move || match id.get() {
        None => nothing(),
        Some(id) => html::span()
            .class("reference")
            .child((
                Text::Reference.say(),
                " ",
                html::code().child(words(move || id.clone())),
            ))
            .into_any(),
    };
    let link = move || {
        support
            .get()
            .map_or_else(nothing, |link| link_out("link", link, Text::Support))
    };
    html::footer()
        .class("footer")
        .child((showing(reference), showing(link)))
        .into_any()
}
