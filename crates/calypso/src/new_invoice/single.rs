//! The order for an invoice over an amount fixed in crypto.

use checkout::Amount;
use serde::Serialize;
use uuid::Uuid;

use crate::{Options, wire};

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
    /// The merchant's own id, the expiry and the links.
    #[serde(flatten)]
    pub options: Options,
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
            options: Options::default(),
        }
    }
}
