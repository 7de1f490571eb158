//! The screens on which nothing is to be sent: what happened, and what can be done now.

use super::element::{
    block, button, link_here, link_out, message, nothing, paragraph, showing, words,
};
use super::facts::{OVERPAID, facts};
use super::steps::steps;
use crate::flow::Flow;
use crate::link::{support_link, web_link};
use crate::screen::Screen;
use crate::text::Text;
use checkout::Phase;
use leptos::html;
use leptos::prelude::*;

/// The screen of `phase`.
pub fn told(flow: Flow, phase: Phase) -> AnyView {
    let mut parts = Vec::new();
    parts.extend(steps(phase));
    parts.extend(Screen::Told(phase).explanation().map(message));
    if phase == Phase::Overpaid {
        parts.push(facts(flow, &OVERPAID));
    }
    parts.push(showing(move || transaction(flow)));
    if matches!(phase, Phase::Expired | Phase::Archived) {
        parts.push(late_payment(flow));
    }
    parts.push(showing(move || actions(flow, phase)));
    block("screen", parts)
}

fn transaction(flow: Flow) -> AnyView {
    let url = flow.session.with(|session| session.transaction_url());
    url.map_or_else(nothing, |url| link_out("link", url, Text::ViewTransaction))
}

/// What can be done in `phase`: choose again, start anew, go back to the shop.
fn actions(flow: Flow, phase: Phase) -> AnyView {
    let latest = flow.time.get().latest;
    let (can_choose, shop) = flow.session.with(|session| {
        let shop = session
            .checkout()
            .and_then(|checkout| checkout.return_url.clone());
        (phase == Phase::Expired && session.can_choose(latest), shop)
    });
    let shop = shop.as_deref().and_then(web_link).map(str::to_owned);
    let is_over = phase.is_final() || (phase == Phase::Expired && !can_choose);
    let mut actions = Vec::new();
    if can_choose {
        actions.push(button(
            "primary",
            Some("back"),
            Text::ChooseAgain,
            move |_| flow.pick_another(true),
        ));
    }
    if let Some(shop) = shop {
        actions.push(link_here(
            if phase.is_paid() { "primary" } else { "quiet" },
            None,
            shop,
            Text::BackToShop,
        ));
    }
    if is_over && flow.has_product() {
        actions.push(button("quiet", None, Text::StartNew, move |_| {
            flow.start_anew()
        }));
    }
    block("actions", actions)
}

/// For money that was sent and is not seen: whom to tell, and the number to name.
pub fn late_payment(flow: Flow) -> AnyView {
    let help = move || {
        let link = flow.session.with(|session| {
            let checkout = session.checkout()?;
            support_link(checkout.support_url.as_deref()?, &checkout.id)
        });
        link.map_or_else(nothing, |link| link_out("link", link, Text::Support))
    };
    let id = move || {
        flow.session.with(|session| {
            session
                .checkout()
                .map(|checkout| checkout.id.clone())
                .unwrap_or_default()
        })
    };
    html::details()
        .class("late")
        .child((
            html::summary().child(Text::AlreadySent.say()),
            paragraph("", Text::AlreadySentContact.say().to_owned()),
            html::code().child(words(id)),
            showing(help),
        ))
        .into_any()
}
