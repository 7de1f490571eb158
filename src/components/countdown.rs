//! How long the price is fixed and how long the payment may take.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;
use checkout::Timestamp;

/// Both countdowns, and the two sentences that are read out while they run.
pub fn countdown(flow: Flow) -> El {
    // A timer is not read out by itself: nobody wants to hear every second.
    let clocks = block("countdown")
        .part("countdown")
        .attr("role", "timer")
        .with(el("span", "clock price-clock").words(flow, |scene| {
            // While the amount is calculated anew it holds for no time at all.
            let deadline = scene.session.price_deadline();
            let deadline = deadline.filter(|_| !scene.is_repricing());
            sentence(scene, Text::PriceFixedFor, deadline)
        }))
        .with(el("span", "clock").words(flow, |scene| {
            sentence(scene, Text::PayWithin, expiry(scene))
        }))
        .with(el("span", "clock").words(flow, |scene| {
            if scene.time.is_trusted {
                ""
            } else {
                Text::CheckingTime.say()
            }
            .to_owned()
        }));
    let warning = el("p", "unseen")
        .attr("role", "status")
        .words(flow, |scene| warning(scene).to_owned());
    block("countdowns").with(clocks).with(warning)
}

fn expiry(scene: &Scene) -> Option<Timestamp> {
    scene.session.invoice().map(|invoice| invoice.expires_at)
}

/// The whole sentence; empty while the time is not known for certain.
fn sentence(scene: &Scene, text: Text, deadline: Option<Timestamp>) -> String {
    deadline
        .and_then(|deadline| scene.clock_until(deadline))
        .map(|face| text.fill(&[("time", &face)]))
        .unwrap_or_default()
}

/// Changes twice in the life of an invoice, and is read out then.
fn warning(scene: &Scene) -> &'static str {
    match expiry(scene).map(|deadline| scene.seconds_until(deadline)) {
        Some(1..=60) if scene.time.is_trusted => Text::OneMinuteLeft.say(),
        Some(61..=300) if scene.time.is_trusted => Text::FiveMinutesLeft.say(),
        _ => "",
    }
}
