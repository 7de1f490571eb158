//! The honest state of the connection: that the proxy is silent, and for how long.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::text::Text;

/// A banner while the proxy does not answer. Its sentence is read out once; the age beside it is only seen.
pub fn connection(flow: Flow) -> El {
    let banner = move |scene: &Scene| {
        let sentence = sentence(scene)?;
        let age = el("p", "age").attr("aria-live", "off").words(flow, age);
        Some(
            block("notice connection")
                .part("message")
                .with(el("p", "").text(sentence))
                .with(age),
        )
    };
    let key = |scene: &Scene| sentence(scene).unwrap_or_default().to_owned();
    block("").attr("role", "status").slot(flow, key, banner)
}

/// What is true on this screen: who may be paying is not told to wait, who must not send is not told to send.
fn sentence(scene: &Scene) -> Option<&'static str> {
    let silence = scene.silence?;
    let screen = scene.screen();
    let (offline, stale) = match screen {
        // Such a screen says itself what is wrong.
        Screen::Loading | Screen::Failed | Screen::Stopped => return None,
        _ if screen.takes_money() && !scene.is_repricing() => {
            (Text::OfflinePaying, Text::StalePaying)
        }
        Screen::Told(phase) if phase.is_paid() => (Text::OfflinePaid, Text::StalePaid),
        _ => (Text::Offline, Text::Stale),
    };
    Some(if silence.is_offline { offline } else { stale }.say())
}

fn age(scene: &Scene) -> String {
    let seconds = scene.silence.map_or(0, |silence| silence.seconds);
    if seconds < 60 {
        Text::LastChecked.fill(&[("seconds", &seconds.to_string())])
    } else {
        Text::LastCheckedMinutes.fill(&[("minutes", &(seconds / 60).to_string())])
    }
}
