//! What the merchant's server asks of the events it is sent: `GET /v1/events`, and one of them, shown or sent again.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;

use super::answer;
use super::app_state::AppState;
use super::caller::{Merchant, Read};
use super::query::Query;
use crate::app::EventsAsked;
use crate::checkouts::event::EventId;
use crate::refusal::Refusal;

/// Lists events, the newest first.
pub(super) async fn list(
    app: AppState,
    merchant: Merchant<Read>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let asked = EventsAsked {
        kind: query.take("type"),
        state: query.take("state"),
        checkout: query.take("checkout"),
        cursor: query.take("cursor"),
    };
    query.finish()?;
    let events = app.event_list(merchant.key.shop.clone(), &asked).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&events)?))
}

/// Shows an event with the body of its deliveries.
pub(super) async fn show(
    app: AppState,
    merchant: Merchant<Read>,
    id: EventId,
) -> Result<Response, Refusal> {
    let event = app.whole_event(merchant.key.shop.clone(), id).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&event)?))
}

/// Has an event sent again. It is on disk that it is to be, and has not been sent by then.
pub(super) async fn replay(
    app: AppState,
    merchant: Merchant,
    id: EventId,
) -> Result<Response, Refusal> {
    let event = app.replay_event(&merchant.key.shop, id).await?;
    Ok(answer::json(StatusCode::ACCEPTED, answer::text(&event)?))
}
