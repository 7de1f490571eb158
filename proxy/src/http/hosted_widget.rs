//! `POST /v1/checkouts/{id}/hosted-widget`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use checkout::ErrorCode;
use checkout::wire::HostedWidgetView;

use super::answer;
use super::caller::Caller;
use super::checkouts::id_in;
use crate::inner::Inner;
use crate::refusal::Refusal;

/// Gives the merchant's server the link to the gateway's own page for a checkout. There is nothing to say in a body, so none is read.
pub(super) async fn make(
    State(inner): State<Arc<Inner>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if Caller::of(&headers, &inner.merchant_key)? == Caller::Page {
        return Err(Refusal::new(
            ErrorCode::MerchantKeyMissing,
            "this call needs the merchant's key in `Authorization: Bearer KEY`",
        ));
    }
    let url = inner.hosted_widget(id_in(id)?).await?;
    let body = serde_json::to_string(&HostedWidgetView { url }).map_err(Refusal::internal)?;
    Ok(answer::json(StatusCode::OK, body))
}
