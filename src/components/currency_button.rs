//! One choice: a currency on one network, with what it will be about.

use super::number::sized;
use crate::dom::{El, div, el, span};
use crate::flow::Flow;
use crate::icon::{ONWARD, icon};
use crate::words::Text;
use checkout::{Asset, Currency, joined};

/// The button that chooses `currency`; alone in its group it carries the asset's badge and name too.
pub fn currency_button(flow: Flow, currency: &'static Currency, is_alone: bool) -> El {
    let (asset, network) = (currency.asset, currency.network_label());
    // Under an asset's heading a sighted buyer sees which asset it is; one who listens has to hear it.
    let title = if is_alone {
        let names = (
            span("symbol").child(asset.symbol),
            span("name").child(asset.name),
        );
        div("title").child((
            span("unseen").child(Text::PayWith),
            " ",
            div("asset-line").child(names),
        ))
    } else {
        let spoken = Text::PayWithOn.with(&[("symbol", asset.symbol)]);
        div("title").child((span("unseen").child(spoken), " "))
    };
    let is_named = is_alone && asset.name == network;
    button_of(flow, currency).child((
        if is_alone {
            badge(asset)
        } else {
            div("branch")
        },
        title.child((!is_named).then(|| span("network").child(network))),
        estimate(flow, currency),
        icon("onward", ONWARD),
    ))
}

/// The button where one currency alone is offered: nothing to choose, one thing to press.
pub fn only_button(flow: Flow, currency: &'static Currency) -> El {
    let (asset, network) = (currency.asset, currency.network_label());
    let sentence = if asset.name == network {
        Text::PayWithOnly.with(&[("symbol", asset.name)])
    } else {
        Text::PayWithIn.with(&[("symbol", asset.symbol), ("network", network)])
    };
    div("asset only").child(button_of(flow, currency).child((
        badge(asset),
        div("title").child(span("symbol").child(sentence)),
        estimate(flow, currency),
        icon("onward", ONWARD),
    )))
}

fn button_of(flow: Flow, currency: &'static Currency) -> El {
    el("button", "currency")
        .attr("type", "button")
        .part("currency")
        .attr("data-currency", currency.code)
        // Not `disabled`: that would throw the focus out of the list.
        .attr("aria-disabled", flow.derive(|ui| ui.chosen.is_some()))
        .attr("aria-busy", move || {
            flow.ui().chosen.as_deref() == Some(currency.code)
        })
        .on("click", move |_| flow.choose(currency.code))
}

/// About how much it will be. It changes about once a minute, and only its text does.
fn estimate(flow: Flow, currency: &'static Currency) -> El {
    let about = move || {
        let ui = flow.ui();
        let mut offered = ui.known.currencies().iter();
        let estimate = offered.find(|offered| offered.code == currency.code);
        estimate
            .and_then(|offered| {
                let amount = offered.estimate?.digits();
                Some(joined(&["≈ ", &amount, "\u{a0}", currency.asset.symbol]))
            })
            .unwrap_or_default()
    };
    sized(span("number estimate"), about)
}

/// The asset's sign in a circle, by the table; its colour comes from the stylesheet, by the same table.
pub fn badge(asset: &Asset) -> El {
    span("badge")
        .attr("data-asset", asset.symbol)
        .attr("aria-hidden", "true")
        .child(asset.sign)
}
