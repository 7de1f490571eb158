//! The link that opens a wallet with everything filled in: a plain link, ready before the tap, as phones demand.

use crate::dom::{El, block, link_here};
use crate::flow::Flow;
use crate::text::Text;

/// A link to the invoice's payment URI, which asks for what is still due.
pub fn wallet_link(flow: Flow) -> El {
    let link = move || {
        let scene = flow.scene_untracked();
        Some(
            link_here(
                "primary wallet",
                scene.session.payment_uri(),
                Text::OpenWallet,
            )
            .part("open-wallet"),
        )
    };
    block("slot").slot(move || flow.scene().session.payment_uri().to_owned(), link)
}
