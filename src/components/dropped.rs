//! The notice that a payment which was seen is gone again.

use crate::dom::{El, div, p};
use crate::flow::Flow;
use crate::icon::{ALERT, icon};
use crate::ui_state::UiState;
use crate::words::Text;

/// The notice; nothing while no payment fell away. It is read out when it comes.
pub fn dropped(flow: Flow) -> El {
    let notice = |sentence: &Option<Text>| {
        let sentence = p("").child((*sentence)?);
        let notice = div("notice dropped").part("message");
        Some(notice.child((icon("notice-mark", ALERT), sentence)))
    };
    div("")
        .attr("role", "status")
        .show(flow.derive(sentence), notice)
}

fn sentence(ui: &UiState) -> Option<Text> {
    ui.known.has_lost_a_payment().then(|| {
        if ui.screen().takes_money() {
            Text::DroppedPaying
        } else {
            Text::Dropped
        }
    })
}
