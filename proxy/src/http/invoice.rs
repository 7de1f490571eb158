//! `POST /v1/checkouts/{id}/invoice`.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::answer;
use super::app_state::AppState;
use super::caller::{Anyone, Create};
use super::extract::{Client, PageFields};
use crate::checkouts::id::CheckoutId;
use crate::input::client::Network;
use crate::refusal::Refusal;

/// Gives the checkout an invoice in the currency the buyer picked, or shows the one it has.
pub(super) async fn choose(
    app: AppState,
    id: CheckoutId,
    Anyone { caller, .. }: Anyone<Create>,
    Chooser(network): Chooser,
    PageFields(mut fields): PageFields,
) -> Result<Response, Refusal> {
    let currency = fields.required_text("currency")?;
    fields.finish()?;
    let snapshot = app.choose(id, &currency, network, &caller).await?;
    let body = app.shown(snapshot).await?.body(app.clock.now());
    Ok(answer::json(StatusCode::OK, body))
}

/// The network of somebody who may choose now. The choice is counted before its body is read.
///
/// # Errors
/// `rate_limited`.
pub(super) struct Chooser(Option<Network>);

impl FromRequestParts<AppState> for Chooser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        let Client(network) = Client::from_request_parts(parts, app).await?;
        app.bounds.new_choice(network)?;
        Ok(Self(network))
    }
}
