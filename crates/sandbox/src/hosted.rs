//! The gateway's own pages for buyers: `/pay?widgetKey=…` and `/invoice/{key}` (gateway reference §1.1).
//!
//! Whoever has the link can open them; the key in it is all they need (§7.6). They are made here, whole, and need no script: a choice
//! is a form, and an invoice loads itself again every few seconds.

mod frame;
mod invoice;
mod parameter;
mod qr;
mod widget;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use uuid::Uuid;

use crate::door::{Room, door};
use crate::ledger::InvoiceName;
use crate::sandbox::Sandbox;

use frame::{Frame, Look};
use parameter::parameter;

/// Both pages and their stylesheet.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    Router::new()
        .route("/pay", get(show_widget).post(choose))
        .route("/invoice/{key}", get(show_invoice))
        .route("/sandbox/hosted.css", get(frame::stylesheet))
        .layer(from_fn_with_state((sandbox.clone(), Room::Page), door))
        .with_state(sandbox.clone())
}

/// Why a page cannot be shown, as a page.
fn trouble(status: StatusCode, look: &Look, title: &str, text: &str) -> Response {
    let mut frame = Frame::new(look, title);
    frame.heading(title);
    frame.paragraph("", text);
    (status, frame.into_response()).into_response()
}

async fn show_widget(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let look = Look::read(&query);
    let (ledger, _) = sandbox.ledger();
    let key = parameter(&query, "widgetKey").and_then(|key| Uuid::try_parse(&key).ok());
    match key.and_then(|key| ledger.find_widget(key)) {
        Some(index) => widget::page(&ledger, index, &look).into_response(),
        None => no_widget(&look),
    }
}

fn no_widget(look: &Look) -> Response {
    trouble(
        StatusCode::NOT_FOUND,
        look,
        "There is nothing to pay here",
        "Expected a link with the widgetKey of a payment widget, which is its idempotencyKey. The sandbox has none of this key.",
    )
}

/// What a buyer does who presses one of the currencies.
async fn choose(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let query = query.unwrap_or_default();
    let look = Look::read(&query);
    let (mut ledger, now) = sandbox.ledger();
    let key = parameter(&query, "widgetKey").and_then(|key| Uuid::try_parse(&key).ok());
    let Some(index) = key.and_then(|key| ledger.find_widget(key)) else {
        return no_widget(&look);
    };
    let currency = parameter(&body, "currency").unwrap_or_default();
    match ledger.choose(now, index, &currency) {
        Ok(invoice) => {
            let key = ledger.invoice(invoice).key;
            Redirect::to(&format!("/invoice/{key}{}", look.query('?'))).into_response()
        }
        Err(refusal) => trouble(
            StatusCode::CONFLICT,
            &look,
            "This cannot be chosen",
            &refusal.to_string(),
        ),
    }
}

async fn show_invoice(
    State(sandbox): State<Sandbox>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let look = Look::read(&query);
    let (mut ledger, now) = sandbox.ledger();
    let found = Uuid::try_parse(&key)
        .ok()
        .and_then(|key| ledger.find_invoice(&InvoiceName::Key(key)));
    let Some(index) = found else {
        return trouble(
            StatusCode::NOT_FOUND,
            &look,
            "There is nothing to pay here",
            "Expected a link with the idempotencyKey of an invoice. The sandbox has none of this key.",
        );
    };
    // The page that loads itself again is still the one that was opened.
    if parameter(&query, invoice::AGAIN).is_none() && ledger.reprices_when_opened(index) {
        ledger.open(index, now);
    }
    invoice::page(&ledger, index, now, &look).into_response()
}
