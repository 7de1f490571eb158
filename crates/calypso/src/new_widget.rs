//! What is sent to make a payment widget.

use checkout::Amount;
use serde::Serialize;
use uuid::Uuid;

use crate::{Options, wire};

/// A widget over a fiat price: the buyer picks one of several currencies on the gateway's page (gateway reference §2.1).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleFiatWidget {
    /// The crypto currencies offered, in the order they are shown; at least one.
    pub crypto_currencies: Vec<String>,
    /// The price in fiat, greater than zero.
    #[serde(with = "wire::number")]
    pub fiat_amount: Amount,
    /// The currency of the price: `EUR` or `USD`.
    pub fiat_currency: String,
    /// What the buyer is told the payment is for.
    pub description: String,
    /// Names this widget for ever, and is the key of its page.
    pub idempotency_key: Uuid,
    /// The merchant's own id, the expiry and the links.
    #[serde(flatten)]
    pub options: Options,
}

impl SingleFiatWidget {
    /// A widget with what it must have; the rest can be set afterwards.
    pub fn new(
        crypto_currencies: impl IntoIterator<Item = impl Into<String>>,
        fiat_amount: Amount,
        fiat_currency: impl Into<String>,
        description: impl Into<String>,
        idempotency_key: Uuid,
    ) -> Self {
        Self {
            crypto_currencies: crypto_currencies.into_iter().map(Into::into).collect(),
            fiat_amount,
            fiat_currency: fiat_currency.into(),
            description: description.into(),
            idempotency_key,
            options: Options::default(),
        }
    }
}

/// A widget for top-ups: the buyer picks a currency and pays any amount, any number of times (gateway reference §2.3).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnlimitedWidget {
    /// The crypto currencies offered, in the order they are shown; at least one.
    pub crypto_currencies: Vec<String>,
    /// What the buyer is told the payments are for.
    pub description: String,
    /// Names this widget for ever, and is the key of its page. Without one the gateway makes its own, the call is sent
    /// once, and an open outcome stays open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<Uuid>,
    /// The merchant's own id, the expiry and the links.
    #[serde(flatten)]
    pub options: Options,
}

impl UnlimitedWidget {
    /// A widget with what it must have; the rest can be set afterwards.
    pub fn new(
        crypto_currencies: impl IntoIterator<Item = impl Into<String>>,
        description: impl Into<String>,
        idempotency_key: impl Into<Option<Uuid>>,
    ) -> Self {
        Self {
            crypto_currencies: crypto_currencies.into_iter().map(Into::into).collect(),
            description: description.into(),
            idempotency_key: idempotency_key.into(),
            options: Options::default(),
        }
    }
}
