//! What a repricing changed: old amount, new amount, difference.

use super::number::number;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::repricing::Change;
use crate::text::Text;

/// The notice of the last repricing; nothing while there was none.
pub fn repriced(flow: Flow) -> El {
    let key = move || {
        let repricing = flow.scene().session.repricing();
        repricing
            .map(|repricing| [repricing.old.to_string(), repricing.new.to_string()].join(" "))
            .unwrap_or_default()
    };
    block("")
        .attr("role", "status")
        .part("message")
        .slot(key, move || notice(flow))
}

fn notice(flow: Flow) -> Option<El> {
    let scene = flow.scene_untracked();
    let repricing = scene.session.repricing()?;
    let (symbol, _) = scene.session.payment_words();
    let (text, difference) = match repricing.change {
        Change::More(difference) => (Text::RepricedMore, difference),
        Change::Less(difference) => (Text::RepricedLess, difference),
    };
    let (old, new) = (repricing.old.to_string(), repricing.new.to_string());
    let sentence = text.fill(&[
        ("difference", &difference.to_string()),
        ("symbol", &symbol),
        ("old", &old),
        ("new", &new),
    ]);
    let old_new = el("p", "old-new")
        .attr("dir", "ltr")
        .with(number("s", move || old.clone()))
        .text(" → ")
        .with(number("strong", move || new.clone()));
    Some(
        block("notice repriced")
            .with(el("p", "").text(&sentence))
            .with(old_new),
    )
}
