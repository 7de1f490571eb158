//! The screen on which the buyer pays: amount, address, QR code, and how long they hold.

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
    let can_choose = move || if flow.scene().can_choose() { "yes" } else { "" }.to_owned();
    let button = move || {
        (!can_choose().is_empty()).then(|| {
            button("quiet", Text::ChooseAnother, move || {
                flow.pick_another(true);
            })
            .part("back")
        })
    };
    block("slot").slot(can_choose, button)
}

/// Amount, QR code, network, address and wallet link. While the amount is recalculated, all that carries an amount makes
/// way: an old amount must not be paid.
pub fn payment(flow: Flow, label: Text) -> El {
    let is_repricing = move || {
        if flow.scene().is_repricing() {
            "yes"
        } else {
            ""
        }
        .to_owned()
    };
    let price = move || {
        Some(if is_repricing().is_empty() {
            block("slot")
                .with(amount(flow, label))
                .with(rate_line(flow))
                .with(qr_code(flow))
        } else {
            // Takes the focus of what makes way for it.
            el("p", "updating")
                .attr("tabindex", "-1")
                .text(Text::UpdatingPrice.say())
        })
    };
    // The notice above comes and goes with its text; what is read out is a place that is always there.
    let heard = move || {
        if is_repricing().is_empty() {
            ""
        } else {
            Text::UpdatingPrice.say()
        }
        .to_owned()
    };
    let wallet = move || is_repricing().is_empty().then(|| wallet_link(flow));
    block("pay")
        .with(el("p", "unseen").attr("role", "status").words(heard))
        .with(block("slot").slot(is_repricing, price))
        .with(network_notice(flow))
        .with(address(flow))
        .with(block("slot").slot(is_repricing, wallet))
}
