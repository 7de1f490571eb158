//! The screen on which the buyer pays: amount, address, QR code, and how long they hold.

use super::address::address;
use super::amount::amount;
use super::countdown::countdown;
use super::element::{block, button, nothing, paragraph, showing};
use super::network_notice::network_notice;
use super::qr_code::qr_code;
use super::repriced::repriced;
use super::wallet_link::wallet_link;
use crate::flow::Flow;
use crate::text::Text;
use leptos::prelude::*;

/// Everything a payment needs. While the amount is recalculated, amount, QR code and wallet link make way: an old
/// amount must not be paid.
pub fn paying(flow: Flow) -> AnyView {
    let is_repricing = Memo::new(move |_| {
        let latest = flow.time.get().latest;
        flow.session.with(|session| session.is_repricing(latest))
    });
    let price = move || {
        if is_repricing.get() {
            return paragraph("updating", Text::UpdatingPrice.say().to_owned());
        }
        block(
            "price-parts",
            vec![
                amount(flow, Text::SendExactly, |invoice| invoice.amount),
                block("code", vec![qr_code(flow)]),
                wallet_link(flow),
            ],
        )
    };
    let can_choose = Memo::new(move |_| {
        let latest = flow.time.get().latest;
        flow.session.with(|session| session.can_choose(latest))
    });
    let another = move || {
        if can_choose.get() {
            button("quiet", Some("back"), Text::ChooseAnother, move |_| {
                flow.pick_another(true)
            })
        } else {
            nothing()
        }
    };
    block(
        "screen paying",
        vec![
            countdown(flow),
            repriced(flow),
            block(
                "pay",
                vec![showing(price), network_notice(flow), address(flow)],
            ),
            showing(another),
        ],
    )
}
