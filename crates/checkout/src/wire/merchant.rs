//! What only the merchant's server is told: every invoice and every deposit of a checkout, fees, sums and contradictions.

use serde::{Deserialize, Serialize};

use super::{CheckoutView, DecisionView, DepositState};
use crate::{Amount, Phase, Timestamp, words};

/// `GET /v1/checkouts/{id}` with the merchant's key: what the buyer sees, and what only the merchant may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MerchantCheckoutView {
    /// No member of its own: the members of the buyer's view stand here, with `url`.
    #[serde(flatten)]
    pub checkout: CheckoutView,
    /// The merchant's own id of the order; `null` when none was given.
    pub external_id: Option<String>,
    /// The rest.
    pub merchant: MerchantView,
}

/// `POST /v1/checkouts` with the merchant's key: the new checkout, and the merchant's own id of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCheckoutView {
    /// No member of its own: the members of the buyer's view stand here, with `url`.
    #[serde(flatten)]
    pub checkout: CheckoutView,
    /// The merchant's own id of the order; `null` when none was given.
    pub external_id: Option<String>,
}

/// `GET /v1/checkouts`: checkouts, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutListView {
    /// As many as `limit` says at most; fewer, or none, while there may be more.
    pub checkouts: Vec<MerchantCheckoutView>,
    /// What to send as `cursor` for the next ones; `null` when these were the last.
    pub cursor: Option<String>,
}

/// The merchant's part of a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MerchantView {
    /// When the checkout was made.
    pub created_at: Timestamp,
    /// The key in the price list, of a checkout a page has made.
    pub product: Option<String>,
    /// The merchant's own id of the customer, of a deposit.
    pub customer: Option<String>,
    /// Every invoice, in the order in which the buyer chose them. A deposit has none.
    pub invoices: Vec<MerchantInvoiceView>,
    /// Every deposit to every address of the checkout, or of its customer, each once, the oldest first.
    pub deposits: Vec<MerchantDepositView>,
    /// The exact sums of these deposits, one for each currency, in the order of the codes.
    pub totals: Vec<TotalView>,
    /// Entries of the gateway's lists that belong to no deposit above, because nobody can read them.
    pub flags: Vec<FlagView>,
    /// In what the gateway has contradicted itself about the invoices, the oldest first.
    pub alarms: Vec<AlarmView>,
    /// The signed receipt, as `GET /v1/checkouts/{id}/receipt` answers it; `null` where that refuses.
    #[serde(default)]
    pub receipt: Option<String>,
    /// What the merchant has decided, the oldest first.
    pub decisions: Vec<DecisionView>,
}

/// `GET /v1/checkouts/{id}/deposits`: the deposits alone. The fields are those of [`MerchantView`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositListView {
    /// Every deposit, each once, the oldest first.
    pub deposits: Vec<MerchantDepositView>,
    /// Their exact sums, one for each currency.
    pub totals: Vec<TotalView>,
    /// Entries that belong to no deposit.
    pub flags: Vec<FlagView>,
}

/// One invoice of a checkout, whether the buyer's page shows it or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MerchantInvoiceView {
    /// The gateway's id.
    pub id: String,
    /// The idempotency key it was made under, by which the gateway finds it too.
    pub idempotency_key: String,
    /// The gateway's code of its currency.
    pub currency: String,
    /// Where it stands.
    pub state: Phase,
    /// Whether it is the one that decides where the checkout stands, which at most one does: the first that was paid; while none is,
    /// the one whose money has come furthest. Once another invoice has money too, `underpaid` here is `intervention` there.
    pub decides: bool,
    /// The gateway's own word for that, as last read.
    pub status: String,
    /// The gateway's word for why the merchant has to decide; `null` if there is none.
    pub intervention: Option<String>,
    /// Where it is paid to.
    pub address: String,
    /// How much it is for; `null` where any amount is taken.
    pub amount: Option<Amount>,
    /// How much has arrived, by the gateway's own sum.
    pub received: Amount,
    /// The service fee the gateway takes from what has arrived; `null` until the gateway tells it.
    pub fee: Option<Amount>,
    /// `received` less `fee`; `null` while the fee is not known, nothing has arrived, or the fee is more than that.
    pub net: Option<Amount>,
    /// The hash of the last deposit's transaction.
    pub transaction: Option<String>,
    /// When the amount was last worked out from the price.
    pub priced_at: Timestamp,
    /// When the gateway stops watching the address; of a top-up, when the checkout closes.
    pub expires_at: Timestamp,
    /// When it was first seen to be paid; `null` while it is not. The first invoice that is paid decides the checkout.
    pub paid_at: Option<Timestamp>,
    /// When money was seen here that the checkout did not need any more; `null` if there was none.
    pub second_payment_at: Option<Timestamp>,
    /// The gateway's own page for this invoice; `null` where the proxy's configuration names none.
    pub hosted_url: Option<String>,
}

