//! The one network that is accepted, beside the address: money sent on another one is lost.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, icon};
use crate::scene::Scene;
use crate::text::Text;

/// «Send only USDT on Tron (TRC-20).»
pub fn network_notice(flow: Flow) -> El {
    let only = |scene: &Scene| {
        let (symbol, network) = scene.session.payment_words();
        Text::SendOnly.fill(&[("symbol", symbol), ("network", network)])
    };
    let sentence = el("p", "")
        .with(el("strong", "").words(flow, only))
        .text(" ")
        .text(Text::SendOnlyWhy.say());
    block("notice")
        .with(icon("notice-mark", ALERT))
        .with(sentence)
}
