//! The address, whole and in groups of four, with its copy button.

use super::amount::{label_of, named_row};
use super::copy_button::copy_button;
use crate::address_groups::address_groups;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Copies;
use crate::text::Text;

/// The row with the invoice's address. The groups stand apart by the stylesheet, not by spaces: selected and copied by
/// hand, the address is whole.
pub fn address(flow: Flow) -> El {
    let label =
        move || Text::ToAddress.fill(&[("network", &flow.scene().session.payment_words().1)]);
    let groups = move || {
        let address = flow.scene_untracked().text_of(Copies::Address);
        Some(
            el("span", "groups")
                .with_all(address_groups(&address).map(|group| el("span", "group").text(group))),
        )
    };
    let value = block("value address")
        .part("address")
        .attr("dir", "ltr")
        .attr("translate", "no")
        .slot(move || flow.scene().text_of(Copies::Address), groups);
    named_row("address-label")
        .with(label_of("address-label").words(label))
        .with(value)
        .with(copy_button(flow, Copies::Address))
}
