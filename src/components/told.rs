//! The screens on which nothing is to be sent: what happened, and what can be done now.

use super::facts::{OVERPAID, facts};
use super::footer::support;
use super::steps::steps;
use crate::dom::{El, block, button, el, link_here, link_out};
use crate::flow::Flow;
use crate::link::web_link;
use crate::screen::Screen;
use crate::text::Text;
use checkout::Phase;

/// The screen of `phase`.
pub fn told(flow: Flow, phase: Phase) -> El {
    let explanation = Screen::Told(phase).explanation();
    let transaction_key = move || flow.scene().session.transaction_url().unwrap_or_default();
    let transaction = move || {
        let url = flow.scene_untracked().session.transaction_url()?;
        Some(link_out("link", &url, Text::ViewTransaction))
    };
    let actions_key = move || if flow.scene().can_choose() { "yes" } else { "" }.to_owned();
    block("screen")
        .with_all(steps(phase))
        .with_all(explanation.map(|text| el("p", "explanation").part("message").text(text.say())))
        .with_all((phase == Phase::Overpaid).then(|| facts(flow, &OVERPAID)))
        .with(block("slot").slot(transaction_key, transaction))
        .with_all(matches!(phase, Phase::Expired | Phase::Archived).then(|| late_payment(flow)))
        .with(block("slot").slot(actions_key, move || Some(actions(flow, phase))))
}

/// What can be done in `phase`: choose again, start anew, go back to the shop.
fn actions(flow: Flow, phase: Phase) -> El {
    let scene = flow.scene_untracked();
    let can_choose = phase == Phase::Expired && scene.can_choose();
    let shop = scene
        .session
        .checkout()
        .and_then(|checkout| web_link(checkout.return_url.as_deref()?));
    let is_over = phase.is_final() || (phase == Phase::Expired && !can_choose);
    let choose = can_choose.then(|| {
        button("primary", Text::ChooseAgain, move || {
            flow.pick_another(true);
        })
        .part("back")
    });
    let shop = shop.map(|shop| {
        link_here(
            if phase.is_paid() { "primary" } else { "quiet" },
            shop,
            Text::BackToShop,
        )
    });
    let anew = (is_over && scene.has_product)
        .then(|| button("quiet", Text::StartNew, move || flow.start_anew()));
    block("actions")
        .with_all(choose)
        .with_all(shop)
        .with_all(anew)
}

/// For money that was sent and is not seen: whom to tell, and the number to name.
pub fn late_payment(flow: Flow) -> El {
    el("details", "late")
        .with(el("summary", "").text(Text::AlreadySent.say()))
        .with(el("p", "").text(Text::AlreadySentContact.say()))
        .with(el("code", "").words(move || flow.scene().session.id().to_owned()))
        .with(support(flow))
}
