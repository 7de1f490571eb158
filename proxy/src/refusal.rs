//! What the proxy says when it does not do what was asked.

use std::fmt;
use std::time::Duration;

use checkout::{RefusalCode, words};

use crate::checkouts::checkout::ExpiryError;
use crate::checkouts::id::CheckoutIdError;
use crate::checkouts::offer::OfferError;
use crate::checkouts::price::PriceError;

words! {
    /// Which limit a request has met, as it is counted.
    pub(crate) enum Limit expecting "the name of a limit" {
        /// Checkouts of one network.
        NetworkCheckouts = "network_checkouts",
        /// Checkouts of one product.
        ProductCheckouts = "product_checkouts",
        /// Currencies picked in one network.
        NetworkChoices = "network_choices",
        /// Invoices that pages have the gateway make.
        Invoices = "invoices",
        /// Invoices of one checkout that wait for money.
        CheckoutInvoices = "checkout_invoices",
        /// Checkouts of pages that are open.
        OpenCheckouts = "open_checkouts",
        /// Wrong keys and signatures of one network.
        WrongKeys = "wrong_keys",
        /// A currency for which the gateway has just failed several times.
        FailedChoices = "failed_choices",
        /// Event streams.
        Push = "push",
        /// Requests of one network, whatever they are for.
        Requests = "requests",
        /// Calls with one merchant key.
        MerchantCalls = "merchant_calls",
        /// What is worked on at the same time for one store.
        AtOnce = "at_once",
        /// One that has no name of its own here.
        Other = "other",
    }
}

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
    /// Which limit was met, if one was.
    pub(crate) by: Option<Limit>,
}

impl Refusal {
    /// A refusal that the caller can act on.
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            cause: None,
            retry_after: None,
            by: None,
        }
    }

    /// Too much of something; `wait` is when it may be done again.
    pub(crate) fn too_often(message: impl Into<String>, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(RefusalCode::RateLimited, message)
        }
    }

    /// Says which limit it was.
    pub(crate) fn by(mut self, limit: Limit) -> Self {
        self.by = Some(limit);
        self
    }

    /// Which limit it was, if it was one.
    pub(crate) fn limit(&self) -> Option<Limit> {
        let is_a_limit = self.code == RefusalCode::RateLimited;
        self.by.or_else(|| is_a_limit.then_some(Limit::Other))
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

    /// There is no such event, or none of this shop.
    pub(crate) fn no_event() -> Self {
        Self::new(RefusalCode::EventNotFound, "there is no event with this id")
    }

    /// There is no such refund, or none of this caller's shop.
    pub(crate) fn no_refund() -> Self {
        Self::new(
            RefusalCode::RefundNotFound,
            "there is no refund with this id",
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
