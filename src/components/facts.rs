//! A short table of amounts: asked for, received, and the difference.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::text::Text;
use checkout::Amount;
use checkout::wire::InvoiceView;

/// One line of the table: its label and the amount it takes from the invoice.
pub type Fact = (Text, fn(&InvoiceView) -> Option<Amount>);

/// Asked for, received, still missing.
pub const UNDERPAID: [Fact; 3] = [
    (Text::Requested, |invoice| Some(invoice.amount)),
    (Text::Received, |invoice| Some(invoice.received)),
    (Text::Remaining, |invoice| Some(invoice.due)),
];

/// Asked for, received, too much.
pub const OVERPAID: [Fact; 3] = [
    (Text::Requested, |invoice| Some(invoice.amount)),
    (Text::Received, |invoice| Some(invoice.received)),
    (Text::Surplus, |invoice| {
        invoice.received.checked_sub(invoice.amount).ok()
    }),
];

/// The table of `facts`, each amount with its currency.
pub fn facts(flow: Flow, facts: &'static [Fact]) -> El {
    el("dl", "facts").with_all(facts.iter().map(|&(label, of)| {
        let amount = move || {
            let scene = flow.scene();
            let amount = scene.session.invoice().and_then(of);
            amount
                .map(|amount| {
                    [
                        &amount.to_string(),
                        "\u{a0}",
                        &scene.session.payment_words().0,
                    ]
                    .concat()
                })
                .unwrap_or_default()
        };
        block("fact")
            .with(el("dt", "").text(label.say()))
            .with(el("dd", "").words(amount))
    }))
}
