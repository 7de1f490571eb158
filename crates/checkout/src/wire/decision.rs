//! What a merchant has decided about a checkout, and how far the gateway has come with it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A decision of the merchant's. It is written down before the gateway is told, so it is carried out whatever happens in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    /// `archive`, `return_to_paid` or `close`.
    pub act: String,
    /// The `idempotencyKey` of the invoice; `null` for what is decided about the checkout.
    pub invoice: Option<String>,
    /// When it was decided, the last time.
    pub decided_at: Timestamp,
    /// `open` until the gateway's readings show it, which it is asked for again until then; `done`; `withdrawn`, because money came in sight
    /// while a checkout was being archived; `refused` by the gateway.
    pub state: String,
}
