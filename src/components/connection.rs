//! The honest state of the connection: that the proxy is silent, and for how long.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::scene::Scene;
use crate::text::Text;

/// A banner while the proxy does not answer. Its sentence is read out once; the age beside it is only seen.
pub fn connection(flow: Flow) -> El {
    let banner = move || {
        let sentence = sentence(&flow.scene_untracked())?;
        let age = el("p", "age")
            .attr("aria-live", "off")
            .words(move || age(&flow.scene()));
        Some(
            block("notice connection")
                .part("message")
                .with(el("p", "").text(sentence))
                .with(age),
        )
    };
    block("").attr("role", "status").slot(
        move || sentence(&flow.scene()).unwrap_or_default().to_owned(),
        banner,
    )
}

fn sentence(scene: &Scene) -> Option<&'static str> {
    scene.silence.map(|silence| {
        if silence.is_offline {
            Text::Offline
        } else {
            Text::Stale
        }
        .say()
    })
}

fn age(scene: &Scene) -> String {
    let seconds = scene.silence.map_or(0, |silence| silence.seconds);
    if seconds < 60 {
        Text::LastChecked.fill(&[("seconds", &seconds.to_string())])
    } else {
        Text::LastCheckedMinutes.fill(&[("minutes", &(seconds / 60).to_string())])
    }
}
