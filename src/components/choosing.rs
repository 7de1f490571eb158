//! The screen on which a currency is chosen: by asset, then by network.

use super::currency_button::{badge, currency_button, only_button};
use crate::currency_groups::{SEARCH_FROM, by_asset, matching};
use crate::dom::{El, button, div, el, p, span};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::ui_state::UiState;
use crate::words::{Phrase, Text};
use checkout::Currency;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The list of currencies with its search, and the way back to a payment that is under way.
pub fn choosing(flow: Flow) -> El {
    let way_back = move |can_return: &bool| {
        let back = || button("quiet", Text::BackToPayment, move || flow.back_to_payment());
        can_return.then(|| back().part("back"))
    };
    let search = move |has_search: &bool| has_search.then(|| search(flow));
    let status = |class| p(class).attr("role", "status");
    div("screen choosing").child((
        div("slot").show(flow.derive(|ui| ui.moment.can_return), way_back),
        status("refusal")
            .part("message")
            .child(flow.derive(|ui| ui.refusal.as_ref().map(Failure::text))),
        div("slot").show(
            flow.derive(|ui| ui.known.currencies().len() >= SEARCH_FROM),
            search,
        ),
        status("explanation").child(flow.derive(nothing)),
        div("slot").show(flow.derive(Offer::of), move |offer| offer.drawn(flow)),
        status("preparing").child(flow.derive(|ui| ui.chosen.as_ref().map(|_| Text::Preparing))),
    ))
}

fn search(flow: Flow) -> El {
    el("input", "search")
        .attr("type", "search")
        .attr("placeholder", Text::Search)
        .attr("aria-label", Text::Search)
        .attr("autocomplete", "off")
        .on("input", move |event| {
            if let Some(field) = event.target() {
                flow.search(field.unchecked_into::<HtmlInputElement>().value());
            }
        })
}

/// Why there is no currency to choose.
fn nothing(ui: &UiState) -> Option<Phrase> {
    let offered = ui.known.currencies();
    if offered.is_empty() {
        return Some(Text::NothingOffered.into());
    }
    matching(offered, &ui.query)
        .is_empty()
        .then(|| Text::NothingFound.with(&[("query", ui.query.trim_ascii())]))
}

/// The currencies that are listed. The list is built anew when the buyer types or other currencies are offered; estimates follow in place, so that
/// a press that spans a change still is one.
struct Offer {
    is_only: bool,
    currencies: Vec<&'static Currency>,
}

impl Offer {
    fn of(ui: &UiState) -> Self {
        let offered = ui.known.currencies();
        Self {
            is_only: offered.len() == 1,
            currencies: matching(offered, &ui.query),
        }
    }

    fn drawn(&self, flow: Flow) -> Option<El> {
        let first = self.currencies.first()?;
        if self.is_only {
            return Some(only_button(flow, first));
        }
        let groups = by_asset(&self.currencies);
        let assets = groups.iter().map(|networks| asset(flow, networks));
        Some(div("assets").child(assets.collect::<Vec<_>>()))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        let (these, those) = (self.currencies.iter(), other.currencies.iter());
        self.is_only == other.is_only && these.map(|one| one.code).eq(those.map(|one| one.code))
    }
}

/// One asset: a single button, or a heading with one button a network.
fn asset(flow: Flow, networks: &[&'static Currency]) -> El {
    let card = match networks {
        [several, _, ..] => div("asset many").child(div("asset-head").child((
            badge(several.asset),
            el("h3", "symbol").child(several.asset.symbol),
            span("name").child(several.asset.name),
            p("hint").child(Text::SameNetwork),
        ))),
        _ => div("asset"),
    };
    let buttons = networks
        .iter()
        .map(|currency| currency_button(flow, currency, networks.len() == 1));
    card.child(buttons.collect::<Vec<_>>())
}
