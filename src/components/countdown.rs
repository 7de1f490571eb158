//! How long the price is fixed and how long the payment may take.

use super::element::{block, words};
use crate::countdown::{clock_face, seconds_left};
use crate::flow::{Flow, Time};
use crate::session::Session;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// Both countdowns, and the two sentences that are read out while they run.
pub fn countdown(flow: Flow) -> AnyView {
    let price = move || {
        flow.session
            .with(price_deadline)
            .map(|deadline| face(flow.time.get(), deadline))
    };
    let expiry = move || {
        flow.session
            .with(expiry_deadline)
            .map(|deadline| face(flow.time.get(), deadline))
    };
    block(
        "countdowns",
        vec![
            html::div()
                .class("countdown")
                .attr("part", "countdown")
                // A timer is not read out by itself: nobody wants to hear every second.
                .attr("role", "timer")
                .child((
                    html::span()
                        .class("clock price-clock")
                        .child(words(move || labelled(Text::PriceFixedFor, price()))),
                    html::span()
                        .class("clock")
                        .child(words(move || labelled(Text::PayWithin, expiry()))),
                ))
                .into_any(),
            super::element::live("unseen", None, move || warning(flow).to_owned()),
        ],
    )
}

fn price_deadline(session: &Session) -> Option<checkout::Timestamp> {
    let invoice = session.invoice()?;
    // A repricing that would come after the end never comes.
    invoice
        .reprice_at
        .filter(|reprice_at| *reprice_at < invoice.expires_at)
}

fn expiry_deadline(session: &Session) -> Option<checkout::Timestamp> {
    session.invoice().map(|invoice| invoice.expires_at)
}

fn face(time: Time, deadline: checkout::Timestamp) -> String {
    if time.is_trusted {
        clock_face(seconds_left(deadline, time.latest))
    } else {
        Text::CheckingTime.say().to_owned()
    }
}

fn labelled(label: Text, face: Option<String>) -> String {
    face.map(|face| [label.say(), "\u{a0}", &face].concat())
        .unwrap_or_default()
}

/// Changes twice in the life of an invoice, and is read out then.
fn warning(flow: Flow) -> &'static str {
    let time = flow.time.get();
    let left = flow
        .session
        .with(expiry_deadline)
        .map(|deadline| seconds_left(deadline, time.latest));
    match left {
        Some(1..=60) if time.is_trusted => Text::OneMinuteLeft.say(),
        Some(61..=300) if time.is_trusted => Text::FiveMinutesLeft.say(),
        _ => "",
    }
}
