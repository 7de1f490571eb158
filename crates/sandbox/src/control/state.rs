//! Everything at a glance, for the panel.

use axum::Json;
use axum::extract::State;
use checkout::{Amount, Rounding, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use super::rates::FixedRate;
use crate::deposit::Stage;
use crate::faults::Fault;
use crate::invoice::{Intervention, Invoice, InvoiceState};
use crate::ledger::Ledger;
use crate::sandbox::Sandbox;

/// The panel shows at most so many invoices, the newest.
const MOST_INVOICES: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StateAnswer {
    now: Timestamp,
    offset_seconds: u64,
    seed: u64,
    /// Newest first.
    invoices: Vec<InvoiceView>,
    invoice_count: usize,
    widget_count: usize,
    faults: Vec<Fault>,
    /// The fixed ones.
    rates: Vec<FixedRate>,
}

/// Amounts are strings here, and times have their zone, as everywhere on the control side.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceView {
    id: Uuid,
    address: String,
    #[serde(rename = "type")]
    kind: &'static str,
    currency: &'static str,
    symbol: &'static str,
    network: &'static str,
    decimals: u8,
    description: String,
    external_id: Option<String>,
    price: Option<String>,
    amount: Option<Amount>,
    /// The least amount that still counts as paid in full.
    least: Option<Amount>,
    received: Amount,
    /// What is missing to the amount; zero when nothing is.
    due: Option<Amount>,
    fee: Option<Amount>,
    state: &'static str,
    intervention: Option<&'static str>,
    created_at: Timestamp,
    reprice_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    deposits: Vec<DepositView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositView {
    id: Uuid,
    amount: Amount,
    from: String,
    transaction_hash: String,
    stage: Stage,
    seen_at: Timestamp,
    moved_at: Timestamp,
    lost: bool,
}

/// `GET /sandbox/v1/state`
pub(super) async fn show(State(sandbox): State<Sandbox>) -> Json<StateAnswer> {
    let (ledger, now) = sandbox.ledger();
    let invoices = ledger.invoices();
    Json(StateAnswer {
        now,
        offset_seconds: sandbox.0.clock.offset_seconds(),
        seed: sandbox.0.settings.seed,
        invoices: invoices
            .iter()
            .rev()
            .take(MOST_INVOICES)
            .map(|invoice| view(&ledger, invoice, now))
            .collect(),
        invoice_count: invoices.len(),
        widget_count: ledger.widgets().len(),
        faults: sandbox.0.faults.list(),
        rates: FixedRate::all(&ledger),
    })
}

fn view(ledger: &Ledger, invoice: &Invoice, now: Timestamp) -> InvoiceView {
    let order = &invoice.order;
    let currency = order.currency;
    let price = order
        .terms
        .fiat()
        .map(|(amount, currency)| format!("{amount} {currency}"));
    // In full means whole units of the chain: less than one cannot be sent.
    let least = invoice
        .least()
        .and_then(|least| least.rounded(currency.decimals, Rounding::Up).ok());
    let deposits = invoice.deposits.iter().map(|index| {
        let deposit = ledger.deposit_at(*index);
        DepositView {
            id: deposit.id,
            amount: deposit.amount,
            from: deposit.from.clone(),
            transaction_hash: deposit.transaction_hash.clone(),
            stage: deposit.stage,
            seen_at: deposit.seen,
            moved_at: deposit.moved,
            lost: deposit.lost,
        }
    });
    let unpaid = invoice.state == InvoiceState::PendingPayment;
    InvoiceView {
        id: invoice.id,
        address: invoice.address.clone(),
        kind: order.terms.as_str(),
        currency: currency.code,
        symbol: currency.asset.symbol,
        network: currency.network_label(),
        decimals: currency.decimals,
        description: order.description.clone(),
        external_id: order.external_id.clone(),
        price,
        amount: invoice.amount,
        least: least.map(Amount::normalized),
        received: invoice.received,
        due: invoice.amount.map(|amount| {
            amount
                .checked_sub(invoice.received)
                .unwrap_or(Amount::ZERO)
                .normalized()
        }),
        fee: invoice.fee,
        state: invoice.state.as_str(),
        intervention: invoice.intervention.map(Intervention::as_str),
        created_at: invoice.created,
        reprice_at: (unpaid && order.terms.fiat().is_some()).then(|| invoice.next_repricing(now)),
        expires_at: invoice.expiration,
        deposits: deposits.collect(),
    }
}
