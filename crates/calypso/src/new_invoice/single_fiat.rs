//! The order for an invoice over a fiat price.

use checkout::Amount;
use serde::Serialize;
use uuid::Uuid;

use crate::{Options, wire};

/// An invoice over a fiat price, to be paid once in one crypto currency (gateway reference §2.7).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleFiatInvoice {
    /// The crypto currency to pay in, such as `USDT_TRX`.
    pub currency: String,
    /// The price in fiat, greater than zero.
    #[serde(with = "wire::number")]
    pub fiat_amount: Amount,
    /// The currency of the price: `EUR` or `USD`.
    pub fiat_currency: String,
    /// What the buyer is told the invoice is for.
    pub description: String,
    /// Names this invoice for ever: the same key never makes a second one.
    pub idempotency_key: Uuid,
    /// The merchant's own id, the expiry and the links.
    #[serde(flatten)]
    pub options: Options,
}

impl SingleFiatInvoice {
    /// An invoice with what it must have; the rest can be set afterwards.
    pub fn new(
        currency: impl Into<String>,
        fiat_amount: Amount,
        fiat_currency: impl Into<String>,
        description: impl Into<String>,
        idempotency_key: Uuid,
    ) -> Self {
        Self {
            currency: currency.into(),
            fiat_amount,
            fiat_currency: fiat_currency.into(),
            description: description.into(),
            idempotency_key,
            options: Options::default(),
        }
    }
}
