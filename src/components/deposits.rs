//! What has arrived at an address that takes any amount: the sum, and each deposit.

use super::facts::with_symbol;
use super::number::number;
use crate::dom::{El, block, el, link_out};
use crate::flow::Flow;
use crate::local_time::date_and_time;
use crate::session::transaction_url;
use crate::text::Text;
use checkout::wire::{DepositState, DepositView};

/// The sum and the list; empty where the checkout is none of that kind.
pub fn deposits(flow: Flow) -> El {
    let has_list = move || {
        if flow.scene().session.receiving().is_some() {
            "yes"
        } else {
            ""
        }
        .to_owned()
    };
    let inside =
        move || (!has_list().is_empty()).then(|| block("slot").with(sum(flow)).with(list(flow)));
    block("slot").slot(has_list, inside)
}

/// The sum alone is read out when it changes, not the whole list.
fn sum(flow: Flow) -> El {
    let sum = move || {
        let scene = flow.scene();
        let symbol = scene.session.payment_words().0;
        let to = scene.session.receiving();
        to.map_or_else(String::new, |to| with_symbol(to.received, &symbol))
    };
    el("p", "fact sum")
        .attr("role", "status")
        .with(el("span", "").text(Text::Received.say()))
        .text(" ")
        .with(number("strong", sum).part("received"))
}

fn list(flow: Flow) -> El {
    let key = move || {
        let scene = flow.scene();
        let mut key = String::new();
        for deposit in scene.session.receiving().map_or(&[][..], |to| &to.deposits) {
            key.push_str(&deposit.amount.to_string());
            key.push_str(deposit.state.as_str());
        }
        key
    };
    let list = move || {
        let scene = flow.scene_untracked();
        let symbol = scene.session.payment_words().0;
        let deposits = &scene.session.receiving()?.deposits;
        Some(
            el("dl", "facts")
                .part("deposits")
                .with_all(deposits.iter().map(|one| deposit(one, &symbol))),
        )
    };
    block("deposits").slot(key, list)
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
        .with_all(told)
        .with_all(link);
    let amount = with_symbol(deposit.amount, symbol);
    block("fact")
        .part("deposit")
        .with(about)
        .with(number("dd", move || amount.clone()))
}
