//! The order for an invoice over an amount fixed in crypto.

use checkout::{Amount, Timestamp};
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use super::{filled, positive};
use crate::{Error, wire};

/// An invoice over an amount fixed in crypto, to be paid once (gateway reference §2.8).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleInvoice {
    /// The amount to pay, greater than zero, with no more decimals than the currency has (§6).
    #[serde(with = "wire::number")]
    pub amount: Amount,
    /// The crypto currency to pay in.
    pub currency: String,
    /// What the buyer is told the invoice is for.
    pub description: String,
    /// Names this invoice for ever: the same key never makes a second one.
    pub idempotency_key: Uuid,
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
}

impl SingleInvoice {
    /// An invoice with what it must have; the rest can be set afterwards.
    pub fn new(
        amount: Amount,
        currency: impl Into<String>,
        description: impl Into<String>,
        idempotency_key: Uuid,
    ) -> Self {
        Self {
            amount,
            currency: currency.into(),
            description: description.into(),
            idempotency_key,
            external_id: None,
            expiration: None,
            return_url: None,
            support_url: None,
            logo_url: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        positive("amount", self.amount)?;
        filled("currency", &self.currency)?;
        filled("description", &self.description)
    }
}
