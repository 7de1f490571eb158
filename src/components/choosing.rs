//! The screen on which a currency is chosen: by asset, then by network.

use super::currency_button::{badge, currency_button, only_button};
use crate::currency_groups::{SEARCH_FROM, asset_groups};
use crate::dom::{El, block, button, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;
use checkout::wire::CurrencyView;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The list of currencies with its search, and the way back to a payment that is under way.
pub fn choosing(flow: Flow) -> El {
    let can_return = |scene: &Scene| scene.session.has_payment_to_return_to(scene.time.latest);
    let way_back = |flow: Flow| {
        button(flow, "quiet", Text::BackToPayment, |flow| {
            flow.pick_another(false);
        })
        .part("back")
    };
    let refusal = |scene: &Scene| {
        let refusal = scene.refusal.as_ref();
        refusal
            .map_or("", |refusal| refusal.text().say())
            .to_owned()
    };
    let preparing = |scene: &Scene| {
        let preparing = scene.chosen.as_ref();
        preparing.map_or("", |_| Text::Preparing.say()).to_owned()
    };
    let has_search = flow.scene_untracked().session.currencies().len() >= SEARCH_FROM;
    // The list is built anew when the buyer types or other currencies are offered; estimates follow in place, so that a press
    // that spans a change still is one.
    let key = |scene: &Scene| {
        let mut key = scene.query.clone();
        for currency in scene.session.currencies() {
            key.push('\n');
            key.push_str(&currency.code);
        }
        key
    };
    let nothing = |scene: &Scene| {
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
        .with(block("slot").when(flow, can_return, way_back))
        .with(
            el("p", "refusal")
                .part("message")
                .attr("role", "status")
                .words(flow, refusal),
        )
        .with_some(has_search.then(|| search(flow)))
        .with(
            el("p", "explanation")
                .attr("role", "status")
                .words(flow, nothing),
        )
        .with(block("slot").slot(flow, key, move |scene| list(flow, scene)))
        .with(
            el("p", "preparing")
                .attr("role", "status")
                .words(flow, preparing),
        )
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

fn list(flow: Flow, scene: &Scene) -> Option<El> {
    let offered = scene.session.currencies();
    if let [only] = offered {
        return Some(only_button(flow, only));
    }
    let groups = asset_groups(offered, &scene.query);
    let assets = groups.iter().map(|networks| asset(flow, networks));
    (!groups.is_empty()).then(|| block("assets").with_all(assets.collect()))
}

/// One asset: a single button, or a heading with one button a network.
fn asset(flow: Flow, networks: &[&CurrencyView]) -> El {
    let card = match networks {
        [several, _, ..] => block("asset many").with(
            block("asset-head")
                .with(badge(several))
                .with(el("h3", "symbol").text(&several.symbol))
                .with(el("span", "name").text(&several.name))
                .with(el("p", "hint").text(Text::SameNetwork.say())),
        ),
        _ => block("asset"),
    };
    let buttons = networks
        .iter()
        .map(|currency| currency_button(flow, currency, networks.len() == 1));
    card.with_all(buttons.collect())
}
