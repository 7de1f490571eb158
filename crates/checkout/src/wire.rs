//! The JSON between widget and proxy: camelCase, amounts as strings, times in RFC 3339 UTC.
//!
//! Answers are read tolerantly: an unknown field is ignored. What a request holds is the proxy's to read.

mod attested;
mod decision;
mod event;
mod history;
mod merchant;
mod receiving;
mod refund;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::{Amount, Phase, Timestamp};

pub use crate::{Kind, RefusalCode};
pub use attested::{AttestationKeyView, AttestationKeysView, ReceiptView};
pub use decision::DecisionView;
pub use event::{
    AttemptOutcome, AttemptView, DeadEventView, EventBody, EventData, EventKind, EventListView,
    EventState, EventView, WholeEventView,
};
pub use history::{ChangeKind, ChangeView, HistoryView};
pub use merchant::{
    AlarmView, CheckoutListView, DepositListView, FlagKind, FlagView, LedgerView,
    MerchantCheckoutView, MerchantDepositView, MerchantInvoiceView, MerchantView, NewCheckoutView,
    TotalView, WorthView,
};
pub use receiving::{DepositState, DepositView, ReceivingView};
pub use refund::{RefundListView, RefundState, RefundView};

/// A checkout, as its buyer may see it.
///
/// `kind` and `receiving` are written only when it is no payment, so that a payment reads as it did before there were other
/// kinds; a reader takes an object without `kind` for a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutView {
    /// Its id; whoever knows it may see and pay it.
    pub id: String,
    /// What it is for.
    #[serde(default)]
    pub kind: Kind,
    /// Where it stands.
    pub state: Phase,
    /// What is bought, in the merchant's words.
    pub description: String,
    /// What it costs; `null` for a top-up and a deposit, which take any amount.
    pub price: Option<PriceView>,
    /// What it can be paid in, in the order to show.
    pub currencies: Vec<CurrencyView>,
    /// The invoice that decides what the buyer sees; `null` while no currency is picked, and always for other kinds than payments.
    pub invoice: Option<InvoiceView>,
    /// Where a top-up or a deposit goes, and what has arrived; `null` while no currency is picked. A payment has none.
    #[serde(default)]
    pub receiving: Option<ReceivingView>,
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
    /// A signature over where to send what (docs/ATTESTATION.md); `null` where nothing is to be sent, while a new amount is not known yet, and where
    /// the store signs nothing.
    pub attestation: Option<String>,
    /// The hosted payment page. There only in the answer to who makes the checkout: the merchant's server, or a page.
    #[serde(default)]
    pub url: Option<String>,
}

// By hand, because whether `kind` and `receiving` are written depends on another field.
impl Serialize for CheckoutView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const MEMBERS_OF_ALL: usize = 13;
        let has_kind = !self.kind.is_payment();
        let members = MEMBERS_OF_ALL + usize::from(has_kind) * 2 + usize::from(self.url.is_some());
        let mut object = serializer.serialize_struct("CheckoutView", members)?;
        object.serialize_field("id", &self.id)?;
        if has_kind {
            object.serialize_field("kind", &self.kind)?;
        }
        object.serialize_field("state", &self.state)?;
        object.serialize_field("description", &self.description)?;
        object.serialize_field("price", &self.price)?;
        object.serialize_field("currencies", &self.currencies)?;
        object.serialize_field("invoice", &self.invoice)?;
        if has_kind {
            object.serialize_field("receiving", &self.receiving)?;
        }
        object.serialize_field("expiresAt", &self.expires_at)?;
        object.serialize_field("now", &self.now)?;
        object.serialize_field("pollAfterMs", &self.poll_after_ms)?;
        object.serialize_field("returnUrl", &self.return_url)?;
        object.serialize_field("supportUrl", &self.support_url)?;
        object.serialize_field("logoUrl", &self.logo_url)?;
        object.serialize_field("attestation", &self.attestation)?;
        if let Some(url) = &self.url {
            object.serialize_field("url", url)?;
        }
        object.end()
    }
}

/// `POST /v1/checkouts/{id}/hosted-widget`: the gateway's own page for a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostedWidgetView {
    /// The link to send the buyer to.
    pub url: String,
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
    /// Where to send what is due. There only in the states `awaiting` and `underpaid` and before `expires_at`; `null` in every other.
    pub address: Option<String>,
    /// How much the invoice is for.
    pub amount: Amount,
    /// How much has arrived.
    pub received: Amount,
    /// How much is still to be sent.
    pub due: Amount,
    /// What the QR code says; `null` with the address.
    pub uri: Option<String>,
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
    pub code: RefusalCode,
    /// What was expected and what came, for developers.
    pub message: String,
    /// Names this request in the proxy's log.
    pub request_id: String,
}
