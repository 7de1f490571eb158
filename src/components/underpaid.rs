//! The screen when too little came: what is missing, and where to send it.

use super::countdown::countdown;
use super::facts::{facts, with_symbol};
use super::paying::payment;
use super::told::explained;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;

/// The remaining amount, to the same address. QR code and wallet link ask for the rest alone.
pub fn underpaid(flow: Flow) -> El {
    // Another part leaves the screen as it is; the new remainder is read out.
    let remainder = |scene: &Scene| {
        let due = scene.session.invoice().map(|invoice| invoice.due);
        due.map_or_else(String::new, |due| {
            let due = with_symbol(due, scene.session.payment_words().0);
            [Text::SendRemaining.say(), " ", &due].concat()
        })
    };
    block("screen paying")
        .with(explained(flow))
        .with(
            el("p", "unseen")
                .attr("role", "status")
                .words(flow, remainder),
        )
        .with(facts(flow))
        .with(countdown(flow))
        .with(payment(flow, Text::SendRemaining))
}
