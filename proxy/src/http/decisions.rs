//! `POST /v1/checkouts/{id}/archive` and `POST /v1/checkouts/{id}/intervention`: what a merchant decides about a checkout.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::answer;
use super::app_state::AppState;
use super::caller::Merchant;
use super::extract::Body;
use super::json::{Fields, Json};
use crate::checkouts::decision::Act;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// Closes a checkout for its buyer, and archives its invoices at the gateway. There is nothing to say in a body, so none is read.
pub(super) async fn archive(
    app: AppState,
    merchant: Merchant,
    id: CheckoutId,
) -> Result<Response, Refusal> {
    let snapshot = app.stored(id).await?;
    merchant.caller().may_reach(&snapshot.checkout.shop)?;
    let snapshot = app.archive(snapshot).await?;
    shown(&app, &snapshot).await
}

/// Accepts what an invoice has received, or marks its intervention as resolved.
pub(super) async fn intervene(
    app: AppState,
    merchant: Merchant,
    id: CheckoutId,
    Body(bytes): Body,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of_body(Json::read(&bytes)?)?;
    let act = action(&fields.required_text("action")?)?;
    let invoice = fields.text("invoice")?;
    let invoice = invoice.map(|text| invoice_key(&text)).transpose()?;
    fields.finish()?;
    let snapshot = app.stored(id).await?;
    merchant.caller().may_reach(&snapshot.checkout.shop)?;
    let snapshot = app.intervene(snapshot, act, invoice).await?;
    shown(&app, &snapshot).await
}

/// The checkout as it is now, for the merchant.
async fn shown(app: &AppState, snapshot: &Snapshot) -> Result<Response, Refusal> {
    let body = answer::text(&app.merchant_view(snapshot).await?)?;
    Ok(answer::json(StatusCode::OK, body))
}

fn action(word: &str) -> Result<Act, Refusal> {
    match Act::find(word) {
        Some(act @ (Act::ReturnToPaid | Act::Close)) => Ok(act),
        Some(Act::Archive) | None => Err(Refusal::field(
            "action",
            format!("is `{}`: expected return_to_paid or close", printable(word)),
        )),
    }
}

/// The `idempotencyKey` by which the merchant's view names an invoice.
pub(super) fn invoice_key(text: &str) -> Result<Uuid, Refusal> {
    let key = Uuid::try_parse(text).ok();
    key.filter(|key| key.hyphenated().to_string() == text)
        .ok_or_else(|| {
            let said = printable(text);
            Refusal::field(
                "invoice",
                format!("is `{said}`: expected the `idempotencyKey` of an invoice"),
            )
        })
}
