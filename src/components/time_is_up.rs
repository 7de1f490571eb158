//! The screen between the widget's own end of time and the proxy's word about it: no address, no QR code.

use super::told::late_payment;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::text::Text;

/// What is being checked, and what to do about money that was already sent.
pub fn time_is_up(flow: Flow) -> El {
    block("screen")
        .with(
            el("p", "explanation")
                .part("message")
                .text(Text::ExplainTimeIsUp.say()),
        )
        .with(late_payment(flow))
}
