//! The link that opens a wallet with everything filled in: a plain link, ready before the tap, as phones demand.

use crate::dom::{El, div, link};
use crate::flow::Flow;
use crate::words::Text;

/// A link to the invoice's payment URI, which asks for what is still due. It stays the same link when that changes, so that a
/// focus and a tap on it are never lost; where nothing opens, it says so.
pub fn wallet_link(flow: Flow) -> El {
    let has_uri = flow.derive(|ui| !ui.known.payment_uri().is_empty());
    let wallet = move || {
        link("quiet wallet", Text::OpenWallet)
            .attr("href", flow.derive(|ui| ui.known.payment_uri().to_owned()))
            .part("open-wallet")
            .on("click", move |_| flow.open_wallet())
    };
    div("slot").show(has_uri, move |has_uri| has_uri.then(wallet))
}
