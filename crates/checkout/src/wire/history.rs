//! What has happened to a checkout, for its merchant: each change once, with what brought it about.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, words};

/// `GET /v1/checkouts/{id}/history`: what has happened, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// At most 100 changes.
    pub history: Vec<ChangeView>,
    /// What to send as `cursor` for the next ones; `null` when these were the last.
    pub cursor: Option<String>,
}

/// One change. What was written down once is never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// When the proxy made it.
    pub at: Timestamp,
    /// What brought it about: `merchant` and `page` by their calls, `poll` by a look at the checkout, `watcher` by its rounds, `delivery` by
    /// a webhook of the gateway, `reconcile` by that command, `upgrade` by a newer version of the proxy.
    pub source: String,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// The `idempotencyKey` of the invoice it is about; `null` if it is about none.
    pub invoice: Option<String>,
    /// The gateway's id of the deposit it is about; `null` if it is about none.
    pub deposit: Option<String>,
    /// What was before; `null` if there was nothing.
    pub was: Option<String>,
    /// What it became; `null` if there is nothing any more.
    pub became: Option<String>,
}

words! {
    /// A kind of change. On the wire a `snake_case` word.
    pub enum ChangeKind expecting "a kind of change such as invoice_made" {
        /// The checkout was made.
        Created = "created",
        /// It was made before there was a history: what follows begins at what was stored then.
        KeptBefore = "kept_before",
        /// The buyer picked a currency that had an invoice or an address already.
        Chosen = "chosen",
        /// An invoice was made, and is the one shown.
        InvoiceMade = "invoice_made",
        /// An invoice has moved from one state to another.
        Phase = "phase",
        /// The gateway's own word for the state of an invoice.
        Status = "status",
        /// What is to be paid was worked out anew.
        Repriced = "repriced",
        /// The gateway's sum of what an invoice has received.
        Received = "received",
        /// The gateway's fee.
        Fee = "fee",
        /// The hash of the last transaction.
        Transaction = "transaction",
        /// When the gateway stops watching the address.
        Expiry = "expiry",
        /// The gateway's word for why the merchant has to decide.
        Intervention = "intervention",
        /// Money came that the checkout did not need any more.
        SecondPayment = "second_payment",
        /// When money was first seen, or first enough, was written down later than the money was.
        Noted = "noted",
        /// The gateway has contradicted itself about an invoice.
        Alarm = "alarm",
        /// A deposit was seen that does not count yet.
        DepositSeen = "deposit_seen",
        /// A deposit was confirmed: it counts from now on.
        DepositConfirmed = "deposit_confirmed",
        /// What is known of a deposit has changed, but not whether it counts.
        DepositChanged = "deposit_changed",
        /// The gateway's list has a deposit no more.
        DepositMissing = "deposit_missing",
        /// The gateway's list has it again.
        DepositFound = "deposit_found",
        /// The gateway has contradicted itself about a deposit.
        Flag = "flag",
        /// The gateway has named the customer's address.
        AddressNamed = "address_named",
        /// The gateway has named the same address again.
        AddressConfirmed = "address_confirmed",
        /// The merchant has decided what the gateway is told then: `archive`, `return_to_paid` or `close`.
        Decided = "decided",
        /// What has become of that: `done`, `withdrawn` because money came in sight, or `refused` by the gateway.
        DecisionSettled = "decision_settled",
        /// A refund was asked for, or has come further: its state, amount, currency and id.
        Refund = "refund",
    }
}
