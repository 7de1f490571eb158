//! What is bought, from whom, and what it costs: on every screen, so that nobody pays without seeing it.

use super::logo::logo;
use super::number::number;
use crate::dom::{El, block};
use crate::flow::Flow;

/// The shop's logo, the description and the price.
pub fn header(flow: Flow) -> El {
    let description = move || {
        flow.scene()
            .session
            .checkout()
            .map(|checkout| checkout.description.clone())
            .unwrap_or_default()
    };
    let price = move || {
        let scene = flow.scene();
        let checkout = scene.session.checkout();
        let price = checkout.and_then(|checkout| checkout.price.as_ref());
        price
            .map(|price| [&price.amount.to_string(), "\u{a0}", &price.currency].concat())
            .unwrap_or_default()
    };
    block("header")
        .with(logo(flow))
        .with(block("description").words(description))
        .with(number("div", price).attr("class", "number price"))
}
