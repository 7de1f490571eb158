//! Customers, their addresses, and what was paid to them (gateway reference §2.20).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use super::filter::Filter;
use super::page::{PageAnswer, PageFields};
use crate::customer::Customer;
use crate::date::written;
use crate::deposit::{Deposit, Stage};
use crate::dialect::Dialect;
use crate::index::CustomerIndex;
use crate::ledger::{CustomerDetails, Ledger};
use crate::number::Number;
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    email: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    external_id: Option<&'a RawValue>,
    #[serde(borrow)]
    customer_id: Option<&'a RawValue>,
    #[serde(borrow)]
    currency: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_id: Option<&'a RawValue>,
    #[serde(borrow)]
    currency_filter: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_state_filter: Option<&'a RawValue>,
}

impl Fields<'_> {
    fn details(&self, reader: &mut Reader) -> CustomerDetails {
        CustomerDetails {
            email: reader.text("email", self.email),
            description: reader.text("description", self.description),
            external_id: reader.text("externalId", self.external_id),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerAnswer {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    blocked: bool,
}

impl CustomerAnswer {
    fn new(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            email: customer.email.clone(),
            description: customer.description.clone(),
            external_id: customer.external_id.clone(),
            blocked: false,
        }
    }
}

/// `POST /api/v1/customer-purse/customer/create`
pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<CustomerAnswer>, GatewayError> {
    let mut reader = Reader::default();
    let details = call.fields::<Fields<'_>>()?.details(&mut reader);
    reader.finish()?;
    let (mut ledger, _) = sandbox.ledger();
    Ok(Json(CustomerAnswer::new(ledger.make_customer(details))))
}

/// `POST /api/v1/customer-purse/customer/update`: what is not sent stays.
pub(super) async fn update(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<CustomerAnswer>, GatewayError> {
    let fields: Fields<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.required("id", fields.id);
    let id = reader.uuid("id", id);
    let details = fields.details(&mut reader);
    reader.finish()?;
    let (mut ledger, _) = sandbox.ledger();
    let index = customer(&ledger, id)?;
    Ok(Json(CustomerAnswer::new(
        ledger.change_customer(index, details),
    )))
}

fn customer(ledger: &Ledger, id: Option<Uuid>) -> Result<CustomerIndex, GatewayError> {
    id.and_then(|id| ledger.find_customer(id))
        .ok_or(GatewayError::NotFound("Customer"))
}

#[derive(Serialize)]
pub(super) struct AddressAnswer {
    id: Uuid,
    address: String,
}

/// `POST /api/v1/customer-purse/address/get`
pub(super) async fn address(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<AddressAnswer>, GatewayError> {
    let fields: Fields<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.required("customerId", fields.customer_id);
    let id = reader.uuid("customerId", id);
    let currency = reader.required("currency", fields.currency);
    let currency = reader.currency("currency", currency);
    reader.finish()?;
    let currency = currency.ok_or(GatewayError::Internal)?;
    let (mut ledger, now) = sandbox.ledger();
    let index = customer(&ledger, id)?;
    let dialect = ledger.dialect();
    let purse = ledger.purse_for(now, index, currency);
    Ok(Json(AddressAnswer {
        id: purse.id,
        address: dialect.address(&purse.address),
    }))
}

/// A payment to a purse as the gateway shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionAnswer {
    id: Uuid,
    amount: Number,
    address_from: String,
    currency: &'static str,
    transaction_hash: String,
    transaction_state: &'static str,
    compliance_state: &'static str,
    translation_to_account_completed: bool,
    created_date: String,
}

impl TransactionAnswer {
    /// None for what the gateway does not show: dropped and lost payments.
    fn new(deposit: &Deposit, dialect: Dialect) -> Option<Self> {
        let (transaction_state, compliance_state) = states(deposit).filter(|_| !deposit.lost)?;
        Some(Self {
            id: deposit.id,
            amount: Number(deposit.amount),
            address_from: dialect.address(&deposit.from),
            currency: deposit.currency.code,
            transaction_hash: deposit.transaction_hash.clone(),
            transaction_state,
            compliance_state,
            translation_to_account_completed: deposit.fee.is_some(),
            created_date: written(deposit.seen, dialect.dates),
        })
    }
}

/// The state of a payment to a purse, and of its compliance check; none if it was dropped.
fn states(deposit: &Deposit) -> Option<(&'static str, &'static str)> {
    match deposit.stage {
        Stage::Mempool => Some(("MEM_POOL_FOUND", "UNCHECKED")),
        Stage::Review => Some(("PENDING_COMPLIANCE_CHECK", "IN_PROGRESS")),
        Stage::Declined => Some(("DECLINED", "DECLINE")),
        Stage::Confirmed => Some(("CONFIRMED", "CHECKED")),
        Stage::Dropped => None,
    }
}

/// `POST /api/v1/customer-purse/transaction/get`
pub(super) async fn transaction(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<TransactionAnswer>, GatewayError> {
    let fields: Fields<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.required("transactionId", fields.transaction_id);
    let id = reader.uuid("transactionId", id);
    reader.finish()?;
    let (ledger, _) = sandbox.ledger();
    let mut deposits = ledger.purse_deposits();
    let found = deposits.find(|(deposit, _)| Some(deposit.id) == id);
    found
        .and_then(|(deposit, _)| TransactionAnswer::new(deposit, ledger.dialect()))
        .map(Json)
        .ok_or(GatewayError::NotFound("Transaction"))
}

/// `POST /api/v1/customer-purse/transaction/find`: newest first. `sort` and `properties` are ignored.
pub(super) async fn transactions(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<PageAnswer<TransactionAnswer>>, GatewayError> {
    let fields: Fields<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.uuid("customerId", fields.customer_id);
    let currency = Filter::read(&mut reader, "currencyFilter", fields.currency_filter);
    let state = Filter::read(
        &mut reader,
        "transactionStateFilter",
        fields.transaction_state_filter,
    );
    let page = call.fields::<PageFields<'_>>()?.read(&mut reader);
    reader.finish()?;
    let (ledger, _) = sandbox.ledger();
    if id.is_some() {
        customer(&ledger, id)?;
    }
    let found = ledger
        .purse_deposits()
        .filter(|(_, customer)| id.is_none_or(|id| customer.id == id))
        .filter_map(|(deposit, _)| TransactionAnswer::new(deposit, ledger.dialect()))
        .filter(|found| currency.passes(found.currency) && state.passes(found.transaction_state));
    Ok(Json(page.of(found)))
}
