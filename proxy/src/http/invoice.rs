//! `POST /v1/checkouts/{id}/invoice`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::checkouts::id_in;
use super::{answer, body};
use crate::inner::Inner;
use crate::json::{Fields, Json};
use crate::refusal::Refusal;

/// Gives the checkout an invoice in the currency the buyer picked, or shows the one it has.
pub(super) async fn choose(
    State(inner): State<Arc<Inner>>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let id = id_in(id)?;
    let (parts, body) = request.into_parts();
    let network = inner.network(&parts.extensions, &parts.headers);
    inner.bounds.new_choice(network)?;
    let bytes = body::read(&parts.headers, body, &inner.config.limits).await?;
    let mut fields = Fields::of_body(Json::read(&bytes)?)?;
    fields.refuse_money()?;
    let currency = fields.required_text("currency")?;
    fields.finish()?;
    let snapshot = inner.choose(id, &currency, network).await?;
    let view = inner.view(&snapshot).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}
