//! An invoice as the gateway shows it (gateway reference §2.0).

use checkout::Amount;
use serde::Serialize;
use uuid::Uuid;

use crate::date::written;
use crate::invoice::{Intervention, Invoice, InvoiceId, Terms};
use crate::ledger::Ledger;
use crate::number::Number;

/// An invoice as the gateway shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceAnswer {
    id: InvoiceId,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_bound: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_available: Option<bool>,
    /// Of an invoice without end: what is received and not credited yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_in_invoice_wallet: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart_items: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_payments: Option<Vec<PaymentAnswer>>,
}

/// One deposit to an invoice without end, with what the gateway kept of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentAnswer {
    transaction_id: Uuid,
    amount: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_fee: Option<Number>,
}

impl InvoiceAnswer {
    pub(crate) fn new(ledger: &Ledger, invoice: &Invoice) -> Self {
        let order = &invoice.order;
        let dialect = ledger.dialect();
        let date = |moment| written(moment, dialect.dates);
        let endless = !order.terms.is_limited();
        let deposits = || {
            let all = invoice
                .deposits
                .iter()
                .map(|index| ledger.deposit_at(*index));
            all.filter(|deposit| deposit.counts())
        };
        let payments = || {
            let payments = deposits().map(|deposit| PaymentAnswer {
                transaction_id: deposit.id,
                amount: Number(deposit.amount),
                service_fee: deposit.fee.map(Number),
            });
            payments.collect()
        };
        let waiting = || {
            let mut waiting = deposits().filter(|deposit| deposit.fee.is_none());
            let sum =
                waiting.try_fold(Amount::ZERO, |sum, deposit| sum.checked_add(deposit.amount));
            Number(
                sum.expect("deposits to one address are bounded")
                    .normalized(),
            )
        };
        let fiat = order.terms.fiat();
        let lower_bound = match order.terms {
            Terms::Bound { lower_bound } => Some(lower_bound),
            _ => None,
        };
        Self {
            id: invoice.name(dialect.ids),
            invoice_address: dialect.address(&invoice.address),
            kind: order.terms.as_str(),
            total_debit_amount: Number(invoice.received),
            amount: invoice.amount.map(Number),
            fee: invoice.fee.map(Number),
            currency: order.currency.code,
            state: invoice.state.as_str(),
            last_deposit_hash: invoice.last_deposit_hash.clone(),
            description: order.description.clone(),
            created_date: date(invoice.created),
            idempotency_key: invoice.key,
            expiration: invoice
                .expiration
                .or_else(|| ledger.shown_expiration(invoice))
                .map(date),
            fiat_amount: fiat.map(|(amount, _)| Number(amount)),
            fiat_currency: fiat.map(|(_, currency)| currency),
            last_fiat_updated: invoice.last_fiat_updated.map(date),
            intervention_type: invoice.intervention.map(Intervention::as_str),
            is_intervention_resolved: invoice.intervention_resolved,
            subscription_enabled: false,
            return_url: order.links.return_url.clone(),
            logo_url: order.links.logo_url.clone(),
            support_url: order.links.support_url.clone(),
            external_id: order.external_id.clone(),
            lower_bound: lower_bound.map(Number),
            fiat_available: order.fiat_available,
            amount_in_invoice_wallet: endless.then(waiting),
            cart_items: endless.then_some([]),
            invoice_payments: endless.then(payments),
        }
    }
}
