//! What only the merchant's server may ask for: `GET /v1/checkouts` and `GET /v1/checkouts/{id}/deposits`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use checkout::ErrorCode;
use checkout::wire::CheckoutListView;

use super::answer;
use super::caller::Caller;
use super::checkouts::id_in;
use super::query::Query;
use crate::inner::Inner;
use crate::refusal::Refusal;
use crate::store::Place;
use crate::text;

/// How many checkouts one answer lists.
const MOST: u32 = 100;

/// Lists the checkouts that have the merchant's own id, the newest first, as they are stored.
pub(super) async fn list(
    State(inner): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    require(&inner, &headers)?;
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let external_id = query
        .take("externalId")
        .ok_or_else(|| Refusal::field("externalId", "is missing: name the checkouts to list"))?;
    let external_id = text::external_id(external_id)?;
    let after = query.take("cursor").map(|text| place(&text)).transpose()?;
    query.finish()?;
    let (snapshots, more) = inner.store.checkouts_of(external_id, after, MOST).await?;
    let mut checkouts = Vec::with_capacity(snapshots.len());
    for snapshot in &snapshots {
        checkouts.push(inner.merchant_view(snapshot).await?);
    }
    let cursor = more.map(|last| last.to_string());
    let body = answer::text(&CheckoutListView { checkouts, cursor })?;
    Ok(answer::json(StatusCode::OK, body))
}

fn place(cursor: &str) -> Result<Place, Refusal> {
    let unknown = || Refusal::field("cursor", "is none that this call has answered");
    Place::parse(cursor).ok_or_else(unknown)
}

/// Lists every deposit to every address of a checkout, or of its customer.
pub(super) async fn deposits(
    State(inner): State<Arc<Inner>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    require(&inner, &headers)?;
    let snapshot = inner.stored(id_in(id)?).await?;
    let snapshot = inner.refresh_for_merchant(snapshot).await?;
    let body = answer::text(&inner.deposit_list(&snapshot).await?)?;
    Ok(answer::json(StatusCode::OK, body))
}

/// # Errors
/// `merchant_key_missing`, `merchant_key_wrong`.
pub(super) fn require(inner: &Inner, headers: &HeaderMap) -> Result<(), Refusal> {
    match Caller::of(headers, &inner.merchant_key)? {
        Caller::Merchant => Ok(()),
        Caller::Page => Err(Refusal::new(
            ErrorCode::MerchantKeyMissing,
            "this call needs the merchant's key in `Authorization: Bearer KEY`",
        )),
    }
}
