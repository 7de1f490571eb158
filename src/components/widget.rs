//! The whole widget: what stays on every screen, and the screen.

use super::{
    choosing, connection, dropped, failed, footer, header, loading, outcome, paying, receiving,
    status, underpaid,
};
use crate::dom::{El, div, el, p};
use crate::flow::Flow;
use crate::focus::SCREEN;
use crate::screen::Screen;
use crate::ui_state::UiState;
use crate::view::View;
use crate::words::{Text, Words};

/// The widget of one element: an ordinary component of Leptos, whose props are the flow and which returns a view.
pub fn widget(flow: Flow) -> View<impl FnOnce() -> El + Send + 'static> {
    View::new(move || whole(flow))
}

fn whole(flow: Flow) -> El {
    let screen = move |screen: &Screen| {
        Some(match *screen {
            Screen::Loading => loading::loading(),
            Screen::Failed | Screen::Stopped => failed::failed(flow),
            Screen::Choosing | Screen::Ready => choosing::choosing(flow),
            Screen::Paying => paying::paying(flow),
            Screen::Receiving => receiving::receiving(flow),
            Screen::Underpaid => underpaid::underpaid(flow),
            Screen::TimeIsUp => outcome::time_is_up(flow),
            Screen::Outcome(outcome) => outcome::outcome(flow, outcome),
        })
    };
    let message = p("said")
        .part("message")
        .attr("role", "status")
        .child(flow.derive(|ui| ui.message.clone()));
    el("section", "widget")
        .attr("aria-label", Text::Payment)
        // The language of the sentences, whatever the page around speaks and whichever way it reads.
        .attr("lang", Words::ENGLISH.language)
        .attr("dir", Words::ENGLISH.direction)
        .child((
            header::header(flow),
            status::status(flow),
            connection::connection(flow),
            dropped::dropped(flow),
            div(SCREEN).show(flow.derive(UiState::screen), screen),
            message,
            footer::footer(flow),
        ))
}
