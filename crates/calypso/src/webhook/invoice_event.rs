//! What an event about an invoice says.

use std::collections::BTreeMap;

use checkout::{Amount, Timestamp};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::wire;
use crate::wire::number::Number;

/// The data of an event about an invoice (gateway reference §5.5).
///
/// Which fields are there depends on the event, and for one event on the gateway's version (§5.4), so none is certain.
/// They are hints: the invoice itself, read again, decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceEvent {
    /// The gateway's id of the invoice: text or, from some gateways, a number.
    #[serde(
        default,
        rename = "parentExternalId",
        deserialize_with = "wire::id::optional::deserialize"
    )]
    pub invoice_id: Option<String>,
    /// The idempotency key of the invoice.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub idempotency_key: Option<String>,
    /// The merchant's own id, if one was set.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub external_id: Option<String>,
    /// Of the invoice when it is made, found in the mempool, paid or expired; of the deposit when funds are received or
    /// credited.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub amount: Option<Amount>,
    /// What was really paid.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub real_amount: Option<Amount>,
    /// The gateway's fee; credited is `amount` less this.
    #[serde(default, deserialize_with = "wire::number::optional::deserialize")]
    pub service_fee: Option<Amount>,
    /// The crypto currency.
    #[serde(default, deserialize_with = "wire::currency::optional::deserialize")]
    pub currency: Option<String>,
    /// The invoice's value in fiat. Do not account with it: what it means differs and is not documented.
    #[serde(default)]
    pub fiat_amount: Option<FiatAmounts>,
    /// The currency of the price.
    #[serde(
        default,
        alias = "fiatcurrency",
        deserialize_with = "wire::currency::optional::deserialize"
    )]
    pub fiat_currency: Option<String>,
    /// The invoice's description, under the name most events use.
    #[serde(default)]
    pub message: Option<String>,
    /// The invoice's description, under the name that payments and mempool events use. Ask [`InvoiceEvent::text`].
    #[serde(default)]
    pub description: Option<String>,
    /// The deposit's id at the gateway: one, or a list.
    #[serde(default, deserialize_with = "one_or_many")]
    pub transaction_id: Vec<String>,
    /// The ids of several deposits. Ask [`InvoiceEvent::transactions`].
    #[serde(default, deserialize_with = "one_or_many")]
    pub transaction_ids: Vec<String>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// The address the deposit came from.
    #[serde(default)]
    pub sender_address: Option<String>,
    /// When the invoice was made; in the event of crediting, the time of that.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
    /// When it was paid.
    #[serde(
        default,
        rename = "paymentDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub paid: Option<Timestamp>,
    /// When it expired.
    #[serde(
        default,
        rename = "expirationDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub expired: Option<Timestamp>,
}

impl InvoiceEvent {
    /// What the buyer was told the invoice is for, whichever name it came under.
    pub fn text(&self) -> Option<&str> {
        self.message.as_deref().or(self.description.as_deref())
    }

    /// The ids of the deposits the event is about, whichever name they came under.
    pub fn transactions(&self) -> impl Iterator<Item = &str> {
        self.transaction_id
            .iter()
            .chain(&self.transaction_ids)
            .map(String::as_str)
    }
}

/// A value in fiat: one number, or one for each of several currencies (gateway reference §5.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FiatAmounts {
    /// One number, in `fiatCurrency` or in a currency that is not said.
    One(Amount),
    /// A number for each currency; may be empty.
    PerCurrency(BTreeMap<String, Amount>),
}

impl<'de> Deserialize<'de> for FiatAmounts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        if !raw.get().starts_with('{') {
            return wire::number::parse(&raw).map(Self::One);
        }
        let amounts: BTreeMap<String, Option<Number>> =
            serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        let known = amounts
            .into_iter()
            .filter_map(|(currency, amount)| Some((currency, amount?.0)));
        Ok(Self::PerCurrency(known.collect()))
    }
}

/// A text, a number, a list of them, or nothing.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let Some(raw) = Option::<Box<RawValue>>::deserialize(from)? else {
        return Ok(Vec::new());
    };
    if raw.get().starts_with('[') {
        let items: Vec<Box<RawValue>> =
            serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        items.iter().map(|item| wire::id::parse(item)).collect()
    } else {
        wire::id::parse(&raw).map(|id| vec![id])
    }
}
