//! What a repricing changed: old amount, new amount, difference.

use super::number::written;
use crate::dom::{El, div, p};
use crate::flow::Flow;
use crate::repricing::{Change, Repricing};
use crate::words::Text;

/// The notice of the last repricing; nothing while there was none.
pub fn repriced(flow: Flow) -> El {
    let repricing = flow.derive(|ui| {
        let known = &ui.known;
        let repricing = known.repricing()?;
        Some((repricing, known.paid_in().symbol))
    });
    div("")
        .attr("role", "status")
        .part("message")
        .show(repricing, |repricing| {
            let (repricing, symbol) = repricing.as_ref()?;
            Some(notice(repricing, symbol))
        })
}

fn notice(repricing: &Repricing, symbol: &str) -> El {
    let (text, difference) = match repricing.change {
        Change::More(difference) => (Text::RepricedMore, difference),
        Change::Less(difference) => (Text::RepricedLess, difference),
    };
    let (old, new) = (repricing.old.digits(), repricing.new.digits());
    let sentence = text.with(&[
        ("difference", &difference.digits()),
        ("symbol", symbol),
        ("old", &old),
        ("new", &new),
    ]);
    let old_new = (written("s", &old), " → ", written("strong", &new));
    div("notice repriced").child((
        p("").child(sentence),
        p("old-new").attr("dir", "ltr").child(old_new),
    ))
}
