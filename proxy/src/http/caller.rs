//! Who is calling: the merchant's server, or somebody's page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::headers::single;
use crate::config::merchant_key::MerchantKey;
use crate::input::client::Network;
use crate::limits::places::Looker;
use crate::refusal::Refusal;

/// The two kinds of callers that make checkouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// It has shown the merchant's key.
    Merchant,
    /// It has shown nothing.
    Page,
}

impl Caller {
    /// Reads the `Authorization` header.
    ///
    /// # Errors
    /// `merchant_key_wrong` unless it is there once, as `Bearer` with the right key, or not at all.
    pub(super) fn of(headers: &HeaderMap, key: &MerchantKey) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::new(
                RefusalCode::MerchantKeyWrong,
                "the merchant key is not right; expected `Authorization: Bearer KEY`",
            )
        };
        let Some(value) = single(headers, &header::AUTHORIZATION).map_err(|()| wrong())? else {
            return Ok(Self::Page);
        };
        let (scheme, given) = value.as_bytes().split_at_checked(7).ok_or_else(wrong)?;
        if !scheme.eq_ignore_ascii_case(b"bearer ") || !key.is(given) {
            return Err(wrong());
        }
        Ok(Self::Merchant)
    }
}

impl Caller {
    /// How the gateway may be read for this caller.
    pub(super) fn looker(self, network: Option<Network>) -> Looker {
        match self {
            Self::Merchant => Looker::Counted,
            Self::Page => Looker::Page(network),
        }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        Self::of(&parts.headers, &app.merchant_key)
    }
}

/// The merchant's server, for calls that nobody else may make.
///
/// # Errors
/// `merchant_key_missing`, `merchant_key_wrong`.
pub(super) struct Merchant;

impl FromRequestParts<AppState> for Merchant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Merchant => Ok(Self),
            Caller::Page => Err(Refusal::new(
                RefusalCode::MerchantKeyMissing,
                "this call needs the merchant's key in `Authorization: Bearer KEY`",
            )),
        }
    }
}
