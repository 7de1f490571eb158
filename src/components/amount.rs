//! The exact amount to send, with its copy button.

use super::copy_button::copy_button;
use super::element::{block, span, words};
use crate::flow::Flow;
use crate::text::Text;
use checkout::Amount;
use checkout::wire::InvoiceView;
use leptos::html;
use leptos::prelude::*;

/// The row with the amount that `of` takes from the invoice: the whole of it, or what is missing.
pub fn amount(flow: Flow, label: Text, of: fn(&InvoiceView) -> Amount) -> AnyView {
    let digits = move || {
        flow.session.with(|session| {
            session
                .invoice()
                .map(|invoice| of(invoice).to_string())
                .unwrap_or_default()
        })
    };
    let symbol = move || flow.session.with(|session| session.payment_words().0);
    let copied = move || {
        let digits = flow
            .session
            .with_untracked(|session| session.invoice().map(|invoice| of(invoice).to_string()));
        digits.unwrap_or_default()
    };
    let value = html::div()
        .class("value amount")
        .attr("part", "amount")
        .child((
            html::span().class("digits").child(words(digits)),
            // A space of its own, so that the text reads «27.314 USDT» wherever it is taken out.
            " ",
            html::span().class("unit").child(words(symbol)),
        ))
        .into_any();
    let said = move || Text::CopiedAmount.fill(&[("amount", &copied())]);
    block(
        "row",
        vec![
            span("label", label.say().to_owned()),
            value,
            copy_button(flow, "copy-amount", Text::CopyAmount, copied, said),
        ],
    )
}
