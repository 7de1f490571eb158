//! What only the merchant's server may ask for: `GET /v1/checkouts`, and of one the deposits and the history.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use checkout::wire::CheckoutListView;

use super::app_state::AppState;
use super::caller::Merchant;
use super::query::Query;
use super::{answer, order};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::list_cursor::ListCursor;
use crate::refusal::Refusal;

/// How many checkouts one answer lists.
const MOST: u32 = 100;

/// Lists the checkouts that have the merchant's own id, the newest first, as they are stored.
pub(super) async fn list(
    app: AppState,
    Merchant(shop): Merchant,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let external_id = query
        .take("externalId")
        .ok_or_else(|| Refusal::field("externalId", "is missing: name the checkouts to list"))?;
    let external_id = order::external_id(external_id)?;
    let after = query.take("cursor").map(|text| after(&text)).transpose()?;
    query.finish()?;
    let (snapshots, more) = app
        .store
        .checkouts_of(shop, external_id, after, MOST)
        .await?;
    let mut checkouts = Vec::with_capacity(snapshots.len());
    for snapshot in &snapshots {
        checkouts.push(app.merchant_view(snapshot).await?);
    }
    let cursor = more.map(|last| last.to_string());
    let body = answer::text(&CheckoutListView { checkouts, cursor })?;
    Ok(answer::json(StatusCode::OK, body))
}

fn after(cursor: &str) -> Result<ListCursor, Refusal> {
    ListCursor::parse(cursor).ok_or_else(unknown_cursor)
}

/// Lists every deposit to every address of a checkout, or of its customer.
pub(super) async fn deposits(
    app: AppState,
    merchant: Merchant,
    id: CheckoutId,
) -> Result<Response, Refusal> {
    let snapshot = app.stored(id).await?;
    merchant.caller().may_reach(&snapshot.checkout.shop)?;
    let snapshot = app.refresh_for_merchant(snapshot).await?;
    let body = answer::text(&app.deposit_list(&snapshot).await?)?;
    Ok(answer::json(StatusCode::OK, body))
}

/// Lists what has happened to a checkout, the oldest first, as it is stored.
pub(super) async fn history(
    app: AppState,
    merchant: Merchant,
    id: CheckoutId,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let after = query.take("cursor").map(|text| seq(&text)).transpose()?;
    query.finish()?;
    let snapshot = app.stored(id).await?;
    merchant.caller().may_reach(&snapshot.checkout.shop)?;
    let history = app.history(&snapshot, after.unwrap_or(0)).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&history)?))
}

/// The number of the entry after which to go on.
fn seq(cursor: &str) -> Result<i64, Refusal> {
    let number = cursor.parse::<i64>().ok();
    let written = number.filter(|number| *number > 0 && number.to_string() == cursor);
    written.ok_or_else(unknown_cursor)
}

fn unknown_cursor() -> Refusal {
    Refusal::field("cursor", "is none that this call has answered")
}
