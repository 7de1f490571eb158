//! The one network that is accepted, beside the address: money sent on another one is lost.

use crate::dom::{El, div, el, p};
use crate::flow::Flow;
use crate::icon::{ALERT, icon};
use crate::words::Text;

/// «Send only USDT on Tron (TRC-20).»
pub fn network_notice(flow: Flow) -> El {
    let only = flow.derive(|ui| {
        let paid_in = ui.known.paid_in();
        Text::SendOnly.with(&[("symbol", paid_in.symbol), ("network", paid_in.network)])
    });
    let sentence = (el("strong", "").child(only), " ", Text::SendOnlyWhy);
    div("notice").child((icon("notice-mark", ALERT), p("").child(sentence)))
}
