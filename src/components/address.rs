//! The address, whole and in groups of four, with its copy button.

use super::copy_button::copy_button;
use super::element::{block, showing, span, words};
use crate::address_groups::address_groups;
use crate::flow::Flow;
use crate::text::Text;
use leptos::html;
use leptos::prelude::*;

/// The row with the invoice's address. The groups stand apart by the stylesheet, not by spaces: selected and copied by
/// hand, the address is whole.
pub fn address(flow: Flow) -> AnyView {
    let text = Memo::new(move |_| {
        flow.session.with(|session| {
            session
                .invoice()
                .map(|invoice| invoice.address.clone())
                .unwrap_or_default()
        })
    });
    let groups = move || {
        text.with(|address| {
            let groups: Vec<AnyView> = address_groups(address)
                .map(|group| span("group", group.to_owned()))
                .collect();
            groups.into_any()
        })
    };
    let label = move || {
        let network = flow.session.with(|session| session.payment_words().1);
        Text::ToAddress.fill(&[("network", &network)])
    };
    let said = move || {
        let (symbol, network) = flow
            .session
            .with_untracked(|session| session.payment_words());
        Text::CopiedAddress.fill(&[("symbol", &symbol), ("network", &network)])
    };
    block(
        "row",
        vec![
            html::span().class("label").child(words(label)).into_any(),
            html::div()
                .class("value address")
                .attr("part", "address")
                .attr("dir", "ltr")
                .attr("translate", "no")
                .child(showing(groups))
                .into_any(),
            copy_button(
                flow,
                "copy-address",
                Text::CopyAddress,
                move || text.get_untracked(),
                said,
            ),
        ],
    )
}
