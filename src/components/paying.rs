//! The screen on which the buyer pays: amount, address, QR code, and how long they hold.

use super::address::address;
use super::amount::amount;
use super::countdown::countdown;
use super::network_notice::network_notice;
use super::qr_code::qr_code;
use super::rate_line::rate_line;
use super::repriced::repriced;
use super::wallet_link::wallet_link;
use crate::dom::{El, button, div, p};
use crate::flow::Flow;
use crate::words::Text;

/// Everything a payment needs.
pub fn paying(flow: Flow) -> El {
    div("screen paying").child((
        countdown(flow),
        repriced(flow),
        payment(flow, Text::SendExactly),
        another(flow),
    ))
}

/// The way to another currency, while there is one.
pub fn another(flow: Flow) -> El {
    let way = move |can_choose: &bool| {
        let way = || button("quiet", Text::ChooseAnother, move || flow.open_choice());
        can_choose.then(|| way().part("back"))
    };
    div("slot").show(flow.derive(|ui| ui.moment.can_choose), way)
}

/// Amount, QR code, network, address and wallet link. While the amount is recalculated, all that carries an amount makes
/// way: an old amount must not be paid.
pub fn payment(flow: Flow, label: Text) -> El {
    let is_repricing = flow.derive(|ui| ui.moment.is_repricing);
    let price = move |is_repricing: &bool| {
        Some(if *is_repricing {
            // Takes the focus of what makes way for it.
            p("updating")
                .attr("tabindex", "-1")
                .child(Text::UpdatingPrice)
        } else {
            div("slot").child((amount(flow, label), rate_line(flow), qr_code(flow)))
        })
    };
    // The notice above comes and goes with its text; what is read out is a place that is always there.
    let heard = flow.derive(|ui| ui.moment.is_repricing.then_some(Text::UpdatingPrice));
    div("pay").child((
        p("unseen").attr("role", "status").child(heard),
        div("slot").show(is_repricing, price),
        network_notice(flow),
        address(flow),
        div("slot").show(is_repricing, move |is_repricing| {
            (!is_repricing).then(|| wallet_link(flow))
        }),
    ))
}
