//! Payment widgets: creating and finding them (gateway reference §2.1 to §2.4).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use crate::date::written;
use crate::index::WidgetIndex;
use crate::invoice::InvoiceId;
use crate::ledger::Ledger;
use crate::number::Number;
use crate::sandbox::Sandbox;
use crate::widget::{WidgetOrder, WidgetTerms};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderFields<'a> {
    #[serde(borrow)]
    crypto_currencies: Option<&'a RawValue>,
    #[serde(borrow)]
    fiat_amount: Option<&'a RawValue>,
    #[serde(borrow)]
    fiat_currency: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    idempotency_key: Option<&'a RawValue>,
    #[serde(borrow)]
    external_id: Option<&'a RawValue>,
    #[serde(borrow)]
    expiration: Option<&'a RawValue>,
    #[serde(borrow, alias = "return_url")]
    return_url: Option<&'a RawValue>,
    #[serde(borrow, alias = "support_url")]
    support_url: Option<&'a RawValue>,
    #[serde(borrow, alias = "logo_url")]
    logo_url: Option<&'a RawValue>,
}

impl OrderFields<'_> {
    fn read(&self, kind: Kind) -> Result<(Option<Uuid>, WidgetOrder), GatewayError> {
        let mut reader = Reader::default();
        let currencies = reader.required("cryptoCurrencies", self.crypto_currencies);
        let currencies = reader
            .list("cryptoCurrencies", currencies)
            .unwrap_or_default();
        let currencies: Vec<_> = currencies
            .into_iter()
            .enumerate()
            .filter_map(|(place, raw)| {
                reader.currency(&format!("cryptoCurrencies[{place}]"), Some(raw))
            })
            .collect();
        let terms = match kind {
            Kind::SingleFiat => {
                let price = reader.fiat_price(self.fiat_amount, self.fiat_currency);
                price.map(|(fiat_amount, fiat)| WidgetTerms::SingleFiat {
                    fiat_amount,
                    fiat_currency: fiat.code,
                })
            }
            Kind::UnlimitedLinked => Some(WidgetTerms::UnlimitedLinked),
        };
        let description = reader.required("description", self.description);
        let description = reader.filled("description", description);
        let key = reader.uuid("idempotencyKey", self.idempotency_key);
        let external_id = reader.text("externalId", self.external_id);
        let expiration = reader.date("expiration", self.expiration);
        let links = reader.links(self.return_url, self.support_url, self.logo_url);
        reader.finish()?;
        let (Some(terms), Some(description)) = (terms, description) else {
            return Err(GatewayError::Internal);
        };
        Ok((
            key,
            WidgetOrder {
                terms,
                currencies,
                description,
                external_id,
                expiration,
                links,
            },
        ))
    }
}

/// Which of the two types is created or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    SingleFiat,
    UnlimitedLinked,
}

impl Kind {
    fn of(terms: &WidgetTerms) -> Self {
        match terms {
            WidgetTerms::SingleFiat { .. } => Self::SingleFiat,
            WidgetTerms::UnlimitedLinked => Self::UnlimitedLinked,
        }
    }
}

type Answered = Result<Json<WidgetAnswer>, GatewayError>;

fn create(sandbox: &Sandbox, call: &Call, kind: Kind) -> Answered {
    let (key, order) = call.fields::<OrderFields<'_>>()?.read(kind)?;
    let (mut ledger, now) = sandbox.ledger();
    let index = ledger.order_widget(now, key, order)?;
    Ok(Json(WidgetAnswer::new(&ledger, index)))
}

/// `POST /api/v1/payment-widget/single-fiat/create`
pub(super) async fn create_single_fiat(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    create(&sandbox, &call, Kind::SingleFiat)
}

/// `POST /api/v1/payment-widget/unlimited-linked/create`
pub(super) async fn create_unlimited_linked(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Answered {
    create(&sandbox, &call, Kind::UnlimitedLinked)
}

/// The published schema says `requestId`, the guides `idempotencyKey` and `id`: all mean the widget's key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Naming<'a> {
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
    #[serde(borrow)]
    idempotency_key: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

impl Naming<'_> {
    fn read(&self) -> Result<Uuid, GatewayError> {
        let mut reader = Reader::default();
        let request_id = reader.uuid("requestId", self.request_id);
        let key = reader.uuid("idempotencyKey", self.idempotency_key);
        let id = reader.uuid("id", self.id);
        reader.finish()?;
        let key = request_id.or(key).or(id);
        key.ok_or_else(|| GatewayError::field("payload.requestId", "must not be null"))
    }
}

/// A widget is found only by the call of its own type.
fn find(sandbox: &Sandbox, call: &Call, kind: Kind) -> Answered {
    let key = call.fields::<Naming<'_>>()?.read()?;
    let (ledger, _) = sandbox.ledger();
    let index = ledger
        .find_widget(key)
        .filter(|index| Kind::of(&ledger.widget(*index).order.terms) == kind);
    let index = index.ok_or(GatewayError::NotFound("Payment widget"))?;
    Ok(Json(WidgetAnswer::new(&ledger, index)))
}

/// `POST /api/v1/payment-widget/single-fiat/find`
pub(super) async fn find_single_fiat(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    find(&sandbox, &call, Kind::SingleFiat)
}

/// `POST /api/v1/payment-widget/unlimited-linked/find`
pub(super) async fn find_unlimited_linked(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    find(&sandbox, &call, Kind::UnlimitedLinked)
}

/// A widget as the gateway shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WidgetAnswer {
    idempotency_key: Uuid,
    crypto_currencies: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_currency: Option<&'static str>,
    description: String,
    widget_type: &'static str,
    widget_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    invoices: Vec<WidgetInvoice>,
    created_date: String,
    expiration: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WidgetInvoice {
    invoice_id: InvoiceId,
    crypto_currency: &'static str,
    invoice_idempotency_key: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_external_id: Option<String>,
}

impl WidgetAnswer {
    fn new(ledger: &Ledger, index: WidgetIndex) -> Self {
        let widget = ledger.widget(index);
        let dialect = ledger.dialect();
        let order = &widget.order;
        let fiat = match order.terms {
            WidgetTerms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => Some((fiat_amount, fiat_currency)),
            WidgetTerms::UnlimitedLinked => None,
        };
        let invoices = widget.invoices.iter().map(|invoice| {
            let invoice = ledger.invoice(*invoice);
            WidgetInvoice {
                invoice_id: invoice.name(dialect.ids),
                crypto_currency: invoice.order.currency.code,
                invoice_idempotency_key: invoice.key,
                invoice_external_id: invoice.order.external_id.clone(),
            }
        });
        Self {
            idempotency_key: widget.key,
            crypto_currencies: order
                .currencies
                .iter()
                .map(|currency| currency.code)
                .collect(),
            fiat_amount: fiat.map(|(amount, _)| Number(amount)),
            fiat_currency: fiat.map(|(_, currency)| currency),
            description: order.description.clone(),
            widget_type: order.terms.as_str(),
            widget_state: widget.state.as_str(),
            logo_url: order.links.logo_url.clone(),
            return_url: order.links.return_url.clone(),
            support_url: order.links.support_url.clone(),
            external_id: order.external_id.clone(),
            invoices: invoices.collect(),
            created_date: written(widget.created, dialect.dates),
            expiration: written(widget.expiration, dialect.dates),
        }
    }
}
