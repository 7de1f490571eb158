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
        .with(el("span", "clock price-clock").words(move || {
            let scene = flow.scene();
            labelled(&scene, Text::PriceFixedFor, scene.session.price_deadline())
        }))
        .with(el("span", "clock").words(move || {
            let scene = flow.scene();
            labelled(&scene, Text::PayWithin, expiry(&scene))
        }));
    let warning = el("p", "unseen")
        .attr("role", "status")
        .words(move || warning(&flow.scene()).to_owned());
    block("countdowns").with(clocks).with(warning)
}

fn expiry(scene: &Scene) -> Option<Timestamp> {
    scene.session.invoice().map(|invoice| invoice.expires_at)
}

fn labelled(scene: &Scene, label: Text, deadline: Option<Timestamp>) -> String {
    let Some(deadline) = deadline else {
        return String::new();
    };
    let face = scene
        .clock_until(deadline)
        .unwrap_or_else(|| Text::CheckingTime.say().to_owned());
    [label.say(), "\u{a0}", &face].concat()
}

/// Changes twice in the life of an invoice, and is read out then.
fn warning(scene: &Scene) -> &'static str {
    match expiry(scene).map(|deadline| scene.seconds_until(deadline)) {
        Some(1..=60) if scene.time.is_trusted => Text::OneMinuteLeft.say(),
        Some(61..=300) if scene.time.is_trusted => Text::FiveMinutesLeft.say(),
        _ => "",
    }
}
