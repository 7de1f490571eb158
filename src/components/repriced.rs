//! What a repricing changed: old amount, new amount, difference.

use super::number::written;
use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::repricing::Change;
use crate::scene::Scene;
use crate::text::Text;

/// The notice of the last repricing; nothing while there was none.
pub fn repriced(flow: Flow) -> El {
    let key = |scene: &Scene| {
        let repricing = scene.session.repricing();
        repricing.map_or_else(String::new, |repricing| {
            [&*repricing.old.to_string(), " ", &repricing.new.to_string()].concat()
        })
    };
    block("")
        .attr("role", "status")
        .part("message")
        .slot(flow, key, notice)
}

fn notice(scene: &Scene) -> Option<El> {
    let repricing = scene.session.repricing()?;
    let (symbol, _) = scene.session.payment_words();
    let (text, difference) = match repricing.change {
        Change::More(difference) => (Text::RepricedMore, difference),
        Change::Less(difference) => (Text::RepricedLess, difference),
    };
    let (old, new) = (repricing.old.to_string(), repricing.new.to_string());
    let sentence = text.fill(&[
        ("difference", &difference.to_string()),
        ("symbol", symbol),
        ("old", &old),
        ("new", &new),
    ]);
    let old_new = el("p", "old-new")
        .attr("dir", "ltr")
        .with(written("s", &old))
        .text(" → ")
        .with(written("strong", &new));
    Some(
        block("notice repriced")
            .with(el("p", "").text(&sentence))
            .with(old_new),
    )
}
