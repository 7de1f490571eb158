//! What the proxy says when it does not do what was asked.

use std::fmt;
use std::time::Duration;

use checkout::RefusalCode;

use crate::checkouts::checkout::ExpiryError;
use crate::checkouts::id::CheckoutIdError;
use crate::checkouts::offer::OfferError;
use crate::checkouts::price::PriceError;

/// A request that is not carried out: the documented code, a sentence for the caller, and the cause for the log only.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// The code on the wire; it decides the HTTP status.
    pub(crate) code: RefusalCode,
    /// Said to the caller: what was expected and what came. Never holds a secret, a path or a gateway's own words.
    pub(crate) message: String,
    /// Said to the log: what happened underneath.
    pub(crate) cause: Option<String>,
    /// After how long the same request may succeed, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal that the caller can act on.
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            cause: None,
            retry_after: None,
        }
    }

    /// Too much of something; `wait` is when it may be done again.
    pub(crate) fn too_often(message: impl Into<String>, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(RefusalCode::RateLimited, message)
        }
    }

    /// Adds what the log should know and the caller must not.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// There is no such checkout, or none that this caller may know of.
    pub(crate) fn no_checkout() -> Self {
        Self::new(
            RefusalCode::CheckoutNotFound,
            "there is no checkout with this id",
        )
    }

    /// The proxy's own fault. Opaque to the caller.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            RefusalCode::Internal,
            "the proxy met an unexpected condition; its log has the details under this request id",
        )
        .because(cause)
    }

    /// A field of the body that has the wrong form.
    pub(crate) fn field(name: &str, expected: impl fmt::Display) -> Self {
        Self::new(RefusalCode::FieldInvalid, format!("`{name}` {expected}"))
    }
}

impl From<PriceError> for Refusal {
    fn from(error: PriceError) -> Self {
        let code = match error {
            PriceError::CurrencyUnknown(_) => RefusalCode::PriceCurrencyUnknown,
            PriceError::NotPositive(_) => RefusalCode::PriceNotPositive,
            PriceError::Malformed(..) | PriceError::TooLong(_) => RefusalCode::PriceMalformed,
            PriceError::TooPrecise { .. } => RefusalCode::PriceTooPrecise,
        };
        Self::new(code, error.to_string())
    }
}

impl From<OfferError> for Refusal {
    fn from(error: OfferError) -> Self {
        match error {
            OfferError::Unknown(_) => Self::new(RefusalCode::CurrencyNotOffered, error.to_string()),
            OfferError::Twice(_) | OfferError::Empty => Self::field("currencies", error),
        }
    }
}

impl From<ExpiryError> for Refusal {
    fn from(error: ExpiryError) -> Self {
        let code = match error {
            ExpiryError::InPast { .. } => RefusalCode::ExpiryInPast,
            ExpiryError::TooFar { .. } => RefusalCode::ExpiryTooFar,
        };
        Self::new(code, format!("`expiresAt` {error}"))
    }
}

impl From<CheckoutIdError> for Refusal {
    fn from(error: CheckoutIdError) -> Self {
        Self::new(RefusalCode::CheckoutIdMalformed, error.to_string())
    }
}
