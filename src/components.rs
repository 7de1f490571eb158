//! What is on the screen: the whole widget, and one part or one screen a file. They are plain functions that make an element.

pub mod actions;
pub mod address;
pub mod amount;
pub mod choosing;
pub mod connection;
pub mod copy_button;
pub mod countdown;
pub mod currency_button;
pub mod deposits;
pub mod dropped;
pub mod facts;
pub mod failed;
pub mod footer;
pub mod header;
pub mod loading;
pub mod logo;
pub mod network_notice;
pub mod number;
pub mod outcome;
pub mod paying;
pub mod qr_code;
pub mod rate_line;
pub mod receiving;
pub mod repriced;
pub mod status;
pub mod steps;
pub mod underpaid;
pub mod wallet_link;

use crate::dom::{El, div, el, p, words};
use crate::flow::Flow;
use crate::focus::SCREEN;
use crate::screen::Screen;
use crate::ui_state::UiState;
use crate::view::View;
use crate::words::Text;

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
        .attr("lang", words().language)
        .attr("dir", words().direction)
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
