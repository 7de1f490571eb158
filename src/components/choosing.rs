//! The screen on which a currency is chosen: by asset, then by network.

use super::currency_button::{badge, currency_button, only_button};
use crate::currency_groups::{SEARCH_FROM, asset_groups};
use crate::dom::{El, block, button, el};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::text::Text;
use checkout::wire::CurrencyView;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The list of currencies with its search, and the way back to a payment that is under way.
pub fn choosing(flow: Flow) -> El {
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
                flow.pick_another(false);
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
    // The list is built anew when the buyer types or other currencies are offered; estimates follow in place, so that a press
    // that spans a change still is one.
    let key = move || {
        let scene = flow.scene();
        let mut key = scene.query.clone();
        for currency in scene.session.currencies() {
            key.push('\n');
            key.push_str(&currency.code);
        }
        key
    };
    let nothing = move || {
        let scene = flow.scene();
        let offered = scene.session.currencies();
        if offered.is_empty() {
            Text::NothingOffered.say().to_owned()
        } else if asset_groups(offered, &scene.query).is_empty() {
            Text::NothingFound.fill(&[("query", scene.query.trim())])
        } else {
            String::new()
        }
    };
    block("screen choosing")
        .with(block("slot").slot(can_return, way_back))
        .with(
            el("p", "refusal")
                .part("message")
                .attr("role", "status")
                .words(refusal),
        )
        .with_all(has_search.then(|| search(flow)))
        .with(el("p", "explanation").attr("role", "status").words(nothing))
        .with(block("slot").slot(key, move || list(flow)))
        .with(el("p", "preparing").attr("role", "status").words(preparing))
}

fn search(flow: Flow) -> El {
    el("input", "search")
        .attr("type", "search")
        .attr("placeholder", Text::Search.say())
        .attr("aria-label", Text::Search.say())
        .attr("autocomplete", "off")
        .on("input", move |event| {
            if let Some(field) = event.target() {
                flow.search(field.unchecked_into::<HtmlInputElement>().value());
            }
        })
}

fn list(flow: Flow) -> Option<El> {
    let scene = flow.scene_untracked();
    let offered = scene.session.currencies();
    if let [only] = offered {
        return Some(only_button(flow, only));
    }
    let groups = asset_groups(offered, &scene.query);
    (!groups.is_empty())
        .then(|| block("assets").with_all(groups.iter().map(|networks| asset(flow, networks))))
}

/// One asset: a single button, or a heading with one button a network.
fn asset(flow: Flow, networks: &[&CurrencyView]) -> El {
    let card = match networks {
        [several, _, ..] => block("asset many").with(
            block("asset-head")
                .with(badge(&several.symbol))
                .with(el("h3", "symbol").text(&several.symbol))
                .with(el("span", "name").text(&several.name))
                .with(el("p", "hint").text(Text::SameNetwork.say())),
        ),
        _ => block("asset"),
    };
    card.with_all(
        networks
            .iter()
            .map(|currency| currency_button(flow, currency, networks.len() == 1)),
    )
}
