//! The screen when too little came: what is missing, and where to send it.

use super::address::address;
use super::amount::amount;
use super::countdown::countdown;
use super::element::{block, message};
use super::facts::{UNDERPAID, facts};
use super::network_notice::network_notice;
use super::qr_code::qr_code;
use super::wallet_link::wallet_link;
use crate::flow::Flow;
use crate::text::Text;
use leptos::prelude::*;

/// The remaining amount, to the same address. QR code and wallet link ask for the rest alone.
pub fn underpaid(flow: Flow) -> AnyView {
    let rest = vec![
        amount(flow, Text::SendRemaining, |invoice| invoice.due),
        block("code", vec![qr_code(flow)]),
        wallet_link(flow),
    ];
    block(
        "screen paying",
        vec![
            message(Text::ExplainUnderpaid),
            facts(flow, &UNDERPAID),
            countdown(flow),
            block(
                "pay",
                vec![
                    block("price-parts", rest),
                    network_notice(flow),
                    address(flow),
                ],
            ),
        ],
    )
}
