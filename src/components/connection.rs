//! The honest state of the connection: that the proxy is silent, and for how long.

use crate::dom::{El, div, p};
use crate::flow::Flow;
use crate::screen::Screen;
use crate::ui_state::UiState;
use crate::words::{Phrase, Text};
use checkout::{Phase, digits};

/// A banner while the proxy does not answer. Its sentence is read out once; the age beside it is only seen.
pub fn connection(flow: Flow) -> El {
    let banner = move |sentence: &Option<Text>| {
        let age = p("age").attr("aria-live", "off").child(move || age(flow));
        let banner = div("notice connection").part("message");
        Some(banner.child((p("").child((*sentence)?), age)))
    };
    div("")
        .attr("role", "status")
        .show(flow.derive(sentence), banner)
}

/// What is true on this screen: who may be paying is not told to wait, who must not send is not told to send.
fn sentence(ui: &UiState) -> Option<Text> {
    let silence = ui.silence?;
    let screen = ui.screen();
    let (offline, stale) = match screen {
        // Such a screen says itself what is wrong.
        Screen::Loading | Screen::Failed | Screen::Stopped => return None,
        _ if screen.takes_money() && !ui.moment.is_repricing => {
            (Text::OfflinePaying, Text::StalePaying)
        }
        Screen::Outcome(_) if ui.known.phase().is_some_and(Phase::is_paid) => {
            (Text::OfflinePaid, Text::StalePaid)
        }
        _ => (Text::Offline, Text::Stale),
    };
    Some(if silence.is_offline { offline } else { stale })
}

fn age(flow: Flow) -> Phrase {
    let seconds = flow.time().unheard_seconds;
    if seconds < 60 {
        Text::LastChecked.with(&[("seconds", &digits(seconds.into()))])
    } else {
        Text::LastCheckedMinutes.with(&[("minutes", &digits((seconds / 60).into()))])
    }
}
