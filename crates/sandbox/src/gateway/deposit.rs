//! The deposits of an invoice (gateway reference §2.12, §2.13). Only money that counts is listed.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use super::invoice::Naming;
use super::page::{PageAnswer, PageFields};
use crate::date::written;
use crate::deposit::Deposit;
use crate::index::InvoiceIndex;
use crate::ledger::Ledger;
use crate::number::Number;
use crate::sandbox::Sandbox;

/// A deposit as the gateway shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DepositAnswer {
    id: Uuid,
    amount: Number,
    currency: &'static str,
    address_from: String,
    transaction_hash: String,
    created_date: String,
}

fn deposits(
    ledger: &Ledger,
    index: InvoiceIndex,
) -> impl Iterator<Item = (&Deposit, DepositAnswer)> {
    let invoice = ledger.invoice(index);
    let dialect = ledger.dialect();
    let all = invoice
        .deposits
        .iter()
        .map(|deposit| ledger.deposit_at(*deposit));
    all.filter(|deposit| deposit.counts()).map(move |deposit| {
        let answer = DepositAnswer {
            id: deposit.id,
            amount: Number(deposit.amount),
            currency: invoice.order.currency.code,
            address_from: dialect.address(&deposit.from),
            transaction_hash: deposit.transaction_hash.clone(),
            created_date: written(deposit.moved, dialect.dates),
        };
        (deposit, answer)
    })
}

/// `POST /api/v1/invoice/deposit-history`
pub(super) async fn history(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<PageAnswer<DepositAnswer>>, GatewayError> {
    let naming: Naming<'_> = call.fields()?;
    naming.read(sandbox.0.settings.dialect.ids)?;
    let mut reader = Reader::default();
    let page = call.fields::<PageFields<'_>>()?.read(&mut reader);
    reader.finish()?;
    let (ledger, _) = sandbox.ledger();
    let index = naming.find(&ledger)?;
    Ok(Json(
        page.of(deposits(&ledger, index).map(|(_, answer)| answer)),
    ))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One<'a> {
    #[serde(borrow)]
    transaction_id: Option<&'a RawValue>,
}

/// `POST /api/v1/invoice/deposit`
pub(super) async fn get(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<DepositAnswer>, GatewayError> {
    let one: One<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.required("transactionId", one.transaction_id);
    let id = reader.uuid("transactionId", id);
    reader.finish()?;
    let naming: Naming<'_> = call.fields()?;
    naming.read(sandbox.0.settings.dialect.ids)?;
    let (ledger, _) = sandbox.ledger();
    let index = naming.find(&ledger)?;
    let found = deposits(&ledger, index).find(|(deposit, _)| Some(deposit.id) == id);
    found
        .map(|(_, answer)| Json(answer))
        .ok_or(GatewayError::NotFound("Transaction"))
}
