//! What a merchant asks for when creating an invoice (gateway reference §2.7 to §2.10).

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::gateway::GatewayError;
use crate::gateway::field::Reader;
use crate::invoice::{InvoiceOrder, Terms};

/// The fields of all four types. Those that a type does not use are ignored, like unknown ones.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderFields<'a> {
    #[serde(borrow)]
    currency: Option<&'a RawValue>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
    #[serde(borrow)]
    fiat_amount: Option<&'a RawValue>,
    #[serde(borrow)]
    fiat_currency: Option<&'a RawValue>,
    #[serde(borrow)]
    lower_bound: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    idempotency_key: Option<&'a RawValue>,
    #[serde(borrow)]
    external_id: Option<&'a RawValue>,
    #[serde(borrow)]
    expiration: Option<&'a RawValue>,
    #[serde(borrow)]
    fiat_available: Option<&'a RawValue>,
    #[serde(borrow, alias = "return_url")]
    return_url: Option<&'a RawValue>,
    #[serde(borrow, alias = "support_url")]
    support_url: Option<&'a RawValue>,
    #[serde(borrow, alias = "logo_url")]
    logo_url: Option<&'a RawValue>,
}

/// Which of the four types is created.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    SingleFiat,
    Single,
    Unlimited,
    Bound,
}

impl OrderFields<'_> {
    /// The key, if one was sent, and the order.
    pub(super) fn read(&self, kind: Kind) -> Result<(Option<Uuid>, InvoiceOrder), GatewayError> {
        let mut reader = Reader::default();
        let currency = reader.required("currency", self.currency);
        let currency = reader.currency("currency", currency);
        let scale = currency.map(|currency| currency.scale);
        let terms = match kind {
            Kind::SingleFiat => {
                let price = reader.fiat_price(self.fiat_amount, self.fiat_currency);
                price.map(|(fiat_amount, fiat)| Terms::SingleFiat {
                    fiat_amount,
                    fiat_currency: fiat.code,
                })
            }
            Kind::Single => {
                let amount = reader.required("amount", self.amount);
                reader
                    .amount("amount", amount, scale)
                    .map(|amount| Terms::Single { amount })
            }
            Kind::Bound => {
                let bound = reader.required("lowerBound", self.lower_bound);
                reader
                    .amount("lowerBound", bound, scale)
                    .map(|lower_bound| Terms::Bound { lower_bound })
            }
            Kind::Unlimited => Some(Terms::Unlimited),
        };
        let description = reader.required("description", self.description);
        let description = reader.filled("description", description);
        let key = reader.uuid("idempotencyKey", self.idempotency_key);
        let external_id = reader.text("externalId", self.external_id);
        let expiration = match kind {
            Kind::Unlimited => None,
            Kind::SingleFiat | Kind::Single | Kind::Bound => {
                reader.date("expiration", self.expiration)
            }
        };
        let fiat_available = reader.flag("fiatAvailable", self.fiat_available);
        let links = reader.links(self.return_url, self.support_url, self.logo_url);
        reader.finish()?;
        let (Some(currency), Some(terms), Some(description)) = (currency, terms, description)
        else {
            return Err(GatewayError::Internal);
        };
        let order = InvoiceOrder {
            terms,
            currency,
            description,
            external_id,
            expiration,
            links,
            fiat_available,
        };
        Ok((key, order))
    }
}
