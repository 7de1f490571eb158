//! The order for an invoice that takes any amount, any number of times.

use serde::Serialize;
use uuid::Uuid;

use crate::Links;

/// An invoice without amount and without end: each deposit is credited on its own (gateway reference §2.9).
///
/// It has neither a price nor an expiry, so neither can be set. It stays `PENDING_PAYMENT`, and is archived after three months
/// without a deposit (§4.2). Making one costs a commission.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnlimitedInvoice {
    /// The crypto currency taken.
    pub currency: String,
    /// What the buyer is told the invoice is for.
    pub description: String,
    /// Names this invoice for ever: the same key never makes a second one.
    pub idempotency_key: Uuid,
    /// The merchant's own id, repeated in every delivery about the invoice. It may be shared by many invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Where the hosted page leads the buyer.
    #[serde(flatten)]
    pub links: Links,
    /// Whether the buyer may pay by card (inferred).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiat_available: Option<bool>,
}

impl UnlimitedInvoice {
    /// An invoice with what it must have; the rest can be set afterwards.
    pub fn new(
        currency: impl Into<String>,
        description: impl Into<String>,
        idempotency_key: Uuid,
    ) -> Self {
        Self {
            currency: currency.into(),
            description: description.into(),
            idempotency_key,
            external_id: None,
            links: Links::default(),
            fiat_available: None,
        }
    }
}
