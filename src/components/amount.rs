//! The exact amount to send, with its copy button.

use super::copy_button::copy_button;
use super::number::sized;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Copies;
use crate::text::Text;

/// The row with what is still to be sent: at first the whole amount.
pub fn amount(flow: Flow, label: Text) -> El {
    // A space of its own, so that the text reads «27.314 USDT» wherever it is taken out.
    let value = block("value amount")
        .part("amount")
        .with(sized(el("span", "digits"), flow, |scene| {
            scene.text_of(Copies::Amount)
        }))
        .text(" ")
        .with(el("span", "unit").words(flow, |scene| scene.session.payment_words().0.to_owned()));
    named_row("amount-label")
        .with(label_of("amount-label").text(label.say()))
        .with(value)
        .with(copy_button(flow, Copies::Amount))
}

/// A row with a value, named by its label for those who do not see that it stands under it.
pub fn named_row(label: &str) -> El {
    block("row")
        .attr("role", "group")
        .attr("aria-labelledby", label)
}

/// The label of a [`named_row`]; ids are the widget's own, inside its shadow root.
pub fn label_of(id: &str) -> El {
    el("span", "label").attr("id", id)
}
