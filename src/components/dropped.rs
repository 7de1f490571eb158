//! The notice that a payment which was seen is gone again.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::icon::{ALERT, icon};
use crate::scene::Scene;
use crate::text::Text;

/// The notice; nothing while no payment fell away. It is read out when it comes.
pub fn dropped(flow: Flow) -> El {
    let notice = |scene: &Scene| {
        Some(
            block("notice dropped")
                .part("message")
                .with(icon("notice-mark", ALERT))
                .with(el("p", "").text(sentence(scene)?)),
        )
    };
    let key = |scene: &Scene| sentence(scene).unwrap_or_default().to_owned();
    block("").attr("role", "status").slot(flow, key, notice)
}

fn sentence(scene: &Scene) -> Option<&'static str> {
    scene.session.has_lost_a_payment().then(|| {
        if scene.screen().takes_money() {
            Text::DroppedPaying
        } else {
            Text::Dropped
        }
        .say()
    })
}
