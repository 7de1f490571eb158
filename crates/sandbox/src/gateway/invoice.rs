//! Invoices: creating and getting them (gateway reference §2.0, §2.6, §2.7).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use crate::date::zoneless;
use crate::invoice::{Intervention, Invoice, InvoiceOrder, Links, Terms};
use crate::ledger::InvoiceName;
use crate::number::Number;
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SingleFiat<'a> {
    #[serde(borrow)]
    currency: Option<&'a RawValue>,
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
    fn read(&self) -> Result<(Option<Uuid>, InvoiceOrder), GatewayError> {
        let mut reader = Reader::default();
        let currency = reader.required("currency", self.currency);
        let currency = reader.currency("currency", currency);
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
        let (Some(currency), Some(fiat), Some(fiat_amount), Some(description)) =
            (currency, fiat_currency, fiat_amount, description)
        else {
            return Err(GatewayError::Internal);
        };
        let terms = Terms::SingleFiat {
            fiat_amount,
            fiat_currency: fiat.code,
        };
        Ok((
            key,
            InvoiceOrder {
                terms,
                currency,
                description,
                external_id,
                expiration,
                links,
            },
        ))
    }
}

/// `POST /api/v1/invoice/single-fiat/create`
pub(super) async fn create_single_fiat(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<InvoiceAnswer>, GatewayError> {
    let (key, order) = call.fields::<SingleFiat<'_>>()?.read()?;
    let (mut ledger, now) = sandbox.ledger();
    let index = ledger.order_invoice(now, key, order)?;
    Ok(Json(InvoiceAnswer::new(ledger.invoice(index))))
}

/// The three ways a request names an invoice, of which the first one given counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Naming<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    idempotency_key: Option<&'a RawValue>,
    #[serde(borrow)]
    external_id: Option<&'a RawValue>,
}

impl Naming<'_> {
    pub(super) fn read(&self) -> Result<InvoiceName, GatewayError> {
        let mut reader = Reader::default();
        let id = reader.text("id", self.id);
        let key = reader.uuid("idempotencyKey", self.idempotency_key);
        let external_id = reader.text("externalId", self.external_id);
        reader.finish()?;
        let id = id.map(InvoiceName::Id);
        let name = id
            .or(key.map(InvoiceName::Key))
            .or(external_id.map(InvoiceName::ExternalId));
        name.ok_or_else(|| {
            GatewayError::field(
                "payload",
                "one of id, idempotencyKey and externalId must not be null",
            )
        })
    }
}

/// `POST /api/v1/invoice`
pub(super) async fn get(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<InvoiceAnswer>, GatewayError> {
    let name = call.fields::<Naming<'_>>()?.read()?;
    let (ledger, _) = sandbox.ledger();
    let index = ledger
        .find_invoice(&name)
        .ok_or(GatewayError::NotFound("Invoice"))?;
    Ok(Json(InvoiceAnswer::new(ledger.invoice(index))))
}

/// An invoice as the gateway shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoiceAnswer {
    id: Uuid,
    invoice_address: String,
    #[serde(rename = "type")]
    kind: &'static str,
    total_debit_amount: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fee: Option<Number>,
    currency: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_deposit_hash: Option<String>,
    description: String,
    created_date: String,
    idempotency_key: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_fiat_updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intervention_type: Option<&'static str>,
    is_intervention_resolved: bool,
    subscription_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
}

impl InvoiceAnswer {
    pub(super) fn new(invoice: &Invoice) -> Self {
        let order = &invoice.order;
        let (fiat_amount, fiat_currency) = match &order.terms {
            Terms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => (Some(*fiat_amount), Some(*fiat_currency)),
        };
        Self {
            id: invoice.id,
            invoice_address: invoice.address.clone(),
            kind: order.terms.as_str(),
            total_debit_amount: Number(invoice.received),
            amount: invoice.amount.map(Number),
            fee: invoice.fee.map(Number),
            currency: order.currency.code,
            state: invoice.state.as_str(),
            last_deposit_hash: invoice.last_deposit_hash.clone(),
            description: order.description.clone(),
            created_date: zoneless(invoice.created),
            idempotency_key: invoice.key,
            expiration: invoice.expiration.map(zoneless),
            fiat_amount: fiat_amount.map(Number),
            fiat_currency,
            last_fiat_updated: invoice.last_fiat_updated.map(zoneless),
            intervention_type: invoice.intervention.map(Intervention::as_str),
            is_intervention_resolved: invoice.intervention_resolved,
            subscription_enabled: false,
            return_url: order.links.return_url.clone(),
            logo_url: order.links.logo_url.clone(),
            support_url: order.links.support_url.clone(),
            external_id: order.external_id.clone(),
        }
    }
}
