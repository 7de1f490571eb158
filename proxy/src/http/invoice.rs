//! `POST /v1/checkouts/{id}/invoice`.

use axum::http::StatusCode;
use axum::response::Response;

use super::answer;
use super::app_state::AppState;
use super::caller::{Anyone, Create};
use super::extract::{Client, PageFields};
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;

/// Gives the checkout an invoice in the currency the buyer picked, or shows the one it has.
pub(super) async fn choose(
    app: AppState,
    id: CheckoutId,
    Anyone { caller, .. }: Anyone<Create>,
    Client(network): Client,
    PageFields(mut fields): PageFields,
) -> Result<Response, Refusal> {
    let currency = fields.required_text("currency")?;
    fields.finish()?;
    let snapshot = app.choose(id, &currency, network, &caller).await?;
    let body = app.shown(snapshot).await?.body(app.clock.now());
    Ok(answer::json(StatusCode::OK, body))
}
