//! One choice: a currency on one network, with what it will be about.

use super::element::{block, span};
use super::icon::{ONWARD, icon};
use crate::flow::Flow;
use crate::text::Text;
use checkout::wire::CurrencyView;
use leptos::html;
use leptos::prelude::*;

/// The button that chooses `currency`; alone in its group it carries the asset's badge and name too.
pub fn currency_button(flow: Flow, currency: CurrencyView, is_alone: bool) -> AnyView {
    let CurrencyView {
        code,
        symbol,
        name,
        network,
        estimate,
    } = currency;
    let amount = estimate
        .map(|amount| amount.to_string())
        .unwrap_or_default();
    let label = if amount.is_empty() {
        Text::PayWith
    } else {
        Text::PayWithAbout
    };
    let label = label.fill(&[
        ("symbol", &symbol),
        ("network", &network),
        ("amount", &amount),
    ]);
    let about = if amount.is_empty() {
        amount
    } else {
        ["≈ ", &amount, "\u{a0}", &symbol].concat()
    };
    let title = if is_alone {
        vec![
            block(
                "asset-line",
                vec![span("symbol", symbol.clone()), span("name", name)],
            ),
            span("network", network),
        ]
    } else {
        vec![span("network", network)]
    };
    let this = code.clone();
    html::button()
        .attr("type", "button")
        .class("currency")
        .attr("part", "currency")
        .attr("data-currency", code.clone())
        .attr("aria-label", label)
        // Not `disabled`: that would throw the focus out of the list.
        .attr("aria-disabled", move || {
            flow.chosen
                .with(|chosen| chosen.is_some())
                .then_some("true")
        })
        .attr("aria-busy", move || {
            flow.chosen
                .with(|chosen| chosen.as_ref() == Some(&this))
                .then_some("true")
        })
        .child(vec![
            if is_alone {
                badge(&symbol)
            } else {
                block("branch", Vec::new())
            },
            block("title", title),
            span("estimate", about),
            icon("onward", ONWARD),
        ])
        .on(leptos::ev::click, move |_| flow.choose(code.clone()))
        .into_any()
}

/// The asset's sign in a circle; its colour comes from the stylesheet.
pub fn badge(symbol: &str) -> AnyView {
    let sign = match symbol {
        "BTC" => "₿",
        "ETH" => "Ξ",
        "LTC" => "Ł",
        "XDG" | "DOGE" => "Ð",
        "USDT" => "₮",
        "USDC" | "BUSD" => "$",
        _ => symbol.get(..1).unwrap_or("•"),
    };
    html::span()
        .class("badge")
        .attr("data-asset", symbol.to_owned())
        .attr("aria-hidden", "true")
        .child(sign.to_owned())
        .into_any()
}
