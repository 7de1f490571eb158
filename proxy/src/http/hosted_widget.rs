//! `POST /v1/checkouts/{id}/hosted-widget`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use checkout::wire::HostedWidgetView;

use super::checkouts::id_in;
use super::{answer, merchant};
use crate::app::App;
use crate::refusal::Refusal;

/// Gives the merchant's server the link to the gateway's own page for a checkout. There is nothing to say in a body, so none is read.
pub(super) async fn make(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    merchant::require(&app, &headers)?;
    let url = app.hosted_widget(id_in(id)?).await?;
    let body = answer::text(&HostedWidgetView { url })?;
    Ok(answer::json(StatusCode::OK, body))
}
