//! The screens on which nothing is to be sent: what happened, what arrived, and what can be done now.

use super::actions::actions;
use super::deposits::deposits;
use super::facts::facts;
use super::steps::steps;
use crate::dom::{El, div, el, link_out, p};
use crate::explanation::explanation;
use crate::flow::Flow;
use crate::screen::Outcome;
use crate::words::Text;

/// The screen of `outcome`.
pub fn outcome(flow: Flow, outcome: Outcome) -> El {
    let transaction =
        |url: &Option<String>| Some(link_out("link", url.as_ref()?, Text::ViewTransaction));
    let may_be_late = matches!(
        outcome,
        Outcome::Expired | Outcome::Archived | Outcome::PartlyPaid
    );
    div("screen").child((
        steps(outcome),
        explained(flow),
        facts(flow),
        deposits(flow),
        div("slot").show(flow.derive(|ui| ui.known.transaction_url()), transaction),
        may_be_late.then(|| late_payment(flow)),
        actions(flow),
    ))
}

/// The screen between the widget's own end of time and the proxy's word about it: no address, no QR code.
pub fn time_is_up(flow: Flow) -> El {
    div("screen").child((
        explained(flow),
        facts(flow),
        deposits(flow),
        late_payment(flow),
        actions(flow),
    ))
}

/// What the screen has to explain.
pub fn explained(flow: Flow) -> El {
    p("explanation")
        .part("message")
        .child(flow.derive(explanation))
}

/// For money that was sent and is not seen: whom to tell, and what. Reference and support stand under every screen. Nothing
/// where no address was ever shown.
fn late_payment(flow: Flow) -> El {
    let help = || {
        el("details", "late").child((
            el("summary", "").child(Text::AlreadySent),
            p("").child(Text::AlreadySentContact),
        ))
    };
    div("slot").show(flow.derive(|ui| ui.known.has_asked()), move |has_asked| {
        has_asked.then(help)
    })
}
