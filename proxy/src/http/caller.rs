//! Who is calling: the merchant's server, or somebody's page.

use axum::http::{HeaderMap, header};
use checkout::ErrorCode;

use super::headers::single;
use crate::config::merchant_key::MerchantKey;
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
    /// `merchant_key_wrong` for every header but one `Bearer` with the right key.
    pub(super) fn of(headers: &HeaderMap, key: &MerchantKey) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::new(
                ErrorCode::MerchantKeyWrong,
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
