//! The order for an invoice over any amount from a least one on.

use checkout::{Amount, Timestamp};
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use super::{filled, positive};
use crate::{Error, wire};

/// An invoice over any amount not below a least one, to be paid once (gateway reference §2.10).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoundInvoice {
    /// The least amount accepted, greater than zero, with no more decimals than the currency has (§6).
    #[serde(with = "wire::number")]
    pub lower_bound: Amount,
    /// The crypto currency to pay in.
    pub currency: String,
    /// What the buyer is told the invoice is for.
    pub description: String,
    /// Names this invoice for ever. Without one the gateway makes its own, the call is sent once, and an open outcome
    /// stays open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<Uuid>,
    /// The merchant's own id, repeated in every delivery about the invoice. It may be shared by many invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// When the invoice expires; by default after 3 hours on Tron and a day elsewhere, a day at most (§7.3).
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "wire::date::serialize"
    )]
    pub expiration: Option<Timestamp>,
    /// Where the buyer can go back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<Url>,
    /// Where the buyer finds help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_url: Option<Url>,
    /// The merchant's logo on the hosted page: PNG, 100 × 24 pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Url>,
    /// Whether the buyer may pay by card (inferred).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiat_available: Option<bool>,
}

impl BoundInvoice {
    /// An invoice with what it must have; the rest can be set afterwards.
    pub fn new(
        lower_bound: Amount,
        currency: impl Into<String>,
        description: impl Into<String>,
        idempotency_key: impl Into<Option<Uuid>>,
    ) -> Self {
        Self {
            lower_bound,
            currency: currency.into(),
            description: description.into(),
            idempotency_key: idempotency_key.into(),
            external_id: None,
            expiration: None,
            return_url: None,
            support_url: None,
            logo_url: None,
            fiat_available: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        positive("lowerBound", self.lower_bound)?;
        filled("currency", &self.currency)?;
        filled("description", &self.description)
    }
}
