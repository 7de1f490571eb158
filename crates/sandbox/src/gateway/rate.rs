//! Exchange rates (gateway reference §2.18). These calls name no account.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::GatewayError;
use super::check::CallWithoutAccount;
use super::field::Reader;
use crate::number::Number;
use crate::rates::{is_fiat, is_known};
use crate::sandbox::Sandbox;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pairs<'a> {
    #[serde(borrow)]
    from_currencies: Option<&'a RawValue>,
    #[serde(borrow)]
    to_currencies: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RatesAnswer {
    currency_rates: Vec<RateAnswer>,
}

/// The documented name of the one number is plural.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RateAnswer {
    from_currency: String,
    to_currency: String,
    rates: Number,
    rates_date: String,
}

/// `POST /api/v1/rate`: every first currency in every second one.
pub(super) async fn crypto(
    State(sandbox): State<Sandbox>,
    call: CallWithoutAccount,
) -> Result<Json<RatesAnswer>, GatewayError> {
    let pairs: Pairs<'_> = call.fields()?;
    let mut reader = Reader::default();
    let from = codes(
        &mut reader,
        "fromCurrencies",
        pairs.from_currencies,
        is_known,
    );
    let to = codes(&mut reader, "toCurrencies", pairs.to_currencies, is_known);
    reader.finish()?;
    let (ledger, now) = sandbox.ledger();
    let mut currency_rates = Vec::new();
    for from_currency in &from {
        for to_currency in &to {
            let rate = ledger
                .rates
                .quote(from_currency, to_currency, now)
                .ok_or(GatewayError::Internal)?;
            currency_rates.push(RateAnswer {
                from_currency: from_currency.clone(),
                to_currency: to_currency.clone(),
                rates: Number(rate),
                rates_date: now.to_string(),
            });
        }
    }
    Ok(Json(RatesAnswer { currency_rates }))
}

#[derive(Deserialize)]
struct FiatPairs<'a> {
    #[serde(borrow)]
    from: Option<&'a RawValue>,
    #[serde(borrow)]
    to: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FiatRatesAnswer {
    rates_map: BTreeMap<String, BTreeMap<String, Number>>,
}

/// `POST /api/v1/rate/fiat`: from, then to, then the price of one.
pub(super) async fn fiat(
    State(sandbox): State<Sandbox>,
    call: CallWithoutAccount,
) -> Result<Json<FiatRatesAnswer>, GatewayError> {
    let pairs: FiatPairs<'_> = call.fields()?;
    let mut reader = Reader::default();
    let from = codes(&mut reader, "from", pairs.from, is_fiat);
    let to = codes(&mut reader, "to", pairs.to, is_fiat);
    reader.finish()?;
    let (ledger, now) = sandbox.ledger();
    let mut rates_map = BTreeMap::new();
    for from in &from {
        let quotes: Option<BTreeMap<_, _>> = to
            .iter()
            .map(|to| Some((to.clone(), Number(ledger.rates.quote(from, to, now)?))))
            .collect();
        rates_map.insert(from.clone(), quotes.ok_or(GatewayError::Internal)?);
    }
    Ok(Json(FiatRatesAnswer { rates_map }))
}

fn codes(
    reader: &mut Reader,
    field: &str,
    raw: Option<&RawValue>,
    known: fn(&str) -> bool,
) -> Vec<String> {
    let raw = reader.required(field, raw);
    let list = reader.list(field, raw).unwrap_or_default();
    let mut codes = Vec::new();
    for (place, raw) in list.into_iter().enumerate() {
        let field = format!("{field}[{place}]");
        match reader.code(&field, Some(raw)) {
            Some(code) if known(&code) => codes.push(code),
            Some(code) => {
                reader.wrong::<()>(&field, format!("Currency {code} is not supported"));
            }
            None => {}
        }
    }
    codes
}
