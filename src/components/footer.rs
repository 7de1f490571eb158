//! Under every screen: the number to name to the shop, and the way to reach it.

use crate::dom::{El, block, el, link_out};
use crate::flow::Flow;
use crate::link::support_link;
use crate::scene::Scene;
use crate::text::Text;

/// The checkout's id and the support link.
pub fn footer(flow: Flow) -> El {
    let reference = move || {
        let scene = flow.scene_untracked();
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
        .with(block("slot").slot(move || flow.scene().id().to_owned(), reference))
        .with(support(flow))
}

/// The link to the shop's support; nothing where the shop gave none.
fn support(flow: Flow) -> El {
    let link = move || {
        Some(link_out(
            "link",
            &support_address(&flow.scene_untracked())?,
            Text::Support,
        ))
    };
    block("slot").slot(
        move || support_address(&flow.scene()).unwrap_or_default(),
        link,
    )
}

/// Where the shop helps, with the checkout's id in it.
pub fn support_address(scene: &Scene) -> Option<String> {
    let checkout = scene.session.checkout()?;
    support_link(checkout.support_url.as_deref()?, &checkout.id)
}
