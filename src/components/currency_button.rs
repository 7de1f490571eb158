//! One choice: a currency on one network, with what it will be about.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ONWARD, icon};
use crate::text::Text;
use checkout::wire::CurrencyView;

/// The button that chooses `currency`; alone in its group it carries the asset's badge and name too.
pub fn currency_button(flow: Flow, currency: &CurrencyView, is_alone: bool) -> El {
    let CurrencyView {
        code,
        symbol,
        name,
        network,
        estimate,
    } = currency;
    let about = match estimate {
        Some(amount) => ["≈ ", &amount.to_string(), "\u{a0}", symbol].concat(),
        None => String::new(),
    };
    // Under an asset's heading the eye knows the asset; an ear must be told.
    let title = if is_alone {
        let asset = block("asset-line")
            .with(el("span", "symbol").text(symbol))
            .with(el("span", "name").text(name));
        block("title")
            .with(el("span", "unseen").text(Text::PayWith.say()))
            .text(" ")
            .with(asset)
    } else {
        block("title")
            .with(el("span", "unseen").text(&Text::PayWithOn.fill(&[("symbol", symbol)])))
            .text(" ")
    };
    let (this, chosen) = (code.clone(), code.clone());
    el("button", "currency")
        .attr("type", "button")
        .part("currency")
        .attr("data-currency", code)
        // Not `disabled`: that would throw the focus out of the list.
        .attr_of("aria-disabled", move || {
            flow.scene().chosen.is_some().then_some("true")
        })
        .attr_of("aria-busy", move || {
            (flow.scene().chosen.as_ref() == Some(&this)).then_some("true")
        })
        .with(if is_alone {
            badge(symbol)
        } else {
            block("branch")
        })
        .with(if is_alone && name == network {
            title
        } else {
            title.with(el("span", "network").text(network))
        })
        .with(el("span", "estimate").text(&about))
        .with(icon("onward", ONWARD))
        .on("click", move |_| flow.choose(&chosen))
}

/// The asset's sign in a circle; its colour comes from the stylesheet.
pub fn badge(symbol: &str) -> El {
    let sign = match symbol {
        "ETH" => "Ξ",
        "LTC" => "Ł",
        "DOGE" => "Ð",
        "USDT" => "₮",
        "USDC" | "BUSD" => "$",
        _ => symbol.get(..1).unwrap_or("•"),
    };
    el("span", "badge")
        .attr("data-asset", symbol)
        .attr("aria-hidden", "true")
        .text(sign)
}