/// One deposit, as the merchant sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MerchantDepositView {
    /// The gateway's id of it.
    pub id: String,
    /// The `idempotencyKey` of the invoice it was paid to; `null` for a customer's address.
    pub invoice: Option<String>,
    /// The gateway's code of its currency.
    pub currency: String,
    /// How much it is, by what was certain first.
    pub amount: Amount,
    /// How far it has come.
    pub state: DepositState,
    /// The hash of its transaction on the blockchain; `null` if the gateway names none.
    pub transaction: Option<String>,
    /// The address it came from; `null` if the gateway names none.
    pub from: Option<String>,
    /// When it was seen.
    pub at: Timestamp,
    /// Whether that was after the invoice, or for a customer the checkout, had expired.
    pub late: bool,
    /// Since when the gateway's list has it no more; `null` while it has. A deposit that was only detected is void then.
    pub missing_since: Option<Timestamp>,
    /// What the ledger says of it; `null` until it counts.
    pub ledger: Option<LedgerView>,
    /// In what the gateway has contradicted itself about it.
    pub flags: Vec<FlagView>,
}

/// A deposit in the ledger. Nothing of it changes once it is not `null`; what the gateway does not tell stays `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerView {
    /// When the proxy counted it.
    pub counted_at: Timestamp,
    /// What its invoice asked for, by the pricing in force then; `null` where any amount is taken.
    pub asked: Option<Amount>,
    /// How much of that was still due.
    pub expected: Option<Amount>,
    /// How much was still missing after it; `null` when it was enough.
    pub short: Option<Amount>,
    /// How much more it was than what was due; `null` when it was not.
    pub excess: Option<Amount>,
    /// In which way the checkout had no use for it: `again` to the invoice that had been paid, `elsewhere` to another invoice after that,
    /// `part` to another invoice while the first was not paid in full; `null` if it had.
    pub second_payment: Option<String>,
    /// What it was worth by the pricing of its invoice.
    pub at_sale: Option<WorthView>,
    /// When it was read that the gateway has credited it.
    pub credited_at: Option<Timestamp>,
    /// What was credited: what has arrived, less `fee`.
    pub credited: Option<Amount>,
    /// What the gateway has kept. It names one fee for an invoice; where several deposits share it, each has `null`.
    pub fee: Option<Amount>,
    /// What the credited amount was worth by the gateway's rate then.
    pub at_credit: Option<WorthView>,
}

/// What an amount of crypto was worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorthView {
    /// The fiat currency.
    pub currency: String,
    /// What one unit costs in it; at a sale worked out from price and amount, and rounded down to 18 decimals.
    pub rate: Amount,
    /// The worth, rounded down to the decimals of that currency.
    pub amount: Amount,
}

/// The deposits in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TotalView {
    /// The gateway's code.
    pub currency: String,
    /// The exact sum of those that are confirmed.
    pub received: Amount,
    /// The exact sum of those that are on their way or under review.
    pub pending: Amount,
}

/// A contradiction. It changes nothing that was known before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagView {
    /// Which one.
    pub kind: FlagKind,
    /// What was known, and counts; `null` where nothing was.
    pub known: Option<String>,
    /// What the gateway said then; `null` where it said nothing any more.
    pub read: Option<String>,
    /// When that was read for the first time.
    pub at: Timestamp,
}

/// A contradiction about an invoice. What was known before stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlarmView {
    /// The `idempotencyKey` of the invoice, or of the request that made none.
    pub invoice: String,
    /// Its name, which never changes; the log has it as `alarm`.
    pub kind: String,
    /// What was expected and what came.
    pub detail: String,
    /// When that was read for the first time.
    pub at: Timestamp,
}

words! {
    /// In what a gateway's list can contradict itself. On the wire a `snake_case` word.
    pub enum FlagKind expecting "a kind of flag such as amount_changed" {
        /// A confirmed deposit has another amount now. The first one counts.
        AmountChanged = "amount_changed",
        /// A deposit is in another currency than before, or than its invoice.
        CurrencyChanged = "currency_changed",
        /// A confirmed deposit has another transaction now.
        TransactionChanged = "transaction_changed",
        /// A confirmed deposit is said not to be confirmed any more. It counts.
        MovedBack = "moved_back",
        /// A deposit that was more than detected is in the list no more. What was confirmed counts.
        Missing = "missing",
        /// One list names the id twice, for different deposits.
        IdReused = "id_reused",
        /// The amount cannot exist in this currency: finer than its chain can carry, or more than there is. It does not count.
        AmountImpossible = "amount_impossible",
        /// It counts already for another address of the shop. It does not count here.
        ListedElsewhere = "listed_elsewhere",
        /// As much of the same transaction has counted under another id, which is in the list no more. It does not count a second time.
        Renamed = "renamed",
        /// The entry cannot be read, or has no id.
        Unreadable = "unreadable",
    }
}
