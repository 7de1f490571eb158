//! One choice: a currency on one network, with what it will be about.

use super::number::sized;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ONWARD, icon};
use crate::scene::Scene;
use crate::text::Text;
use checkout::Currency;
use checkout::wire::CurrencyView;

/// The button that chooses `currency`; alone in its group it carries the asset's badge and name too.
pub fn currency_button(flow: Flow, currency: &CurrencyView, is_alone: bool) -> El {
    let CurrencyView {
        code,
        symbol,
        name,
        network,
        ..
    } = currency;
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
    button_of(flow, code)
        .with(if is_alone {
            badge(currency)
        } else {
            block("branch")
        })
        .with(if is_alone && name == network {
            title
        } else {
            title.with(el("span", "network").text(network))
        })
        .with(estimate(flow, code))
        .with(icon("onward", ONWARD))
}

/// The button where one currency alone is offered: nothing to choose, one thing to press.
pub fn only_button(flow: Flow, currency: &CurrencyView) -> El {
    let CurrencyView {
        code,
        symbol,
        name,
        network,
        ..
    } = currency;
    let sentence = if name == network {
        Text::PayWithOnly.fill(&[("symbol", name)])
    } else {
        Text::PayWithIn.fill(&[("symbol", symbol), ("network", network)])
    };
    block("asset only").with(
        button_of(flow, code)
            .with(badge(currency))
            .with(block("title").with(el("span", "symbol").text(&sentence)))
            .with(estimate(flow, code))
            .with(icon("onward", ONWARD)),
    )
}

fn button_of(flow: Flow, code: &str) -> El {
    let (this, chosen) = (code.to_owned(), code.to_owned());
    el("button", "currency")
        .attr("type", "button")
        .part("currency")
        .attr("data-currency", code)
        // Not `disabled`: that would throw the focus out of the list.
        .attr_of(flow, "aria-disabled", |scene| flag(scene.chosen.is_some()))
        .attr_of(flow, "aria-busy", move |scene| {
            flag(scene.chosen.as_ref() == Some(&this))
        })
        .on("click", move |_| flow.choose(&chosen))
}

fn flag(is_set: bool) -> String {
    if is_set { "true" } else { "" }.to_owned()
}

/// About how much it will be. It changes about once a minute, and only its text does.
fn estimate(flow: Flow, code: &str) -> El {
    let code = code.to_owned();
    let about = move |scene: &Scene| {
        let mut offered = scene.session.currencies().iter();
        let currency = offered.find(|offered| offered.code == code);
        currency
            .and_then(|currency| {
                let amount = currency.estimate?.to_string();
                Some(["≈ ", &amount, "\u{a0}", &currency.symbol].concat())
            })
            .unwrap_or_default()
    };
    sized(el("span", "number estimate"), flow, about)
}

/// The asset's sign in a circle, by the table; its colour comes from the stylesheet, by the same table.
pub fn badge(offered: &CurrencyView) -> El {
    let sign = Currency::find(&offered.code).map_or("•", |currency| currency.asset.sign);
    el("span", "badge")
        .attr("data-asset", &offered.symbol)
        .attr("aria-hidden", "true")
        .text(sign)
}
