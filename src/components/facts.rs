//! A short table of amounts: what was asked for, what arrived, and the difference.

use super::number::number;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::text::Text;
use checkout::Amount;
use checkout::wire::InvoiceView;

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
    let key = move || {
        let mut key = String::new();
        for &(label, of) in &FACTS {
            if told(flow, of).is_some() {
                key.push_str(label.say());
            }
        }
        key
    };
    let table = move || {
        let lines = FACTS
            .iter()
            .filter(|&&(_, of)| told(flow, of).is_some())
            .map(|&(label, of)| {
                let amount = move || told(flow, of).unwrap_or_default();
                let is_total = matches!(label, Text::Remaining | Text::Surplus);
                block(if is_total { "fact total" } else { "fact" })
                    .with(el("dt", "").text(label.say()))
                    .with(number("dd", amount))
            });
        (!key().is_empty()).then(|| el("dl", "facts").with_all(lines))
    };
    block("slot").slot(key, table)
}

/// The amount with its currency.
fn told(flow: Flow, of: fn(&InvoiceView) -> Option<Amount>) -> Option<String> {
    let scene = flow.scene();
    let invoice = scene.session.invoice()?;
    if invoice.received.is_zero() {
        return None;
    }
    Some(with_symbol(of(invoice)?, &scene.session.payment_words().0))
}

/// An amount and its currency, which stay on one line.
pub fn with_symbol(amount: Amount, symbol: &str) -> String {
    [&amount.to_string(), "\u{a0}", symbol].concat()
}
