//! A short table of amounts: what was asked for, what arrived, and the difference.

use super::number::number;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
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
    let key = |scene: &Scene| {
        let mut key = String::new();
        for (label, of) in FACTS {
            if told(scene, of).is_some() {
                key.push_str(label.say());
            }
        }
        key
    };
    let table = move |scene: &Scene| {
        let mut lines = Vec::new();
        for (label, of) in FACTS {
            if told(scene, of).is_some() {
                let amount = move |scene: &Scene| told(scene, of).unwrap_or_default();
                let is_total = matches!(label, Text::Remaining | Text::Surplus);
                lines.push(
                    block(if is_total { "fact total" } else { "fact" })
                        .with(el("dt", "").text(label.say()))
                        .with(number(flow, "dd", amount)),
                );
            }
        }
        (!lines.is_empty()).then(|| el("dl", "facts").with_all(lines))
    };
    block("slot").slot(flow, key, table)
}

/// The amount with its currency.
fn told(scene: &Scene, of: fn(&InvoiceView) -> Option<Amount>) -> Option<String> {
    let invoice = scene.session.invoice()?;
    if invoice.received.is_zero() {
        return None;
    }
    Some(with_symbol(of(invoice)?, scene.session.payment_words().0))
}

/// An amount and its currency, which stay on one line.
pub fn with_symbol(amount: Amount, symbol: &str) -> String {
    [&amount.to_string(), "\u{a0}", symbol].concat()
}
