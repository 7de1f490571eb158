//! The address, whole and in groups of four, with its copy button.

use super::amount::{label_of, named_row};
use super::copy_button::copy_button;
use crate::address_groups::address_groups;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::{Copies, Scene};
use crate::text::Text;

/// The row with the invoice's address. The groups stand apart by the stylesheet, not by spaces: selected and copied by
/// hand, the address is whole.
pub fn address(flow: Flow) -> El {
    let label =
        |scene: &Scene| Text::ToAddress.fill(&[("network", scene.session.payment_words().1)]);
    let groups = |scene: &Scene| {
        let address = scene.text_of(Copies::Address);
        let groups = address_groups(&address).map(|group| el("span", "group").text(group));
        Some(el("span", "groups").with_all(groups.collect()))
    };
    let value = block("value address")
        .part("address")
        .attr("dir", "ltr")
        .attr("translate", "no")
        .slot(flow, |scene| scene.text_of(Copies::Address), groups);
    named_row("address-label")
        .with(label_of("address-label").words(flow, label))
        .with(value)
        .with(copy_button(flow, Copies::Address))
}
