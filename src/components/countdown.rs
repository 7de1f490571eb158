//! How long the price is fixed and how long the payment may take.

use crate::dom::{El, div, p, span};
use crate::flow::Flow;
use crate::words::{Phrase, Text};
use checkout::Timestamp;

/// Both countdowns, and the two sentences that are read out while they run.
pub fn countdown(flow: Flow) -> El {
    // A timer is not read out by itself: nobody wants to hear every second.
    let clocks = div("countdown")
        .part("countdown")
        .attr("role", "timer")
        .child((
            span("clock price-clock").child(move || price_clock(flow)),
            span("clock").child(move || sentence(flow, Text::PayWithin, expiry(flow))),
            span("clock")
                .child(flow.derive(|ui| (!ui.moment.is_trusted).then_some(Text::CheckingTime))),
        ));
    let warning = p("unseen")
        .attr("role", "status")
        .child(move || warning(flow));
    div("countdowns").child((clocks, warning))
}

fn price_clock(flow: Flow) -> Option<Phrase> {
    let deadline = {
        let ui = flow.ui();
        // While the amount is calculated anew it holds for no time at all.
        let deadline = ui.known.price_deadline();
        deadline.filter(|_| !ui.moment.is_repricing)
    };
    sentence(flow, Text::PriceFixedFor, deadline)
}

fn expiry(flow: Flow) -> Option<Timestamp> {
    flow.ui().known.invoice().map(|invoice| invoice.expires_at)
}

/// The whole sentence; none while the time is not known for certain.
fn sentence(flow: Flow, text: Text, deadline: Option<Timestamp>) -> Option<Phrase> {
    let face = flow.time().clock_until(deadline?)?;
    Some(text.with(&[("time", &face)]))
}

/// Changes twice in the life of an invoice, and is read out then.
fn warning(flow: Flow) -> Option<Text> {
    let deadline = expiry(flow)?;
    let time = flow.time();
    match time.seconds_until(deadline) {
        1..=60 if time.is_trusted => Some(Text::OneMinuteLeft),
        61..=300 if time.is_trusted => Some(Text::FiveMinutesLeft),
        _ => None,
    }
}
