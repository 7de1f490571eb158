//! The JSON between widget and proxy: camelCase, amounts as strings, times in RFC 3339 UTC.
//!
//! Answers are read tolerantly (an unknown field is ignored), requests strictly.

use serde::{Deserialize, Serialize};

use crate::{Amount, Phase, Timestamp};

pub use crate::ErrorCode;

/// A checkout, as its buyer may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutView {
    /// Its id; whoever knows it may see and pay it.
    pub id: String,
    /// Where it stands.
    pub state: Phase,
    /// What is bought, in the merchant's words.
    pub description: String,
    /// What it costs.
    pub price: PriceView,
    /// What it can be paid in, in the order to show.
    pub currencies: Vec<CurrencyView>,
    /// The invoice that decides what the buyer sees; `null` while no currency is picked.
    pub invoice: Option<InvoiceView>,
    /// When the checkout closes.
    pub expires_at: Timestamp,
    /// The proxy's time when it answered, by which the widget corrects its countdowns.
    pub now: Timestamp,
    /// After how many milliseconds the widget should ask again.
    pub poll_after_ms: u32,
    /// Where to go after paying.
    pub return_url: Option<String>,
    /// Where to find help.
    pub support_url: Option<String>,
    /// The merchant's logo.
    pub logo_url: Option<String>,
    /// A signature over the invoice; none is made yet.
    pub attestation: Option<String>,
    /// The hosted payment page, told only to the merchant who made the checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A price in a fiat currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    /// How much.
    pub amount: Amount,
    /// ISO 4217 code: `EUR`.
    pub currency: String,
}

/// A currency the buyer can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyView {
    /// The gateway's code: `USDT_TRX`.
    pub code: String,
    /// The asset's ticker: `USDT`.
    pub symbol: String,
    /// The asset's name: `Tether USD`.
    pub name: String,
    /// The network as buyers know it: `Tron (TRC-20)`.
    pub network: String,
    /// About how much it will be, for comparison only; `null` if no rate is known.
    pub estimate: Option<Amount>,
}

/// An invoice the buyer can pay or has paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceView {
    /// The gateway's code of the currency to send.
    pub currency: String,
    /// Where to send it. Shown only while [`Phase::shows_address`] and before `expires_at`.
    pub address: String,
    /// How much the invoice is for.
    pub amount: Amount,
    /// How much has arrived.
    pub received: Amount,
    /// How much is still to be sent.
    pub due: Amount,
    /// What the QR code says.
    pub uri: String,
    /// When the amount is recalculated; `null` if it no longer is.
    pub reprice_at: Option<Timestamp>,
    /// When the address stops being watched.
    pub expires_at: Timestamp,
    /// The hash of the last deposit's transaction.
    pub transaction: Option<String>,
}

/// The one shape of every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// The failure's name, for programs.
    pub code: ErrorCode,
    /// What was expected and what came, for developers.
    pub message: String,
    /// Names this request in the proxy's log.
    pub request_id: String,
}

/// `POST /v1/checkouts/{id}/invoice`: the buyer picks a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseCurrency {
    /// The code of one of the checkout's currencies.
    pub currency: String,
}

/// `POST /v1/checkouts` from a buyer's page: a checkout for something on the proxy's price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseProduct {
    /// The product's key in the price list.
    pub product: String,
}
