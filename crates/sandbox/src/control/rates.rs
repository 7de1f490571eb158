//! Rates: fixing one, letting all move again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use checkout::Amount;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::{ControlError, read};
use crate::ledger::Ledger;
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fix {
    from_currency: String,
    to_currency: String,
    rate: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FixedRate {
    from_currency: String,
    to_currency: String,
    rate: Amount,
}

#[derive(Serialize)]
pub(super) struct FixedRates {
    rates: Vec<FixedRate>,
}

/// `POST /sandbox/v1/rates`. The rate may be a string or a number; either way its digits are taken as they are.
pub(super) async fn fix(
    State(sandbox): State<Sandbox>,
    body: Bytes,
) -> Result<Json<FixedRate>, ControlError> {
    let fix: Fix = read(&body, "{fromCurrency, toCurrency, rate}")?;
    let text = fix.rate.get();
    let rate = match serde_json::from_str::<String>(text) {
        Ok(digits) => Amount::parse(&digits),
        Err(_) => Amount::from_json_number(text),
    };
    let rate = rate.map_err(|error| ControlError::FieldInvalid {
        field: "rate",
        reason: error.to_string(),
    })?;
    sandbox
        .ledger()
        .0
        .rates
        .fix(&fix.from_currency, &fix.to_currency, rate)?;
    Ok(Json(FixedRate {
        from_currency: fix.from_currency,
        to_currency: fix.to_currency,
        rate,
    }))
}

/// `GET /sandbox/v1/rates`: those that are fixed.
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<FixedRates> {
    let (ledger, _) = sandbox.ledger();
    Json(FixedRates {
        rates: FixedRate::all(&ledger),
    })
}

impl FixedRate {
    pub(super) fn all(ledger: &Ledger) -> Vec<Self> {
        let fixed = ledger.rates.fixed().map(|(from, to, rate)| Self {
            from_currency: from.to_owned(),
            to_currency: to.to_owned(),
            rate,
        });
        fixed.collect()
    }
}

/// `DELETE /sandbox/v1/rates`
pub(super) async fn free(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.ledger().0.rates.free();
    StatusCode::NO_CONTENT
}
