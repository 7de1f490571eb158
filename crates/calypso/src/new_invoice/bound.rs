//! The order for an invoice over any amount from a least one on.

use checkout::Amount;
use serde::Serialize;
use uuid::Uuid;

use crate::{Options, wire};

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
    /// The merchant's own id, the expiry and the links.
    #[serde(flatten)]
    pub options: Options,
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
            options: Options::default(),
            fiat_available: None,
        }
    }
}
