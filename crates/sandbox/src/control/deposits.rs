//! Deposits: sending money to an address and moving it on.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use checkout::Amount;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{ControlError, read};
use crate::deposit::{Deposit, Stage};
use crate::ledger::Sending;
use crate::sandbox::Sandbox;

const NEW: &str =
    "{address, amount as a string, stage: \"mempool\"|\"confirmed\", from?, currency?}";
const MOVE: &str = "{stage: \"confirmed\"|\"dropped\"|\"review\"|\"declined\"}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDeposit {
    address: String,
    amount: Amount,
    stage: Stage,
    from: Option<String>,
    /// Needed only for the address of a customer, which takes several.
    currency: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DepositAnswer {
    id: Uuid,
    transaction_hash: String,
    stage: Stage,
    /// There only when the money went to an address that is not watched any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lost: bool,
}

impl DepositAnswer {
    fn new(deposit: &Deposit) -> Self {
        let Deposit {
            id,
            stage,
            lost,
            ref transaction_hash,
            ..
        } = *deposit;
        Self {
            id,
            transaction_hash: transaction_hash.clone(),
            stage,
            lost,
        }
    }
}

/// `POST /sandbox/v1/deposits`
pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<(StatusCode, Json<DepositAnswer>), ControlError> {
    let deposit: NewDeposit = read(&body, NEW)?;
    if deposit
        .from
        .as_ref()
        .is_some_and(|from| from.trim().is_empty())
    {
        let reason = "expected an address, or no such field".to_owned();
        return Err(ControlError::FieldInvalid {
            field: "from",
            reason,
        });
    }
    let (mut ledger, now) = sandbox.ledger();
    let NewDeposit {
        address,
        amount,
        stage,
        from,
        currency,
    } = deposit;
    let index = ledger.deposit(
        now,
        Sending {
            address,
            amount,
            currency,
            stage,
            from,
        },
    )?;
    Ok((
        StatusCode::CREATED,
        Json(DepositAnswer::new(ledger.deposit_at(index))),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    stage: Stage,
}

/// `POST /sandbox/v1/deposits/{id}`
pub(super) async fn advance(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<DepositAnswer>, ControlError> {
    let Move { stage } = read(&body, MOVE)?;
    let (mut ledger, now) = sandbox.ledger();
    let index = ledger.move_deposit(now, &id, stage)?;
    Ok(Json(DepositAnswer::new(ledger.deposit_at(index))))
}
