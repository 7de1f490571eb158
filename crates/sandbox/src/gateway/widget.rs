//! Payment widgets: creating and finding them (gateway reference §2.1, §2.2).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use crate::date::zoneless;
use crate::invoice::Links;
use crate::ledger::Ledger;
use crate::number::Number;
use crate::sandbox::Sandbox;
use crate::widget::{WidgetIndex, WidgetOrder, WidgetTerms};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SingleFiat<'a> {
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

impl SingleFiat<'_> {
    fn read(&self) -> Result<(Option<Uuid>, WidgetOrder), GatewayError> {
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
        let fiat_currency = reader.required("fiatCurrency", self.fiat_currency);
        let fiat_currency = reader.fiat("fiatCurrency", fiat_currency);
        let fiat_amount = reader.required("fiatAmount", self.fiat_amount);
        let fiat_amount = reader.amount(
            "fiatAmount",
            fiat_amount,
            fiat_currency.map(|fiat| fiat.decimals),
        );
        let description = reader.required("description", self.description);
        let description = reader.filled("description", description);
        let key = reader.uuid("idempotencyKey", self.idempotency_key);
        let external_id = reader.text("externalId", self.external_id);
        let expiration = reader.date("expiration", self.expiration);
        let links = Links {
            return_url: reader.text("returnUrl", self.return_url),
            support_url: reader.text("supportUrl", self.support_url),
            logo_url: reader.text("logoUrl", self.logo_url),
        };
        reader.finish()?;
        let (Some(fiat), Some(fiat_amount), Some(description)) =
            (fiat_currency, fiat_amount, description)
        else {
            return Err(GatewayError::Internal);
        };
        let terms = WidgetTerms::SingleFiat {
            fiat_amount,
            fiat_currency: fiat.code,
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

/// `POST /api/v1/payment-widget/single-fiat/create`
pub(super) async fn create_single_fiat(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<WidgetAnswer>, GatewayError> {
    let (key, order) = call.fields::<SingleFiat<'_>>()?.read()?;
    let (mut ledger, now) = sandbox.ledger();
    let index = ledger.order_widget(now, key, order)?;
    Ok(Json(WidgetAnswer::new(&ledger, index)))
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

/// `POST /api/v1/payment-widget/single-fiat/find`
pub(super) async fn find_single_fiat(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<WidgetAnswer>, GatewayError> {
    let key = call.fields::<Naming<'_>>()?.read()?;
    let (ledger, _) = sandbox.ledger();
    let index = ledger
        .find_widget(key)
        .ok_or(GatewayError::NotFound("Payment widget"))?;
    Ok(Json(WidgetAnswer::new(&ledger, index)))
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
    invoice_id: Uuid,
    crypto_currency: &'static str,
    invoice_idempotency_key: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_external_id: Option<String>,
}

impl WidgetAnswer {
    fn new(ledger: &Ledger, index: WidgetIndex) -> Self {
        let widget = ledger.widget(index);
        let order = &widget.order;
        let (fiat_amount, fiat_currency) = match &order.terms {
            WidgetTerms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => (Some(*fiat_amount), Some(*fiat_currency)),
        };
        let invoices = widget.invoices.iter().map(|invoice| {
            let invoice = ledger.invoice(*invoice);
            WidgetInvoice {
                invoice_id: invoice.id,
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
            fiat_amount: fiat_amount.map(Number),
            fiat_currency,
            description: order.description.clone(),
            widget_type: order.terms.as_str(),
            widget_state: widget.state.as_str(),
            logo_url: order.links.logo_url.clone(),
            return_url: order.links.return_url.clone(),
            support_url: order.links.support_url.clone(),
            external_id: order.external_id.clone(),
            invoices: invoices.collect(),
            created_date: zoneless(widget.created),
            expiration: zoneless(widget.expiration),
        }
    }
}
