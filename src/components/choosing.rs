//! The screen on which a currency is chosen: by asset, then by network.

use super::currency_button::currency_button;
use super::element::{block, button, live, nothing, paragraph, showing};
use crate::currency_groups::{AssetGroup, SEARCH_FROM, asset_groups, matches};
use crate::failure::Failure;
use crate::flow::Flow;
use crate::text::Text;
use checkout::wire::CurrencyView;
use leptos::html;
use leptos::prelude::*;

/// The list of currencies with its search, and the way back to a payment that is under way.
pub fn choosing(flow: Flow) -> AnyView {
    let query = RwSignal::new(String::new());
    let currencies = Memo::new(move |_| {
        flow.session.with(|session| {
            session
                .checkout()
                .map(|checkout| checkout.currencies.clone())
                .unwrap_or_default()
        })
    });
    let can_return = Memo::new(move |_| {
        let latest = flow.time.get().latest;
        flow.session
            .with(|session| session.has_payment_to_return_to(latest))
    });
    let way_back = move || {
        if can_return.get() {
            button("quiet", Some("back"), Text::BackToPayment, move |_| {
                flow.pick_another(false)
            })
        } else {
            nothing()
        }
    };
    let has_search = currencies.with_untracked(|currencies| currencies.len() >= SEARCH_FROM);
    block(
        "screen choosing",
        vec![
            showing(way_back),
            live("refusal", Some("message"), move || {
                flow.refusal
                    .with(|refusal| refusal.as_ref().map(Failure::text))
                    .map(Text::say)
                    .unwrap_or_default()
                    .to_owned()
            }),
            if has_search { search(query) } else { nothing() },
            showing(move || {
                let query = query.get();
                currencies.with(|currencies| list(flow, currencies, &query))
            }),
            live("preparing", None, move || {
                flow.chosen
                    .with(Option::is_some)
                    .then(|| Text::Preparing.say())
                    .unwrap_or_default()
                    .to_owned()
            }),
        ],
    )
}

fn search(query: RwSignal<String>) -> AnyView {
    html::input()
        .attr("type", "search")
        .class("search")
        .attr("placeholder", Text::Search.say())
        .attr("aria-label", Text::Search.say())
        .attr("autocomplete", "off")
        .on(leptos::ev::input, move |event| {
            query.set(event_target_value(&event))
        })
        .into_any()
}

fn list(flow: Flow, currencies: &[CurrencyView], query: &str) -> AnyView {
    if currencies.is_empty() {
        return paragraph("explanation", Text::NothingOffered.say().to_owned());
    }
    let found: Vec<CurrencyView> = currencies
        .iter()
        .filter(|currency| matches(currency, query))
        .cloned()
        .collect();
    if found.is_empty() {
        return paragraph("explanation", Text::NothingFound.say().to_owned());
    }
    let groups = asset_groups(&found)
        .into_iter()
        .map(|group| asset(flow, group))
        .collect();
    block("assets", groups)
}

/// One asset: a single button, or a heading with one button a network.
fn asset(flow: Flow, group: AssetGroup) -> AnyView {
    let has_networks = group.networks.len() > 1;
    let mut rows = Vec::new();
    if has_networks {
        rows.push(block(
            "asset-head",
            vec![
                super::currency_button::badge(&group.symbol),
                super::element::span("symbol", group.symbol.clone()),
                super::element::span("name", group.name.clone()),
                paragraph("hint", Text::SameNetwork.say().to_owned()),
            ],
        ));
    }
    rows.extend(
        group
            .networks
            .into_iter()
            .map(|currency| currency_button(flow, currency, !has_networks)),
    );
    block(if has_networks { "asset many" } else { "asset" }, rows)
}
