//! The screens on which nothing is to be sent: what happened, what arrived, and what can be done now.

use super::actions::actions;
use super::deposits::deposits;
use super::facts::facts;
use super::steps::steps;
use crate::dom::{El, block, el, link_out};
use crate::explanation::explanation;
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;
use checkout::Phase;

/// The screen of `phase`.
pub fn told(flow: Flow, phase: Phase) -> El {
    let transaction_key = |scene: &Scene| scene.session.transaction_url().unwrap_or_default();
    let transaction = |scene: &Scene| {
        let url = scene.session.transaction_url()?;
        Some(link_out("link", &url, Text::ViewTransaction))
    };
    let may_be_late = matches!(phase, Phase::Expired | Phase::Archived | Phase::Underpaid);
    block("screen")
        .with_some(steps(phase))
        .with(explained(flow))
        .with(facts(flow))
        .with(deposits(flow))
        .with(block("slot").slot(flow, transaction_key, transaction))
        .with_some(may_be_late.then(|| late_payment(flow)))
        .with(actions(flow))
}

/// The screen between the widget's own end of time and the proxy's word about it: no address, no QR code.
pub fn time_is_up(flow: Flow) -> El {
    block("screen")
        .with(explained(flow))
        .with(facts(flow))
        .with(deposits(flow))
        .with(late_payment(flow))
        .with(actions(flow))
}

/// What the screen has to explain.
pub fn explained(flow: Flow) -> El {
    el("p", "explanation")
        .part("message")
        .words(flow, explanation)
}

/// For money that was sent and is not seen: whom to tell, and what. Reference and support stand under every screen. Nothing
/// where no address was ever shown.
fn late_payment(flow: Flow) -> El {
    block("slot").when(
        flow,
        |scene| scene.session.has_asked(),
        |_| {
            el("details", "late")
                .with(el("summary", "").text(Text::AlreadySent.say()))
                .with(el("p", "").text(Text::AlreadySentContact.say()))
        },
    )
}
