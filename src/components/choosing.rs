//! The screen on which a currency is chosen: by asset, then by network.

use super::currency_button::{badge, currency_button};
use crate::currency_groups::{AssetGroup, SEARCH_FROM, asset_groups, matches};
use crate::dom::{El, block, button, el};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::text::Text;
use checkout::wire::CurrencyView;
use leptos::prelude::{Get, GetUntracked, RwSignal, Set};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The list of currencies with its search, and the way back to a payment that is under way.
pub fn choosing(flow: Flow) -> El {
    let query = RwSignal::new(String::new());
    let can_return = move || {
        let scene = flow.scene();
        if scene.session.has_payment_to_return_to(scene.time.latest) {
            "yes"
        } else {
            ""
        }
        .to_owned()
    };
    let way_back = move || {
        (!can_return().is_empty()).then(|| {
            button("quiet", Text::BackToPayment, move || {
                flow.pick_another(false)
            })
            .part("back")
        })
    };
    let refusal = move || {
        flow.scene()
            .refusal
            .as_ref()
            .map(Failure::text)
            .map(Text::say)
            .unwrap_or_default()
            .to_owned()
    };
    let preparing = move || {
        if flow.scene().chosen.is_some() {
            Text::Preparing.say()
        } else {
            ""
        }
        .to_owned()
    };
    let has_search = flow.scene_untracked().session.currencies().len() >= SEARCH_FROM;
    // The list is built anew when the buyer types or what is offered changes: codes and estimates.
    let key = move || {
        let mut key = query.get();
        for currency in flow.scene().session.currencies() {
            key.push('\n');
            key.push_str(&currency.code);
            if let Some(estimate) = currency.estimate {
                key.push_str(&estimate.to_string());
            }
        }
        key
    };
    let list = move || {
        let currencies = flow.scene_untracked().session.currencies().to_vec();
        Some(list(flow, currencies, &query.get_untracked()))
    };
    block("screen choosing")
        .with(block("slot").slot(can_return, way_back))
        .with(
            el("p", "refusal")
                .part("message")
                .attr("role", "status")
                .words(refusal),
        )
        .with_all(has_search.then(|| search(query)))
        .with(block("slot").slot(key, list))
        .with(el("p", "preparing").attr("role", "status").words(preparing))
}

fn search(query: RwSignal<String>) -> El {
    el("input", "search")
        .attr("type", "search")
        .attr("placeholder", Text::Search.say())
        .attr("aria-label", Text::Search.say())
        .attr("autocomplete", "off")
        .on("input", move |event| {
            if let Some(field) = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            {
                query.set(field.value());
            }
        })
}

fn list(flow: Flow, mut currencies: Vec<CurrencyView>, query: &str) -> El {
    let is_nothing_offered = currencies.is_empty();
    currencies.retain(|currency| matches(currency, query));
    if currencies.is_empty() {
        let reason = if is_nothing_offered {
            Text::NothingOffered
        } else {
            Text::NothingFound
        };
        return el("p", "explanation").text(reason.say());
    }
    block("assets").with_all(
        asset_groups(&currencies)
            .into_iter()
            .map(|group| asset(flow, group)),
    )
}

/// One asset: a single button, or a heading with one button a network.
fn asset(flow: Flow, group: AssetGroup) -> El {
    let has_networks = group.networks.len() > 1;
    let card = block(if has_networks { "asset many" } else { "asset" });
    let card = if has_networks {
        card.with(
            block("asset-head")
                .with(badge(&group.symbol))
                .with(el("span", "symbol").text(&group.symbol))
                .with(el("span", "name").text(&group.name))
                .with(el("p", "hint").text(Text::SameNetwork.say())),
        )
    } else {
        card
    };
    card.with_all(
        group
            .networks
            .into_iter()
            .map(|currency| currency_button(flow, currency, !has_networks)),
    )
}
