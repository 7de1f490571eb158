//! The ways out of a screen on which nothing is to be sent: choose again, ask the shop, go back to it, start anew.

use super::footer::support_address;
use crate::dom::{El, button, div, link, link_out};
use crate::flow::Flow;
use crate::link::web_link;
use crate::screen::{Outcome, Screen};
use crate::ui_state::UiState;
use crate::words::Text;
use checkout::Phase;
use leptos_dom::helpers::window;

/// What can be done now. The first of the ways is the primary one.
pub fn actions(flow: Flow) -> El {
    div("slot").show(flow.derive(Ways::of), move |ways| Some(ways.drawn(flow)))
}

/// A button that leaves the page the way the buyer came; none where there is nothing to go back to.
pub fn go_back() -> Option<El> {
    let history = window().history().ok()?;
    let back = || {
        // A browser that refuses stays where it is.
        let _ = window().history().and_then(|history| history.back());
    };
    (history.length().unwrap_or(0) > 1).then(|| button("quiet", Text::GoBack, back))
}

/// The ways that are open.
#[derive(PartialEq)]
struct Ways {
    screen: Screen,
    can_choose: bool,
    can_start_anew: bool,
    is_paid: bool,
    shop: Option<String>,
    support: Option<String>,
}

impl Ways {
    fn of(ui: &UiState) -> Self {
        let screen = ui.screen();
        let known = &ui.known;
        // Whoever has sent money is not led to send it twice.
        let can_choose = matches!(screen, Screen::TimeIsUp | Screen::Outcome(Outcome::Expired))
            && ui.moment.can_choose
            && known.received().is_none();
        let is_over = match screen {
            Screen::TimeIsUp | Screen::Outcome(Outcome::Expired) => !can_choose,
            Screen::Outcome(Outcome::PartlyPaid) => true,
            Screen::Outcome(_) => known.phase().is_some_and(Phase::is_final),
            _ => false,
        };
        Self {
            screen,
            can_choose,
            can_start_anew: is_over && ui.has_product,
            is_paid: known.phase().is_some_and(Phase::is_paid),
            shop: known
                .checkout()
                .and_then(|checkout| web_link(checkout.return_url.as_deref()?))
                .map(str::to_owned),
            support: support_address(ui).filter(|_| screen.needs_help()),
        }
    }

    fn drawn(&self, flow: Flow) -> El {
        let mut rank = Rank::default();
        let is_earlier = self.screen == Screen::Outcome(Outcome::PaidBefore);
        let anew = |class| button(class, Text::StartNew, move || flow.start_anew());
        let mut ways = Vec::new();
        if self.can_start_anew && is_earlier {
            ways.push(anew(rank.next()));
        }
        if self.can_choose {
            // While a payment may still be on its way, another one is not what is meant first.
            let class = if self.screen == Screen::TimeIsUp {
                "quiet"
            } else {
                rank.next()
            };
            let choose = button(class, Text::ChooseAgain, move || flow.open_choice());
            ways.push(choose.part("back"));
        }
        if let Some(support) = &self.support {
            ways.push(link_out(rank.next(), support, Text::Support));
        }
        if let Some(shop) = &self.shop {
            let class = if self.is_paid { rank.next() } else { "quiet" };
            ways.push(link(class, Text::BackToShop).attr("href", shop.as_str()));
        }
        if self.can_start_anew && !is_earlier {
            ways.push(anew("quiet"));
        }
        if ways.is_empty() && self.screen.needs_help() {
            ways.extend(go_back());
        }
        div("actions").child(ways)
    }
}

/// Gives the look of the primary way to the first that asks.
#[derive(Default)]
struct Rank {
    is_given: bool,
}

impl Rank {
    fn next(&mut self) -> &'static str {
        if core::mem::replace(&mut self.is_given, true) {
            "quiet"
        } else {
            "primary"
        }
    }
}
