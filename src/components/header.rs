//! What is bought and what it costs: on every screen, so that nobody pays without seeing it.

use super::element::{block, words};
use crate::flow::Flow;
use leptos::prelude::*;

/// The description and the price.
pub fn header(flow: Flow) -> AnyView {
    let session = flow.session;
    let description = move || {
        session.with(|session| {
            session
                .checkout()
                .map(|checkout| checkout.description.clone())
                .unwrap_or_default()
        })
    };
    let price = move || {
        session.with(|session| {
            let price = session.checkout().map(|checkout| &checkout.price);
            price
                .map(|price| [&price.amount.to_string(), "\u{a0}", &price.currency].concat())
                .unwrap_or_default()
        })
    };
    block(
        "header",
        vec![
            block("description", vec![words(description)]),
            block("price", vec![words(price)]),
        ],
    )
}
