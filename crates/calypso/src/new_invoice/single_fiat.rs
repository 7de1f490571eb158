//! The order for an invoice over a fiat price.

use checkout::{Amount, Timestamp};
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use super::{filled, positive};
use crate::{Error, wire};

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
            external_id: None,
            expiration: None,
            return_url: None,
            support_url: None,
            logo_url: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        filled("currency", &self.currency)?;
        positive("fiatAmount", self.fiat_amount)?;
        filled("fiatCurrency", &self.fiat_currency)?;
        filled("description", &self.description)
    }
}
