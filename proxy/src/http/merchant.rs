//! What only the merchant's server may ask for: `GET /v1/checkouts` and `GET /v1/checkouts/{id}/deposits`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use checkout::ErrorCode;
use checkout::wire::CheckoutListView;

use super::caller::Caller;
use super::checkouts::id_in;
use super::query::Query;
use super::{answer, order};
use crate::app::App;
use crate::checkouts::list_cursor::ListCursor;
use crate::refusal::Refusal;

/// How many checkouts one answer lists.
const MOST: u32 = 100;

/// Lists the checkouts that have the merchant's own id, the newest first, as they are stored.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    require(&app, &headers)?;
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let external_id = query
        .take("externalId")
        .ok_or_else(|| Refusal::field("externalId", "is missing: name the checkouts to list"))?;
    let external_id = order::external_id(external_id)?;
    let after = query.take("cursor").map(|text| after(&text)).transpose()?;
    query.finish()?;
    let (snapshots, more) = app.store.checkouts_of(external_id, after, MOST).await?;
    let mut checkouts = Vec::with_capacity(snapshots.len());
    for snapshot in &snapshots {
        checkouts.push(app.merchant_view(snapshot).await?);
    }
    let cursor = more.map(|last| last.to_string());
    let body = answer::text(&CheckoutListView { checkouts, cursor })?;
    Ok(answer::json(StatusCode::OK, body))
}

fn after(cursor: &str) -> Result<ListCursor, Refusal> {
    let unknown = || Refusal::field("cursor", "is none that this call has answered");
    ListCursor::parse(cursor).ok_or_else(unknown)
}

/// Lists every deposit to every address of a checkout, or of its customer.
pub(super) async fn deposits(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    require(&app, &headers)?;
    let snapshot = app.stored(id_in(id)?).await?;
    let snapshot = app.refresh_for_merchant(snapshot).await?;
    let body = answer::text(&app.deposit_list(&snapshot).await?)?;
    Ok(answer::json(StatusCode::OK, body))
}

/// # Errors
/// `merchant_key_missing`, `merchant_key_wrong`.
pub(super) fn require(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    match Caller::of(headers, &app.merchant_key)? {
        Caller::Merchant => Ok(()),
        Caller::Page => Err(Refusal::new(
            ErrorCode::MerchantKeyMissing,
            "this call needs the merchant's key in `Authorization: Bearer KEY`",
        )),
    }
}
