//! The exact amount to send, with its copy button.

use super::copy_button::copy_button;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Copies;
use crate::text::Text;

/// The row with what is still to be sent: at first the whole amount.
pub fn amount(flow: Flow, label: Text) -> El {
    // A space of its own, so that the text reads «27.314 USDT» wherever it is taken out.
    let value = block("value amount")
        .part("amount")
        .with(el("span", "digits").words(move || flow.scene().text_of(Copies::Amount)))
        .text(" ")
        .with(el("span", "unit").words(move || flow.scene().session.payment_words().0));
    block("row")
        .with(el("span", "label").text(label.say()))
        .with(value)
        .with(copy_button(flow, Copies::Amount))
}
