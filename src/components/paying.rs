//! The screen on which the buyer pays: amount, address, QR code, and how long they hold.

use super::actions::pick_another;
use super::address::address;
use super::amount::amount;
use super::countdown::countdown;
use super::network_notice::network_notice;
use super::qr_code::qr_code;
use super::rate_line::rate_line;
use super::repriced::repriced;
use super::wallet_link::wallet_link;
use crate::dom::{El, block, button, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;

/// Everything a payment needs.
pub fn paying(flow: Flow) -> El {
    block("screen paying")
        .with(countdown(flow))
        .with(repriced(flow))
        .with(payment(flow, Text::SendExactly))
        .with(another(flow))
}

/// The way to another currency, while there is one.
pub fn another(flow: Flow) -> El {
    block("slot").when(flow, Scene::can_choose, |flow| {
        button(flow, "quiet", Text::ChooseAnother, pick_another).part("back")
    })
}

/// Amount, QR code, network, address and wallet link. While the amount is recalculated, all that carries an amount makes
/// way: an old amount must not be paid.
pub fn payment(flow: Flow, label: Text) -> El {
    let key = |scene: &Scene| if scene.is_repricing() { "yes" } else { "" }.to_owned();
    let price = move |scene: &Scene| {
        Some(if scene.is_repricing() {
            // Takes the focus of what makes way for it.
            el("p", "updating")
                .attr("tabindex", "-1")
                .text(Text::UpdatingPrice.say())
        } else {
            block("slot")
                .with(amount(flow, label))
                .with(rate_line(flow))
                .with(qr_code(flow))
        })
    };
    // The notice above comes and goes with its text; what is read out is a place that is always there.
    let heard = |scene: &Scene| {
        if scene.is_repricing() {
            Text::UpdatingPrice.say()
        } else {
            ""
        }
        .to_owned()
    };
    block("pay")
        .with(el("p", "unseen").attr("role", "status").words(flow, heard))
        .with(block("slot").slot(flow, key, price))
        .with(network_notice(flow))
        .with(address(flow))
        .with(block("slot").when(flow, |scene| !scene.is_repricing(), wallet_link))
}
