//! What has arrived at an address that takes any amount: the sum, and each deposit.

use super::facts::with_symbol;
use super::number::{number, written};
use crate::dom::{El, div, el, link_out, p, span};
use crate::flow::Flow;
use crate::known_checkout::transaction_url;
use crate::local_time::date_and_time;
use crate::words::Text;
use checkout::wire::{DepositState, DepositView};

/// The sum and the list; empty where the checkout is none of that kind.
pub fn deposits(flow: Flow) -> El {
    div("slot").show(
        flow.derive(|ui| ui.known.receiving().is_some()),
        move |is_there| is_there.then(|| div("slot").child((sum(flow), list(flow)))),
    )
}

/// The sum alone is read out when it changes, not the whole list.
fn sum(flow: Flow) -> El {
    let sum = flow.derive(|ui| {
        let known = &ui.known;
        let symbol = known.paid_in().symbol;
        let to = known.receiving();
        to.map_or_else(String::new, |to| with_symbol(to.received, symbol))
    });
    p("fact sum").attr("role", "status").child((
        span("").child(Text::Received),
        " ",
        number("strong", sum).part("received"),
    ))
}

fn list(flow: Flow) -> El {
    let deposits = flow.derive(|ui| {
        let known = &ui.known;
        let to = known.receiving();
        let deposits = to.map_or_else(Vec::new, |to| to.deposits.clone());
        (known.paid_in().symbol, deposits)
    });
    let list = |(symbol, deposits): &(&str, Vec<DepositView>)| {
        let deposits = deposits.iter().map(|one| deposit(one, symbol));
        Some(
            el("dl", "facts")
                .part("deposits")
                .child(deposits.collect::<Vec<_>>()),
        )
    };
    div("deposits").show(deposits, list)
}

fn deposit(deposit: &DepositView, symbol: &str) -> El {
    let state = match deposit.state {
        DepositState::Confirmed => None,
        DepositState::Detected => Some(Text::StatusDetected),
        DepositState::Reviewing => Some(Text::StatusReviewing),
        DepositState::Declined => Some(Text::StatusDeclined),
    };
    let link = transaction_url(&deposit.currency, deposit.transaction.as_ref())
        .map(|url| div("").child(link_out("link", &url, Text::ViewTransaction)));
    let about = el("dt", "").child((
        el("time", "").child(date_and_time(deposit.at)),
        state.map(|state| div("").child(state)),
        link,
    ));
    let amount = written("dd", &with_symbol(deposit.amount, symbol));
    div("fact").part("deposit").child((about, amount))
}
