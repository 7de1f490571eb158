//! The screen on which any amount can be sent, any number of times: the address, and what has arrived so far.

use super::address::address;
use super::network_notice::network_notice;
use super::paying::another;
use super::qr_code::qr_code;
use super::wallet_link::wallet_link;
use crate::dom::{El, block, el, link_out};
use crate::flow::Flow;
use crate::session::transaction_url;
use crate::text::{LANGUAGE, Text};
use checkout::wire::{DepositState, DepositView};
use checkout::{Amount, Timestamp};
use wasm_bindgen::JsValue;

/// Everything that is needed to send money here, the sum of what has arrived, and each deposit.
pub fn receiving(flow: Flow) -> El {
    let sum = move || {
        let scene = flow.scene();
        let symbol = scene.session.payment_words().0;
        let to = scene.session.receiving();
        to.map_or_else(String::new, |to| with_symbol(to.received, &symbol))
    };
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
    block("screen paying")
        .with(
            block("pay")
                .with(qr_code(flow))
                .with(network_notice(flow))
                .with(address(flow))
                .with(wallet_link(flow)),
        )
        // The sum alone is read out when it changes, not the whole list.
        .with(
            el("p", "fact")
                .attr("role", "status")
                .text(Text::Received.say())
                .with(el("strong", "").part("received").words(sum)),
        )
        .with(block("deposits").slot(key, list))
        .with(another(flow))
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
        .text(&local_time(deposit.at))
        .with_all(told)
        .with_all(link);
    let value = el("dd", "").text(&with_symbol(deposit.amount, symbol));
    block("fact").part("deposit").with(about).with(value)
}

fn with_symbol(amount: Amount, symbol: &str) -> String {
    [&amount.to_string(), "\u{a0}", symbol].concat()
}

/// Date and time where the buyer is, in the language of the sentences.
fn local_time(at: Timestamp) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a float holds every millisecond until the year 287396"
    )]
    let millis = at.millis() as f64;
    let date = js_sys::Date::new(&JsValue::from_f64(millis));
    date.to_locale_string(LANGUAGE, &JsValue::UNDEFINED).into()
}
