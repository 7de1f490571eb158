//! The link that opens a wallet with everything filled in: a plain link, ready before the tap, as phones demand.

use super::element::{link_here, showing};
use crate::flow::Flow;
use crate::text::Text;
use leptos::prelude::*;

/// A link to the invoice's payment URI, which asks for what is still due.
pub fn wallet_link(flow: Flow) -> AnyView {
    let uri = Memo::new(move |_| {
        flow.session.with(|session| {
            session
                .invoice()
                .map(|invoice| invoice.uri.clone())
                .unwrap_or_default()
        })
    });
    showing(move || {
        link_here(
            "primary wallet",
            Some("open-wallet"),
            uri.get(),
            Text::OpenWallet,
        )
    })
}
