//! What is bought, from whom, and what it costs: on every screen, so that nobody pays without seeing it.

use super::facts::with_symbol;
use super::logo::logo;
use super::number::sized;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;

/// The shop's logo, the description and the price.
pub fn header(flow: Flow) -> El {
    let description = |scene: &Scene| {
        let checkout = scene.session.checkout();
        checkout.map_or_else(String::new, |checkout| checkout.description.clone())
    };
    let price = |scene: &Scene| {
        let checkout = scene.session.checkout();
        let price = checkout.and_then(|checkout| checkout.price.as_ref());
        price.map_or_else(String::new, |price| {
            with_symbol(price.amount, &price.currency)
        })
    };
    block("header")
        .with(logo(flow))
        .with(block("description").words(flow, description))
        .with(sized(el("div", "number price"), flow, price))
}
