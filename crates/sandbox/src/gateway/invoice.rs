//! Invoices: creating, getting, listing and deciding about them (gateway reference §2.6 to §2.11, §2.14, §2.15).

mod answer;
mod order;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::GatewayError;
use super::check::Call;
use super::field::Reader;
use super::page::{PageAnswer, PageFields};
use crate::dialect::Ids;
use crate::index::InvoiceIndex;
use crate::ledger::{InvoiceName, Ledger, WrongState};
use crate::sandbox::Sandbox;

use answer::InvoiceAnswer;
use order::{Kind, OrderFields};

type Answered = Result<Json<InvoiceAnswer>, GatewayError>;

fn create(sandbox: &Sandbox, call: &Call, kind: Kind) -> Answered {
    let (key, order) = call.fields::<OrderFields<'_>>()?.read(kind)?;
    let (mut ledger, now) = sandbox.ledger();
    let index = ledger.order_invoice(now, key, order)?;
    Ok(Json(InvoiceAnswer::new(&ledger, ledger.invoice(index))))
}

/// `POST /api/v1/invoice/single-fiat/create`
pub(super) async fn create_single_fiat(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    create(&sandbox, &call, Kind::SingleFiat)
}

/// `POST /api/v1/invoice/single/create`
pub(super) async fn create_single(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    create(&sandbox, &call, Kind::Single)
}

/// `POST /api/v1/invoice/unlimited/create`
pub(super) async fn create_unlimited(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    create(&sandbox, &call, Kind::Unlimited)
}

/// `POST /api/v1/invoice/bound/create`
pub(super) async fn create_bound(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    create(&sandbox, &call, Kind::Bound)
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
    pub(super) fn read(&self, ids: Ids) -> Result<InvoiceName, GatewayError> {
        let mut reader = Reader::default();
        let id = match ids {
            Ids::Text => reader.text("id", self.id),
            Ids::Number => reader.text_or_count("id", self.id),
        };
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

    /// The invoice it names.
    pub(super) fn find(&self, ledger: &Ledger) -> Result<InvoiceIndex, GatewayError> {
        ledger
            .find_invoice(&self.read(ledger.dialect().ids)?)
            .ok_or(GatewayError::NotFound("Invoice"))
    }
}

/// `POST /api/v1/invoice`
pub(super) async fn get(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    let naming: Naming<'_> = call.fields()?;
    let (ledger, _) = sandbox.ledger();
    let index = naming.find(&ledger)?;
    Ok(Json(InvoiceAnswer::new(&ledger, ledger.invoice(index))))
}

/// What is done to an invoice that a request names.
fn decide(
    sandbox: &Sandbox,
    call: &Call,
    decision: impl FnOnce(&mut Ledger, InvoiceIndex, checkout::Timestamp) -> Result<(), WrongState>,
) -> Answered {
    let naming: Naming<'_> = call.fields()?;
    let (mut ledger, now) = sandbox.ledger();
    let index = naming.find(&ledger)?;
    decision(&mut ledger, index, now)?;
    Ok(Json(InvoiceAnswer::new(&ledger, ledger.invoice(index))))
}

/// `POST /api/v1/invoice/archive`
pub(super) async fn archive(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    decide(&sandbox, &call, |ledger, index, _| ledger.archive(index))
}

/// `POST /api/v1/invoice/return-to-paid`
pub(super) async fn return_to_paid(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    decide(&sandbox, &call, Ledger::return_to_paid)
}

/// `POST /api/v1/invoice/close-intervention`
pub(super) async fn close_intervention(State(sandbox): State<Sandbox>, call: Call) -> Answered {
    decide(&sandbox, &call, |ledger, index, _| {
        ledger.close_intervention(index)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct External<'a> {
    #[serde(borrow)]
    external_id: Option<&'a RawValue>,
}

/// `POST /api/v1/invoice/external`: a page of those that share an external id, newest first unless asked otherwise.
pub(super) async fn external(
    State(sandbox): State<Sandbox>,
    call: Call,
) -> Result<Json<PageAnswer<InvoiceAnswer>>, GatewayError> {
    let external: External<'_> = call.fields()?;
    let mut reader = Reader::default();
    let id = reader.required("externalId", external.external_id);
    let id = reader.text("externalId", id);
    let page = call.fields::<PageFields<'_>>()?.read(&mut reader);
    reader.finish()?;
    let id = id.ok_or(GatewayError::Internal)?;
    let (ledger, _) = sandbox.ledger();
    let answer = page.of(ledger
        .with_external_id(&id)
        .map(|invoice| InvoiceAnswer::new(&ledger, invoice)));
    Ok(Json(answer))
}
