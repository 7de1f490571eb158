//! The gateway's own payment widget: an object whose hosted page lets the buyer pick a currency.

use checkout::{Amount, Timestamp, words};
use serde::{Deserialize, Deserializer};

use crate::wire;

/// A payment widget as the gateway describes it (gateway reference §2.1).
///
/// It is not an invoice: the hosted page makes one when the buyer picks a currency, and each further pick makes another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentWidget {
    /// The widget's key, also that of its page `{pay}/pay?widgetKey={key}`. Whoever knows it can open the page.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub idempotency_key: String,
    /// Only older gateways send one.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub id: Option<String>,
    /// The names of the crypto currencies offered, in the order asked for.
    #[serde(default, deserialize_with = "wire::currency::list::deserialize")]
    pub crypto_currencies: Vec<String>,
    /// The price in fiat; top-up widgets have none.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub fiat_amount: Option<Amount>,
    /// The currency of the price.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub fiat_currency: Option<String>,
    /// What the buyer is told the widget is for.
    #[serde(default)]
    pub description: Option<String>,
    /// What kind of widget it is.
    #[serde(rename = "widgetType")]
    pub kind: WidgetKind,
    /// How far it has come.
    #[serde(rename = "widgetState")]
    pub state: WidgetState,
    /// The merchant's logo.
    #[serde(default)]
    pub logo_url: Option<String>,
    /// Where the buyer can go back to.
    #[serde(default)]
    pub return_url: Option<String>,
    /// Where the buyer finds help.
    #[serde(default)]
    pub support_url: Option<String>,
    /// The merchant's own id, handed on to every invoice of the widget.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub external_id: Option<String>,
    /// The invoices made so far: one for each currency the buyer picked.
    #[serde(default, deserialize_with = "invoices")]
    pub invoices: Vec<WidgetInvoice>,
    /// When the widget was created.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
    /// When the widget expires.
    #[serde(default, deserialize_with = "wire::date::optional::deserialize")]
    pub expiration: Option<Timestamp>,
}

/// One invoice made from a widget (gateway reference §2.1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WidgetInvoice {
    /// The gateway's id of the invoice.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub invoice_id: String,
    /// The crypto currency the buyer picked.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub crypto_currency: Option<String>,
    /// The idempotency key of the invoice.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub invoice_idempotency_key: Option<String>,
    /// The merchant's own id, as the invoice has it.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub invoice_external_id: Option<String>,
}

/// A missing list or `null` is an empty one.
fn invoices<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<WidgetInvoice>, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

words! {
    /// The kind of a widget (gateway reference §3.5). An unknown one is kept as its text.
    #[non_exhaustive]
    pub open enum WidgetKind {
        /// One payment of a fiat price.
        SingleFiat = "SINGLE_FIAT",
        /// Top-ups of any amount, any number of times.
        UnlimitedLinked = "UNLIMITED_LINKED",
    }
}

words! {
    /// How far a widget has come (gateway reference §3.4). An unknown state is kept as its text.
    #[non_exhaustive]
    pub open enum WidgetState {
        /// Created and open.
        InProgress = "IN_PROGRESS",
        /// One of its invoices was paid.
        Completed = "COMPLETED",
        /// Expired.
        Archived = "ARCHIVED",
    }
}
