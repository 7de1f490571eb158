//! What one coin costs at the price on the screen, and since when: «1 USDT = 0.87 EUR · as of 12:04».

use super::number::sized;
use crate::dom::{El, el};
use crate::flow::Flow;
use crate::local_time::time_of_day;
use crate::rate::{priced_at, rate};
use crate::scene::Scene;
use crate::text::Text;

/// The line under the amount; empty where there is no price or no amount to divide it by.
pub fn rate_line(flow: Flow) -> El {
    sized(el("p", "rate"), flow, |scene| {
        line(scene).unwrap_or_default()
    })
    .part("rate")
    .attr("dir", "ltr")
}

fn line(scene: &Scene) -> Option<String> {
    let price = scene.session.checkout()?.price.as_ref()?;
    let invoice = scene.session.invoice()?;
    let rate = rate(price.amount, invoice.amount)?.to_string();
    let mut line = Text::Rate.fill(&[
        ("symbol", scene.session.payment_words().0),
        ("rate", &rate),
        ("currency", &price.currency),
    ]);
    if let Some(reprice_at) = invoice.reprice_at {
        let time = time_of_day(priced_at(reprice_at, scene.time.latest));
        line.push_str(&Text::RateAsOf.fill(&[("time", &time)]));
    }
    Some(line)
}
