//! The exact amount to send, with its copy button.

use super::copy_button::copy_button;
use super::number::sized;
use crate::dom::{El, div, span};
use crate::flow::Flow;
use crate::ui_state::Copies;
use crate::words::Text;

/// The row with what is still to be sent: at first the whole amount.
pub fn amount(flow: Flow, label: Text) -> El {
    // A space of its own, so that the text reads «27.314 USDT» wherever it is taken out.
    let value = div("value amount").part("amount").child((
        sized(span("digits"), flow.derive(|ui| ui.text_of(Copies::Amount))),
        " ",
        span("unit").child(flow.derive(|ui| ui.known.paid_in().symbol)),
    ));
    named_row("amount-label").child((
        label_of("amount-label").child(label),
        value,
        copy_button(flow, Copies::Amount),
    ))
}

/// A row with a value, named by its label for those who do not see that it stands under it.
pub fn named_row(label: &'static str) -> El {
    div("row")
        .attr("role", "group")
        .attr("aria-labelledby", label)
}

/// The label of a [`named_row`]; ids are the widget's own, inside its shadow root.
pub fn label_of(id: &'static str) -> El {
    span("label").attr("id", id)
}
