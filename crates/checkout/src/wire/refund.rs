//! Refunds: what the merchant sends back, kept as records. The gateway has no call for it.

use serde::{Deserialize, Serialize};

use crate::{Amount, Timestamp, words};

/// One refund. The proxy moves no money: whoever approves it sends it from a wallet, and says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundView {
    /// Its id.
    pub id: String,
    /// The checkout whose money is sent back.
    pub checkout: String,
    /// The `idempotencyKey` of the invoice it is about; `null` if it names none.
    pub invoice: Option<String>,
    /// The gateway's id of the deposit it is about; `null` if it names none.
    pub deposit: Option<String>,
    /// The gateway's code of the currency.
    pub currency: String,
    /// How much.
    pub amount: Amount,
    /// Where it goes, on the currency's network.
    pub address: String,
    /// Why, in the merchant's words.
    pub reason: String,
    /// How far it has come.
    pub state: RefundState,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was approved; `null` while it is not.
    pub approved_at: Option<Timestamp>,
    /// When it was said to be sent; `null` while it is not.
    pub sent_at: Option<Timestamp>,
    /// The hash of the transaction that sent it, as the merchant has said it.
    pub transaction: Option<String>,
    /// When it was cancelled; `null` if it is not.
    pub cancelled_at: Option<Timestamp>,
}

/// `GET /v1/refunds`: refunds, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundListView {
    /// As many as `limit` says at most.
    pub refunds: Vec<RefundView>,
    /// What to send as `cursor` for the next ones; `null` when these were the last.
    pub cursor: Option<String>,
}

words! {
    /// How far a refund has come.
    pub enum RefundState expecting "requested, approved, sent or cancelled" {
        /// Somebody has asked for it. It takes its part of what was received.
        Requested = "requested",
        /// Somebody has said that it may be sent.
        Approved = "approved",
        /// It was sent, by the merchant's word. The end.
        Sent = "sent",
        /// It is not sent, and takes nothing of what was received any more. The end.
        Cancelled = "cancelled",
    }
}
