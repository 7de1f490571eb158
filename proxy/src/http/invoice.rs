//! `POST /v1/checkouts/{id}/invoice`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::checkouts::id_in;
use super::{answer, body};
use crate::app::App;
use crate::http::json::{Fields, Json};
use crate::refusal::Refusal;

/// Gives the checkout an invoice in the currency the buyer picked, or shows the one it has.
pub(super) async fn choose(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let id = id_in(id)?;
    let (parts, body) = request.into_parts();
    let network = app.network(&parts.extensions, &parts.headers);
    app.bounds.new_choice(network)?;
    let bytes = body::read(&parts.headers, body, &app.config.limits).await?;
    let mut fields = Fields::of_body(Json::read(&bytes)?)?;
    fields.refuse_money()?;
    let currency = fields.required_text("currency")?;
    fields.finish()?;
    let snapshot = app.choose(id, &currency, network).await?;
    let view = app.view(&snapshot).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}
