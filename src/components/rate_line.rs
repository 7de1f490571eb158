//! What one coin costs at the price on the screen, and since when: «1 USDT = 0.87 EUR · as of 12:04».

use super::number::sized;
use crate::dom::{El, p};
use crate::flow::Flow;
use crate::local_time::time_of_day;
use crate::rate::{priced_at, rate};
use crate::ui_state::UiState;
use crate::words::{Phrase, Text};

/// The line under the amount; empty where there is no price or no amount to divide it by.
pub fn rate_line(flow: Flow) -> El {
    let line = p("rate").part("rate").attr("dir", "ltr");
    sized(line, flow.derive(sentence))
}

fn sentence(ui: &UiState) -> Option<Phrase> {
    let checkout = ui.known.checkout()?;
    let price = checkout.price.as_ref()?;
    let invoice = ui.known.invoice()?;
    let rate = rate(price.amount, invoice.amount)?.digits();
    let (text, time) = match invoice.reprice_at {
        Some(at) => (Text::RateAsOf, time_of_day(priced_at(at, checkout.now))),
        None => (Text::Rate, String::new()),
    };
    Some(text.with(&[
        ("symbol", ui.known.paid_in().symbol),
        ("rate", &rate),
        ("currency", &price.currency),
        ("time", &time),
    ]))
}
