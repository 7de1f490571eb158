//! Who is calling: a merchant's server by its key, a shop's page by its origin.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::extract::Client;
use super::headers::single;
use super::wrong_keys::Guess;
use crate::app::{Caller, Shops};
use crate::checkouts::shop_id::ShopId;
use crate::refusal::Refusal;

/// Reads the `Authorization` header, and where there is none, the `Origin` header. Many wrong keys are answered slowly.
///
/// # Errors
/// `merchant_key_wrong` unless `Authorization` is there once, as `Bearer` with the right key of a shop, or not at all; `rate_limited`
/// as of [`Guess`].
async fn caller(parts: &Parts, app: &AppState) -> Result<Caller, Refusal> {
    if !parts.headers.contains_key(header::AUTHORIZATION) {
        return Ok(page(&parts.headers, &app.shops));
    }
    let Client(network) = Client::of(app, &parts.extensions, &parts.headers);
    let guess = Guess::begin(app, network)?;
    match merchant(&parts.headers, &app.shops) {
        Ok(caller) => Ok(caller),
        Err(refusal) => Err(guess.was_wrong(app, refusal).await),
    }
}

fn merchant(headers: &HeaderMap, shops: &Shops) -> Result<Caller, Refusal> {
    let wrong = || {
        Refusal::new(
            RefusalCode::MerchantKeyWrong,
            "the merchant key is not right; expected `Authorization: Bearer KEY`",
        )
    };
    let value = single(headers, &header::AUTHORIZATION).map_err(|()| wrong())?;
    let value = value.ok_or_else(wrong)?;
    let (scheme, given) = value.as_bytes().split_at_checked(7).ok_or_else(wrong)?;
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return Err(wrong());
    }
    let shop = shops.of_key(given).ok_or_else(wrong)?;
    Ok(Caller::Merchant(shop.id().clone()))
}

/// Whose page calls. Origins that belong to no shop, but the proxy's own, were refused before.
fn page(headers: &HeaderMap, shops: &Shops) -> Caller {
    let origin = headers.get(header::ORIGIN);
    let origin = origin.and_then(|origin| origin.to_str().ok());
    let shop = origin.and_then(|origin| shops.of_origin(origin));
    shop.map_or(Caller::Nobody, |shop| Caller::Page(shop.id().clone()))
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        caller(parts, app).await
    }
}

/// The server of this shop's merchant, for calls that nobody else may make.
///
/// # Errors
/// `merchant_key_missing`, `merchant_key_wrong`.
pub(super) struct Merchant(pub(super) ShopId);

impl Merchant {
    /// Who it is among all callers.
    pub(super) fn caller(self) -> Caller {
        Caller::Merchant(self.0)
    }
}

impl FromRequestParts<AppState> for Merchant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        match caller(parts, app).await? {
            Caller::Merchant(shop) => Ok(Self(shop)),
            Caller::Page(_) | Caller::Nobody => Err(Refusal::new(
                RefusalCode::MerchantKeyMissing,
                "this call needs the merchant's key in `Authorization: Bearer KEY`",
            )),
        }
    }
}
