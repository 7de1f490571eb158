//! One payment widget: a price for which the buyer picks the currency on the gateway's page.

use checkout::{Amount, Currency, Timestamp, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::index::InvoiceIndex;
use crate::invoice::Links;
use crate::stored::{self, FiatCode};

words! {
    /// Where a widget stands (gateway reference §3.4).
    #[derive(Serialize, Deserialize)]
    pub(crate) enum WidgetState {
        InProgress = "IN_PROGRESS",
        Completed = "COMPLETED",
        Archived = "ARCHIVED",
    }
}

/// What the invoices of a widget will be (gateway reference §3.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WidgetTerms {
    /// A price in fiat.
    SingleFiat {
        fiat_amount: Amount,
        #[serde(with = "stored::fiat")]
        fiat_currency: FiatCode,
    },
    /// No price: invoices that take any amount, any number of times.
    UnlimitedLinked,
}

impl WidgetTerms {
    /// The widget type as the gateway writes it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::SingleFiat { .. } => "SINGLE_FIAT",
            Self::UnlimitedLinked => "UNLIMITED_LINKED",
        }
    }
}

/// What a merchant asked for. Two equal orders under one idempotency key are the same order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WidgetOrder {
    pub(crate) terms: WidgetTerms,
    #[serde(with = "stored::currencies")]
    pub(crate) currencies: Vec<&'static Currency>,
    pub(crate) description: String,
    pub(crate) external_id: Option<String>,
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) links: Links,
}

impl PartialEq for WidgetOrder {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
            && self
                .currencies
                .iter()
                .map(|currency| currency.code)
                .eq(other.currencies.iter().map(|currency| currency.code))
            && self.description == other.description
            && self.external_id == other.external_id
            && self.expiration == other.expiration
            && self.links == other.links
    }
}

/// A widget of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Widget {
    pub(crate) key: Uuid,
    pub(crate) order: WidgetOrder,
    pub(crate) state: WidgetState,
    pub(crate) invoices: Vec<InvoiceIndex>,
    pub(crate) created: Timestamp,
    pub(crate) expiration: Timestamp,
}
