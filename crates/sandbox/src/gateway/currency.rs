//! The currencies the gateway knows (gateway reference §2.19, inferred from version 1.0).

use axum::Json;
use checkout::{CURRENCIES, FIATS};
use serde::Serialize;

use super::check::CallWithoutAccount;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CurrenciesAnswer {
    crypto_currencies: Vec<&'static str>,
    fiat_currencies: Vec<&'static str>,
}

/// `POST /api/v1/currency`
pub(super) async fn list(_: CallWithoutAccount) -> Json<CurrenciesAnswer> {
    Json(CurrenciesAnswer {
        crypto_currencies: CURRENCIES.iter().map(|currency| currency.code).collect(),
        fiat_currencies: FIATS.iter().map(|fiat| fiat.code).collect(),
    })
}
