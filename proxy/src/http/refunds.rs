//! `/v1/refunds`: refunds as records, for a shop's server alone.

use axum::extract::{FromRequestParts, Path, RawQuery};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer;
use super::app_state::AppState;
use super::caller::{Merchant, Read};
use super::extract::Body;
use super::json::{Fields, Json};
use super::query::Query;
use super::{idempotency_key, limit, refund_order};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::refund::{RefundId, RefundPlace, RefundSearch, RefundStep};
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// The id in the path. One that cannot be is one that there is not.
///
/// # Errors
/// `refund_not_found`.
impl FromRequestParts<AppState> for RefundId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let id = text.ok().and_then(|Path(text)| Self::parse(&text));
        id.ok_or_else(Refusal::no_refund)
    }
}

/// Keeps a refund that is to be approved and sent.
pub(super) async fn create(
    app: AppState,
    merchant: Merchant,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let key = idempotency_key::of_refund(&headers, &bytes)?;
    let order = refund_order::read(shop, &bytes)?;
    let view = app.ask_refund(order, key).await?;
    Ok(answer::json(StatusCode::CREATED, answer::text(&view)?))
}

/// Lists refunds, the newest first.
pub(super) async fn list(
    app: AppState,
    merchant: Merchant<Read>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let checkout = query.take("checkout").map(|text| CheckoutId::parse(&text));
    let state = query.take("state").map(|word| {
        word.parse()
            .map_err(|error| Refusal::field("state", format!("is `{}`: {error}", printable(&word))))
    });
    let after = query.take("cursor").map(|text| {
        RefundPlace::parse(&text)
            .ok_or_else(|| Refusal::field("cursor", "is none that this call has answered"))
    });
    let most = limit::take(&mut query)?;
    query.finish()?;
    let search = RefundSearch {
        checkout: checkout.transpose()?,
        state: state.transpose()?,
    };
    let view = app.refunds(shop, search, after.transpose()?, most).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}

/// Shows one refund.
pub(super) async fn show(
    app: AppState,
    merchant: Merchant<Read>,
    id: RefundId,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let view = app.refund(shop, id).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}

/// Says that a refund may be sent. There is nothing to say in a body, so none is read.
pub(super) async fn approve(
    app: AppState,
    merchant: Merchant,
    id: RefundId,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let view = app.step_refund(shop, id, RefundStep::Approve).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}

/// Says by which transaction a refund was sent.
pub(super) async fn sent(
    app: AppState,
    merchant: Merchant,
    id: RefundId,
    Body(bytes): Body,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let mut fields = Fields::of_body(Json::read(&bytes)?)?;
    let transaction = refund_order::transaction(fields.required_text("transaction")?)?;
    fields.finish()?;
    let step = RefundStep::Send(transaction);
    let view = app.step_refund(shop, id, step).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}

/// Says that a refund is not sent. There is nothing to say in a body, so none is read.
pub(super) async fn cancel(
    app: AppState,
    merchant: Merchant,
    id: RefundId,
) -> Result<Response, Refusal> {
    let shop = merchant.key.shop.clone();
    let view = app.step_refund(shop, id, RefundStep::Cancel).await?;
    Ok(answer::json(StatusCode::OK, answer::text(&view)?))
}
