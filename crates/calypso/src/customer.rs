//! Customers with permanent deposit addresses, and what arrived there («customer purse» at the gateway).

use checkout::{Amount, Timestamp, words};
use serde::{Deserialize, Serialize};

use crate::wire;

/// What a new customer is made from; the gateway requires nothing of it (gateway reference §2.20).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCustomer {
    /// The customer's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A note for the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The merchant's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// What is changed about a customer; what is not set stays (gateway reference §2.20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerChange {
    /// Which customer.
    pub id: String,
    /// The new mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The new note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CustomerChange {
    /// A change of one customer in which nothing is set yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            email: None,
            description: None,
        }
    }
}

/// A customer as the gateway knows it (gateway reference §2.20).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Customer {
    /// The gateway's id.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub id: String,
    /// The customer's mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The merchant's note.
    #[serde(default)]
    pub description: Option<String>,
    /// The merchant's own id.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub external_id: Option<String>,
    /// Whether the customer is blocked.
    #[serde(default)]
    pub blocked: Option<bool>,
}

/// A customer's permanent address; it serves every currency of one blockchain family (gateway reference §2.20).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DepositAddress {
    /// The gateway's id of the purse; older gateways send none.
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    pub id: Option<String>,
    /// The address. Unchecked: parse it with [`checkout::Address`] before showing it.
    pub address: String,
}

/// One payment to a customer's address (gateway reference §2.20).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PurseTransaction {
    /// The gateway's id.
    #[serde(deserialize_with = "wire::id::deserialize")]
    pub id: String,
    /// The crypto amount.
    #[serde(deserialize_with = "wire::number::deserialize")]
    pub amount: Amount,
    /// The crypto currency.
    #[serde(deserialize_with = "wire::currency::deserialize")]
    pub currency: String,
    /// The address it came from.
    #[serde(default)]
    pub address_from: Option<String>,
    /// The transaction on the blockchain.
    #[serde(default)]
    pub transaction_hash: Option<String>,
    /// How far it has come.
    #[serde(rename = "transactionState")]
    pub state: TransactionState,
    /// How far its compliance check has come.
    #[serde(default, rename = "complianceState")]
    pub compliance: Option<ComplianceState>,
    /// Whether the money is on the merchant's balance.
    #[serde(default)]
    pub translation_to_account_completed: Option<bool>,
    /// When it was seen.
    #[serde(
        default,
        rename = "createdDate",
        deserialize_with = "wire::date::optional::deserialize"
    )]
    pub created: Option<Timestamp>,
}

words! {
    /// How far a payment to a customer's address has come (gateway reference §3.7). An unknown state is kept as its text.
    #[non_exhaustive]
    pub open enum TransactionState {
        /// Seen, not confirmed. Not certain to appear.
        MemPoolFound = "MEM_POOL_FOUND",
        /// Under review.
        PendingComplianceCheck = "PENDING_COMPLIANCE_CHECK",
        /// Suspended by compliance.
        Declined = "DECLINED",
        /// Arrived.
        Confirmed = "CONFIRMED",
        /// In an older sample.
        Completed = "COMPLETED",
    }
}

words! {
    /// How far a compliance check has come (gateway reference §3.7). An unknown state is kept as its text.
    #[non_exhaustive]
    pub open enum ComplianceState {
        /// Not begun.
        Unchecked = "UNCHECKED",
        /// Under review.
        InProgress = "IN_PROGRESS",
        /// Refused.
        Decline = "DECLINE",
        /// Passed.
        Checked = "CHECKED",
    }
}

/// Which payments to a customer's addresses are looked for (gateway reference §2.20).
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionSearch {
    /// Only of this customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Only in these currencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_filter: Option<Filter<String>>,
    /// Only in these states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_state_filter: Option<Filter<TransactionState>>,
    /// The page, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// How many items a page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
}

/// A condition on one field (gateway reference §2.20). What is not set does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter<T> {
    /// The field is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<T>,
    /// The field is not this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_equals: Option<T>,
    /// The field is there, or is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specified: Option<bool>,
    /// The field is one of these.
    #[serde(rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<T>,
    /// The field is none of these.
    #[serde(rename = "notIn", skip_serializing_if = "Vec::is_empty")]
    pub none_of: Vec<T>,
}

impl<T> Default for Filter<T> {
    fn default() -> Self {
        Self {
            equals: None,
            not_equals: None,
            specified: None,
            one_of: Vec::new(),
            none_of: Vec::new(),
        }
    }
}

impl<T> Filter<T> {
    /// The field is this.
    pub fn equals(value: T) -> Self {
        Self {
            equals: Some(value),
            ..Self::default()
        }
    }
}
