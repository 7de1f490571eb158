//! The screen between the widget's own end of time and the proxy's word about it: no address, no QR code.

use super::element::{block, message};
use super::told::late_payment;
use crate::flow::Flow;
use crate::text::Text;
use leptos::prelude::*;

/// What is being checked, and what to do about money that was already sent.
pub fn time_is_up(flow: Flow) -> AnyView {
    block(
        "screen",
        vec![message(Text::ExplainTimeIsUp), late_payment(flow)],
    )
}
