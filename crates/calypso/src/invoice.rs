//! An invoice as the gateway describes it, and the ways to name one.

use checkout::{Amount, InterventionKind, InvoiceStatus, Timestamp, words};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::wire;

/// An invoice: an address to pay to and how far the payment has come (gateway reference §2.0).
///
/// Fields the gateway adds later are ignored, unknown values of enums are kept as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Invoice {
    /// The gateway's id: a UUID today, a number in the past. It equals `parentExternalId` in deliveries.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub id: String,
    /// The blockchain address to pay to. Unchecked: parse it with [`checkout::Address`] before showing it.
    #[serde(rename = "invoiceAddress")]
    pub address: String,
    /// What kind of invoice it is (`type`).
    #[serde(rename = "type")]
    pub kind: InvoiceKind,
    /// The crypto amount to pay. Unlimited invoices have none; that of a fiat invoice changes at each repricing.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
    /// The crypto amount received so far.
    #[serde(deserialize_with = "wire::number::deserialize")]
    pub total_debit_amount: Amount,
    /// The name of the crypto currency, such as `USDT_TRX`.
    #[serde(deserialize_with = "wire::currency::deserialize")]
    pub currency: String,
    /// How far the payment has come.
    #[serde(deserialize_with = "status")]
    pub state: InvoiceStatus,
    /// Why the merchant has to decide. Only there while it matters.
    #[serde(
        default,
        rename = "interventionType",
        deserialize_with = "intervention"
    )]
    pub intervention: Option<InterventionKind>,
    /// `true` on a fresh invoice too, so it does not tell whether there was an intervention.
    #[serde(default)]
    pub is_intervention_resolved: Option<bool>,
    /// The hash of the last deposit's transaction.
    #[serde(default)]
    pub last_deposit_hash: Option<String>,
    /// When the invoice was created.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
    /// When the invoice expires and its address is no longer watched. Without meaning on unlimited invoices (§2.9).
    #[serde(default, deserialize_with = "wire::date::optional::deserialize")]
    pub expiration: Option<Timestamp>,
    /// When the amount was last computed from the fiat price.
    #[serde(default, deserialize_with = "wire::date::optional::deserialize")]
    pub last_fiat_updated: Option<Timestamp>,
    /// The price in fiat, of fiat invoices.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub fiat_amount: Option<Amount>,
    /// The currency of that price, such as `EUR`.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub fiat_currency: Option<String>,
    /// The idempotency key; also the key of the hosted page `{pay}/invoice/{key}`.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub idempotency_key: Option<String>,
    /// The merchant's own id.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub external_id: Option<String>,
    /// What the buyer is told the invoice is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The service fee, as far as it is known yet.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub fee: Option<Amount>,
    /// The least amount a bound invoice accepts.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub lower_bound: Option<Amount>,
    /// Where the buyer can go back to.
    #[serde(default)]
    pub return_url: Option<String>,
    /// The merchant's logo.
    #[serde(default)]
    pub logo_url: Option<String>,
    /// Where the buyer finds help.
    #[serde(default)]
    pub support_url: Option<String>,
    /// Whether the buyer may pay by card (inferred).
    #[serde(default)]
    pub fiat_available: Option<bool>,
    /// Not documented; `false` in all examples.
    #[serde(default)]
    pub subscription_enabled: Option<bool>,
    /// The currency the funds are converted to, where the merchant set that up.
    #[serde(default)]
    pub autoconversion: Option<Autoconversion>,
    /// What lies on the invoice's address and is not credited yet (inferred). Seen on unlimited invoices.
    ///
    /// This and the two fields below come from one old example and decide nothing: what of them cannot be read is left out, rather
    /// than that the invoice cannot be read.
    #[serde(default, deserialize_with = "hint")]
    pub amount_in_invoice_wallet: Option<Amount>,
    /// What is paid for, each item as the JSON it came as: nothing about it is documented, and all examples have none.
    #[serde(default, deserialize_with = "items")]
    pub cart_items: Vec<String>,
    /// The payments to the invoice, with the fee of each. Seen on unlimited invoices.
    #[serde(default, deserialize_with = "payments")]
    pub invoice_payments: Vec<InvoicePayment>,
}

/// One payment to an invoice, as the invoice itself lists it (gateway reference §2.0).
///
/// Only `serviceFee` is documented; the other fields are inferred, so none is certain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoicePayment {
    /// The deposit's id at the gateway, by which [`Client::deposit`](crate::Client::deposit) finds it.
    #[serde(
        default,
        alias = "id",
        deserialize_with = "wire::id::optional::deserialize"
    )]
    pub transaction_id: Option<String>,
    /// What was paid.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
    /// What the gateway keeps of it; credited is `amount` less this.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub service_fee: Option<Amount>,
}

/// What the funds of an invoice are converted to (gateway reference §2.0).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Autoconversion {
    /// The currency converted to.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub target_currency: Option<String>,
    /// The amount in that currency.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
}

words! {
    /// The kind of an invoice (gateway reference §3.2). An unknown one is kept as its text.
    #[non_exhaustive]
    pub open enum InvoiceKind {
        /// One payment of an amount fixed in crypto.
        Single = "SINGLE",
        /// One payment of an amount computed from a fiat price.
        SingleFiat = "SINGLE_FIAT",
        /// Any amount, any number of times.
        Unlimited = "UNLIMITED",
        /// One payment of any amount from a least one on.
        Bound = "BOUND",
        /// An unlimited invoice made by an unlimited widget.
        UnlimitedLinked = "UNLIMITED_LINKED",
    }
}

fn status<'de, D: Deserializer<'de>>(from: D) -> Result<InvoiceStatus, D::Error> {
    String::deserialize(from).map(|text| InvoiceStatus::from(text.as_str()))
}

fn intervention<'de, D: Deserializer<'de>>(from: D) -> Result<Option<InterventionKind>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(|text| InterventionKind::from(text.as_str())))
}

/// An amount, if that is what it is.
fn hint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(from)?;
    Ok(raw.and_then(|raw| wire::number::parse::<serde_json::Error>(&raw).ok()))
}

/// The items of a list, if that is what it is, each as its JSON.
fn items<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(from)?;
    let items = raw.and_then(|raw| serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()).ok());
    let items = items.unwrap_or_default();
    Ok(items.iter().map(|item| item.get().to_owned()).collect())
}

fn payments<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<InvoicePayment>, D::Error> {
    let items = items(from)?;
    let payments = items.iter().map(|item| serde_json::from_str(item));
    Ok(payments.filter_map(Result::ok).collect())
}

/// A way to name one invoice (gateway reference §2.6).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum InvoiceRef {
    /// By the gateway's id; `parentExternalId` of a delivery goes here.
    Id(String),
    /// By the idempotency key it was created with.
    IdempotencyKey(Uuid),
    /// By the merchant's own id: the newest such invoice. Guides (S1, S2) allow it, the generated reference does
    /// not list it, so a gateway may refuse it.
    ExternalId(String),
}

/// One invoice by a name that is its own; the calls that change an invoice or list its deposits take no other
/// (gateway reference §2.12 to §2.15).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum InvoiceKey {
    /// By the gateway's id.
    Id(String),
    /// By the idempotency key it was created with.
    IdempotencyKey(Uuid),
}

impl From<InvoiceKey> for InvoiceRef {
    fn from(key: InvoiceKey) -> Self {
        match key {
            InvoiceKey::Id(id) => Self::Id(id),
            InvoiceKey::IdempotencyKey(key) => Self::IdempotencyKey(key),
        }
    }
}
