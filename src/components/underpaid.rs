//! The screen when too little came: what is missing, and where to send it.

use super::countdown::countdown;
use super::facts::{facts, with_symbol};
use super::outcome::explained;
use super::paying::payment;
use crate::dom::{El, div, p};
use crate::flow::Flow;
use crate::words::Text;

/// The remaining amount, to the address that was shown before. QR code and wallet link ask for the rest alone.
pub fn underpaid(flow: Flow) -> El {
    // Another part leaves the screen as it is; the new remainder is read out.
    let remainder = flow.derive(|ui| {
        let known = &ui.known;
        let due = known.invoice().map(|invoice| invoice.due);
        due.map_or_else(String::new, |due| with_symbol(due, known.paid_in().symbol))
    });
    div("screen paying").child((
        explained(flow),
        p("unseen")
            .attr("role", "status")
            .child((Text::SendRemaining, " ", remainder)),
        facts(flow),
        countdown(flow),
        payment(flow, Text::SendRemaining),
    ))
}
