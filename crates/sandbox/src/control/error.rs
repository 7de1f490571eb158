//! Why a call of the control side is refused, and the code and status of each reason.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::ledger::{ChoiceRefusal, DepositRefusal, WrongState};
use crate::rates::RateRefusal;
use crate::refusal::refuse;
use crate::scenario::ScenarioError;

/// Why a call of the control side is refused. A refused call changes nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum ControlError {
    /// The body is not the JSON object this call takes.
    #[error("expected {expected}: {error}")]
    BodyInvalid {
        expected: &'static str,
        error: serde_json::Error,
    },
    /// A field has a value it cannot have.
    #[error("{field}: {reason}")]
    FieldInvalid { field: &'static str, reason: String },
    #[error(transparent)]
    Deposit(#[from] DepositRefusal),
    #[error(transparent)]
    Rate(#[from] RateRefusal),
    #[error(transparent)]
    Choice(#[from] ChoiceRefusal),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    WrongState(#[from] WrongState),
    /// No invoice has this id.
    #[error("there is no invoice {0:?}")]
    InvoiceUnknown(String),
    /// No subscription has this name.
    #[error("there is no subscription {0:?}")]
    SubscriptionUnknown(String),
    /// No widget has this key.
    #[error("there is no widget {0:?}")]
    WidgetUnknown(String),
    /// No call has this path.
    #[error("there is nothing at {0}")]
    NotFound(String),
    /// The call exists, but not with this method.
    #[error("{method} is not a method of {path}")]
    MethodNotAllowed { method: String, path: String },
}

impl ControlError {
    fn kind(&self) -> (StatusCode, &'static str) {
        let (bad, missing, conflict) = (
            StatusCode::BAD_REQUEST,
            StatusCode::NOT_FOUND,
            StatusCode::CONFLICT,
        );
        match self {
            Self::BodyInvalid { .. } => (bad, "body_invalid"),
            Self::FieldInvalid { .. } => (bad, "field_invalid"),
            Self::Deposit(refusal) => match refusal {
                DepositRefusal::AddressUnknown(_) => (missing, "address_unknown"),
                DepositRefusal::DepositUnknown(_) => (missing, "deposit_unknown"),
                DepositRefusal::CurrencyWrong(_) => (bad, "currency_wrong"),
                DepositRefusal::AmountZero => (bad, "amount_zero"),
                DepositRefusal::AmountTooPrecise { .. } => (bad, "amount_too_precise"),
                DepositRefusal::AmountTooLarge(_) => (bad, "amount_too_large"),
                DepositRefusal::StageNotFirst(_) => (bad, "stage_not_first"),
                DepositRefusal::StageImpossible { .. } => (conflict, "stage_impossible"),
            },
            Self::Rate(refusal) => match refusal {
                RateRefusal::UnknownCurrency(_) => (bad, "currency_unknown"),
                RateRefusal::SameCurrency(_) => (bad, "currency_same"),
                RateRefusal::Zero => (bad, "rate_zero"),
                RateRefusal::OutOfRange(_) => (bad, "rate_out_of_range"),
            },
            Self::Choice(refusal) => match refusal {
                ChoiceRefusal::Closed(_) => (conflict, "widget_closed"),
                ChoiceRefusal::NotOffered(_) => (bad, "currency_not_offered"),
            },
            Self::Scenario(_) => (bad, "scenario_invalid"),
            Self::WrongState(_) => (conflict, "invoice_state_wrong"),
            Self::InvoiceUnknown(_) => (missing, "invoice_unknown"),
            Self::SubscriptionUnknown(_) => (missing, "subscription_unknown"),
            Self::WidgetUnknown(_) => (missing, "widget_unknown"),
            Self::NotFound(_) => (missing, "not_found"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, code) = self.kind();
        refuse(status, code, &self.to_string())
    }
}

/// Reads the body of a call; `expected` describes it for the refusal.
pub(super) fn read<'a, T: Deserialize<'a>>(
    body: &'a Bytes,
    expected: &'static str,
) -> Result<T, ControlError> {
    // serde would read a list as an object with its fields in order.
    let error = if body.trim_ascii_start().first() == Some(&b'{') {
        match serde_json::from_slice(body) {
            Ok(read) => return Ok(read),
            Err(error) => error,
        }
    } else {
        serde::de::Error::custom("not an object")
    };
    Err(ControlError::BodyInvalid { expected, error })
}
