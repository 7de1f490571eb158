//! The screen when too little came: what is missing, and where to send it.

use super::countdown::countdown;
use super::facts::{UNDERPAID, facts};
use super::paying::payment;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::text::Text;

/// The remaining amount, to the same address. QR code and wallet link ask for the rest alone.
pub fn underpaid(flow: Flow) -> El {
    block("screen paying")
        .with(
            el("p", "explanation")
                .part("message")
                .text(Text::ExplainUnderpaid.say()),
        )
        .with(facts(flow, &UNDERPAID))
        .with(countdown(flow))
        .with(payment(flow, Text::SendRemaining))
}
