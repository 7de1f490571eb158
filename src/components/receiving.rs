//! The screen on which any amount can be sent, any number of times: the address, and what has arrived so far.

use super::address::address;
use super::deposits::deposits;
use super::network_notice::network_notice;
use super::paying::another;
use super::qr_code::qr_code;
use super::wallet_link::wallet_link;
use crate::dom::{El, div};
use crate::flow::Flow;

/// Everything that is needed to send money here, the sum of what has arrived, and each deposit.
pub fn receiving(flow: Flow) -> El {
    let pay = (
        qr_code(flow),
        network_notice(flow),
        address(flow),
        wallet_link(flow),
    );
    div("screen paying").child((div("pay").child(pay), deposits(flow), another(flow)))
}
