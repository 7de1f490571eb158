//! Under every screen: the number to name to the shop, and the way to reach it.

use crate::dom::{El, block, el, link_out};
use crate::flow::Flow;
use crate::link::support_link;
use crate::scene::Scene;
use crate::text::Text;

/// The checkout's id and the support link.
pub fn footer(flow: Flow) -> El {
    let reference = |scene: &Scene| {
        let id = scene.id();
        let code = el("code", "").text(id);
        (!id.is_empty()).then(|| {
            el("span", "reference")
                .text(Text::Reference.say())
                .text(" ")
                .with(code)
        })
    };
    el("footer", "footer")
        .with(block("slot").slot(flow, |scene| scene.id().to_owned(), reference))
        .with(support(flow))
}

/// The link to the shop's support; nothing where the shop gave none.
fn support(flow: Flow) -> El {
    let address = |scene: &Scene| support_address(scene).unwrap_or_default();
    block("slot").slot(flow, address, |scene| {
        Some(link_out("link", &support_address(scene)?, Text::Support))
    })
}

/// Where the shop helps, with the checkout's id in it.
pub fn support_address(scene: &Scene) -> Option<String> {
    let checkout = scene.session.checkout()?;
    support_link(checkout.support_url.as_deref()?, &checkout.id)
}
