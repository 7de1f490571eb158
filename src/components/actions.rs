//! The ways out of a screen on which nothing is to be sent: choose again, ask the shop, go back to it, start anew.

use super::footer::support_address;
use crate::dom::{El, block, button, link_here, link_out};
use crate::flow::Flow;
use crate::link::web_link;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::text::Text;
use checkout::Phase;
use leptos_dom::helpers::window;

/// What can be done now. The first of the ways is the primary one.
pub fn actions(flow: Flow) -> El {
    let key = |scene: &Scene| {
        let ways = Ways::of(scene);
        let mut key = String::new();
        for is_there in [
            ways.can_choose,
            ways.can_start_anew,
            ways.is_stuck,
            ways.is_expired,
        ] {
            key.push(if is_there { '1' } else { '0' });
        }
        key.push_str(ways.shop.as_deref().unwrap_or_default());
        key.push(' ');
        key.push_str(ways.support.as_deref().unwrap_or_default());
        key
    };
    block("slot").slot(flow, key, move |scene| Some(Ways::of(scene).drawn(flow)))
}

/// A button that leaves the page the way the buyer came; none where there is nothing to go back to.
pub fn go_back(flow: Flow) -> Option<El> {
    let history = window().history().ok()?;
    let back = |_| {
        // A browser that refuses stays where it is.
        let _ = window().history().and_then(|history| history.back());
    };
    (history.length().unwrap_or(0) > 1).then(|| button(flow, "quiet", Text::GoBack, back))
}

/// Opens the choice of another currency.
pub fn pick_another(flow: Flow) {
    flow.pick_another(true);
}

/// The ways that are open.
struct Ways {
    can_choose: bool,
    can_start_anew: bool,
    is_stuck: bool,
    is_paid: bool,
    is_earlier: bool,
    is_expired: bool,
    shop: Option<String>,
    support: Option<String>,
}

impl Ways {
    fn of(scene: &Scene) -> Self {
        let screen = scene.screen();
        let checkout = scene.session.checkout();
        // Whoever has sent money is not led to send it twice.
        let can_choose = matches!(screen, Screen::TimeIsUp | Screen::Told(Phase::Expired))
            && scene.can_choose()
            && scene.session.received().is_none();
        let is_over = match screen {
            Screen::TimeIsUp | Screen::Told(Phase::Expired) => !can_choose,
            Screen::Told(Phase::Underpaid) => true,
            Screen::Told(phase) => phase.is_final(),
            _ => false,
        };
        Self {
            can_choose,
            can_start_anew: is_over && scene.has_product,
            is_stuck: screen.needs_help(),
            is_paid: scene.session.phase().is_some_and(Phase::is_paid),
            is_earlier: scene.earlier.is_some(),
            is_expired: screen == Screen::Told(Phase::Expired),
            shop: checkout
                .and_then(|checkout| web_link(checkout.return_url.as_deref()?))
                .map(str::to_owned),
            support: support_address(scene).filter(|_| screen.needs_help()),
        }
    }

    fn drawn(self, flow: Flow) -> El {
        let mut rank = Rank::default();
        let anew = |class| button(flow, class, Text::StartNew, Flow::start_anew);
        let mut ways = Vec::new();
        if self.can_start_anew && self.is_earlier {
            ways.push(anew(rank.next()));
        }
        if self.can_choose {
            // While a payment may still be on its way, another one is not what is meant first.
            let class = if self.is_expired {
                rank.next()
            } else {
                "quiet"
            };
            let choose = button(flow, class, Text::ChooseAgain, pick_another);
            ways.push(choose.part("back"));
        }
        if let Some(support) = &self.support {
            ways.push(link_out(rank.next(), support, Text::Support));
        }
        if let Some(shop) = &self.shop {
            let class = if self.is_paid { rank.next() } else { "quiet" };
            ways.push(link_here(class, shop, Text::BackToShop));
        }
        if self.can_start_anew && !self.is_earlier {
            ways.push(anew("quiet"));
        }
        if ways.is_empty() && self.is_stuck {
            ways.extend(go_back(flow));
        }
        block("actions").with_all(ways)
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
