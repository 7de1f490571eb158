//! What has arrived at an address that takes any amount: the sum, and each deposit.

use super::facts::with_symbol;
use super::number::{number, written};
use crate::dom::{El, block, el, link_out};
use crate::flow::Flow;
use crate::local_time::date_and_time;
use crate::scene::Scene;
use crate::session::transaction_url;
use crate::text::Text;
use checkout::wire::{DepositState, DepositView};

/// The sum and the list; empty where the checkout is none of that kind.
pub fn deposits(flow: Flow) -> El {
    block("slot").when(
        flow,
        |scene| scene.session.receiving().is_some(),
        |flow| block("slot").with(sum(flow)).with(list(flow)),
    )
}

/// The sum alone is read out when it changes, not the whole list.
fn sum(flow: Flow) -> El {
    let sum = |scene: &Scene| {
        let symbol = scene.session.payment_words().0;
        let to = scene.session.receiving();
        to.map_or_else(String::new, |to| with_symbol(to.received, symbol))
    };
    el("p", "fact sum")
        .attr("role", "status")
        .with(el("span", "").text(Text::Received.say()))
        .text(" ")
        .with(number(flow, "strong", sum).part("received"))
}

fn list(flow: Flow) -> El {
    let key = |scene: &Scene| {
        let mut key = String::new();
        for deposit in scene.session.receiving().map_or(&[][..], |to| &to.deposits) {
            key.push_str(&deposit.amount.to_string());
            key.push_str(deposit.state.as_str());
        }
        key
    };
    let list = |scene: &Scene| {
        let symbol = scene.session.payment_words().0;
        let deposits = &scene.session.receiving()?.deposits;
        let deposits = deposits.iter().map(|one| deposit(one, symbol));
        Some(
            el("dl", "facts")
                .part("deposits")
                .with_all(deposits.collect()),
        )
    };
    block("deposits").slot(flow, key, list)
}

fn deposit(deposit: &DepositView, symbol: &str) -> El {
    let told = match deposit.state {
        DepositState::Confirmed => None,
        DepositState::Detected => Some(Text::StatusDetected),
        DepositState::Reviewing => Some(Text::StatusReviewing),
        DepositState::Declined => Some(Text::StatusDeclined),
    };
    let told = told.map(|told| block("").text(told.say()));
    let link = transaction_url(&deposit.currency, deposit.transaction.as_ref())
        .map(|url| block("").with(link_out("link", &url, Text::ViewTransaction)));
    let about = el("dt", "")
        .with(el("time", "").text(&date_and_time(deposit.at)))
        .with_some(told)
        .with_some(link);
    block("fact")
        .part("deposit")
        .with(about)
        .with(written("dd", &with_symbol(deposit.amount, symbol)))
}
