//! `POST /v1/checkouts/{id}/hosted-widget`.

use axum::http::StatusCode;
use axum::response::Response;
use checkout::wire::HostedWidgetView;

use super::answer;
use super::app_state::AppState;
use super::caller::{Create, Merchant};
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;

/// Gives the merchant's server the link to the gateway's own page for a checkout. There is nothing to say in a body, so none is read.
pub(super) async fn make(
    app: AppState,
    merchant: Merchant<Create>,
    id: CheckoutId,
) -> Result<Response, Refusal> {
    let url = app.hosted_widget(id, &merchant.caller()).await?;
    let body = answer::text(&HostedWidgetView { url })?;
    Ok(answer::json(StatusCode::OK, body))
}
