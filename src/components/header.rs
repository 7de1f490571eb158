//! What is bought, from whom, and what it costs: on every screen, so that nobody pays without seeing it.

use super::facts::with_symbol;
use super::logo::logo;
use super::number::sized;
use crate::dom::{El, div};
use crate::flow::Flow;

/// The shop's logo, the description and the price.
pub fn header(flow: Flow) -> El {
    let description = flow.derive(|ui| {
        let known = &ui.known;
        let checkout = known.checkout();
        checkout.map_or_else(String::new, |checkout| checkout.description.clone())
    });
    let price = flow.derive(|ui| {
        let known = &ui.known;
        let price = known
            .checkout()
            .and_then(|checkout| checkout.price.as_ref());
        price.map_or_else(String::new, |price| {
            with_symbol(price.amount, &price.currency)
        })
    });
    div("header").child((
        logo(flow),
        div("description").child(description),
        sized(div("number price"), price),
    ))
}
