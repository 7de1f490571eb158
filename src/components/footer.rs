//! Under every screen: the number to name to the shop, and the way to reach it.

use crate::dom::{El, div, el, link_out, span};
use crate::flow::Flow;
use crate::link::support_link;
use crate::ui_state::UiState;
use crate::words::Text;

/// The checkout's id and the support link.
pub fn footer(flow: Flow) -> El {
    let reference = |id: &String| {
        let id = id.as_str();
        let reference = || (Text::Reference, " ", el("code", "").child(id));
        (!id.is_empty()).then(|| span("reference").child(reference()))
    };
    let support =
        |address: &Option<String>| Some(link_out("link", address.as_ref()?, Text::Support));
    el("footer", "footer").child((
        div("slot").show(flow.derive(|ui| ui.id().to_owned()), reference),
        div("slot").show(flow.derive(support_address), support),
    ))
}

/// Where the shop helps, with the checkout's id in it; none where the shop gave none.
pub fn support_address(ui: &UiState) -> Option<String> {
    let checkout = ui.known.checkout()?;
    support_link(checkout.support_url.as_deref()?, &checkout.id)
}
