//! The link that opens a wallet with everything filled in: a plain link, ready before the tap, as phones demand.

use crate::dom::{El, block, link_to};
use crate::flow::Flow;
use crate::text::Text;

/// A link to the invoice's payment URI, which asks for what is still due. It stays the same link when that changes, so that a
/// focus and a tap on it are never lost; where nothing opens, it says so.
pub fn wallet_link(flow: Flow) -> El {
    block("slot").when(
        flow,
        |scene| !scene.session.payment_uri().is_empty(),
        |flow| {
            link_to("quiet wallet", Text::OpenWallet)
                .attr_of(flow, "href", |scene| scene.session.payment_uri().to_owned())
                .part("open-wallet")
                .on("click", move |_| flow.open_wallet())
        },
    )
}
