//! A short table of amounts: what was asked for, what arrived, and the difference.

use super::number::number;
use crate::dom::{El, div, el};
use crate::flow::Flow;
use crate::ui_state::UiState;
use crate::words::Text;
use checkout::wire::InvoiceView;
use checkout::{Amount, joined};

/// One line of the table: its label and the amount it takes from the invoice, if that has something to say.
type Fact = (Text, fn(&InvoiceView) -> Option<Amount>);

const FACTS: [Fact; 4] = [
    (Text::Requested, |invoice| Some(invoice.amount)),
    (Text::Received, |invoice| Some(invoice.received)),
    (Text::Remaining, |invoice| {
        (invoice.received < invoice.amount).then_some(invoice.due)
    }),
    (Text::Surplus, |invoice| {
        let surplus = invoice.received.checked_sub(invoice.amount).ok()?;
        (!surplus.is_zero()).then_some(surplus)
    }),
];

/// The table of an invoice on which money has arrived; nothing without money.
pub fn facts(flow: Flow) -> El {
    let are_there = flow.derive(|ui| FACTS.map(|fact| written(ui, fact).is_some()));
    let table = move |are_there: &[bool; 4]| {
        let mut lines = Vec::new();
        for (fact, is_there) in FACTS.into_iter().zip(are_there) {
            if *is_there {
                let is_total = matches!(fact.0, Text::Remaining | Text::Surplus);
                let amount = move || written(&flow.ui(), fact).unwrap_or_default();
                lines.push(
                    div(if is_total { "fact total" } else { "fact" })
                        .child((el("dt", "").child(fact.0), number("dd", amount))),
                );
            }
        }
        (!lines.is_empty()).then(|| el("dl", "facts").child(lines))
    };
    div("slot").show(are_there, table)
}

/// The amount with its currency.
fn written(ui: &UiState, (_, of): Fact) -> Option<String> {
    let invoice = ui.known.invoice()?;
    if invoice.received.is_zero() {
        return None;
    }
    Some(with_symbol(of(invoice)?, ui.known.paid_in().symbol))
}

/// An amount and its currency, which stay on one line.
pub fn with_symbol(amount: Amount, symbol: &str) -> String {
    joined(&[&amount.digits(), "\u{a0}", symbol])
}
