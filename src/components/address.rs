//! The address, whole and in groups of four, with its copy button.

use super::amount::{label_of, named_row};
use super::copy_button::copy_button;
use crate::address_groups::address_groups;
use crate::dom::{El, div, span};
use crate::flow::Flow;
use crate::ui_state::Copies;
use crate::words::Text;

/// The row with the invoice's address. The groups stand apart by the stylesheet, not by spaces: selected and copied by
/// hand, the address is whole.
pub fn address(flow: Flow) -> El {
    let label = flow.derive(|ui| Text::ToAddress.with(&[("network", ui.known.paid_in().network)]));
    let groups = |address: &String| {
        let groups = address_groups(address).map(|group| span("group").child(group));
        Some(span("groups").child(groups.collect::<Vec<_>>()))
    };
    let value = div("value address")
        .part("address")
        .attr("dir", "ltr")
        .attr("translate", "no")
        .show(flow.derive(|ui| ui.text_of(Copies::Address)), groups);
    named_row("address-label").child((
        label_of("address-label").child(label),
        value,
        copy_button(flow, Copies::Address),
    ))
}
