//! What only the merchant's server may ask for about one checkout: its deposits and its history.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;

use super::answer;
use super::app_state::AppState;
use super::caller::{Merchant, Read};
use super::query::Query;
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;

/// Lists every deposit to every address of a checkout, or of its customer.
pub(super) async fn deposits(
    app: AppState,
    merchant: Merchant<Read>,
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
    merchant: Merchant<Read>,
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
    written.ok_or_else(|| Refusal::field("cursor", "is none that this call has answered"))
}
