//! What the gateway says about an invoice: its state and, if the merchant must decide, why.

use core::fmt;

use serde::{Deserialize, Serialize};

/// An invoice's state at the gateway (gateway reference §3.1). What is not known is kept as text and
/// never means paid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum InvoiceStatus {
    /// New and unpaid, or sent but not yet seen.
    PendingPayment,
    /// An incoming transaction was seen, without confirmation.
    MemPoolFound,
    /// The deposit is under compliance review.
    PendingComplianceCheck,
    /// Compliance suspended the deposit.
    Declined,
    /// Paid, within the gateway's tolerance.
    Paid,
    /// The merchant must decide; [`InterventionKind`] says why.
    PendingIntervention,
    /// Paid, and the money is on the merchant's balance.
    Completed,
    /// Expired, removed by the merchant, or refunded: the address is no longer watched.
    Archived,
    /// Cancelled by the merchant (version 1.0 only).
    Cancel,
    /// A state this program does not know.
    Unknown(String),
}

impl InvoiceStatus {
    /// The gateway's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            InvoiceStatus::PendingPayment => "PENDING_PAYMENT",
            InvoiceStatus::MemPoolFound => "MEM_POOL_FOUND",
            InvoiceStatus::PendingComplianceCheck => "PENDING_COMPLIANCE_CHECK",
            InvoiceStatus::Declined => "DECLINED",
            InvoiceStatus::Paid => "PAID",
            InvoiceStatus::PendingIntervention => "PENDING_INTERVENTION",
            InvoiceStatus::Completed => "COMPLETED",
            InvoiceStatus::Archived => "ARCHIVED",
            InvoiceStatus::Cancel => "CANCEL",
            InvoiceStatus::Unknown(text) => text,
        }
    }
}

impl From<&str> for InvoiceStatus {
    fn from(text: &str) -> Self {
        match text {
            "PENDING_PAYMENT" => InvoiceStatus::PendingPayment,
            "MEM_POOL_FOUND" => InvoiceStatus::MemPoolFound,
            "PENDING_COMPLIANCE_CHECK" => InvoiceStatus::PendingComplianceCheck,
            "DECLINED" => InvoiceStatus::Declined,
            "PAID" => InvoiceStatus::Paid,
            "PENDING_INTERVENTION" => InvoiceStatus::PendingIntervention,
            "COMPLETED" => InvoiceStatus::Completed,
            "ARCHIVED" => InvoiceStatus::Archived,
            "CANCEL" => InvoiceStatus::Cancel,
            other => InvoiceStatus::Unknown(String::from(other)),
        }
    }
}

/// Why the gateway asks the merchant to decide (gateway reference §3.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum InterventionKind {
    /// Less arrived than the gateway's tolerance allows.
    Underpay,
    /// More arrived than the merchant accepts unasked.
    Overpay,
    /// A reason this program does not know.
    Unknown(String),
}

impl InterventionKind {
    /// The gateway's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            InterventionKind::Underpay => "UNDERPAY",
            InterventionKind::Overpay => "OVERPAY",
            InterventionKind::Unknown(text) => text,
        }
    }
}

impl From<&str> for InterventionKind {
    fn from(text: &str) -> Self {
        match text {
            "UNDERPAY" => InterventionKind::Underpay,
            "OVERPAY" => InterventionKind::Overpay,
            other => InterventionKind::Unknown(String::from(other)),
        }
    }
}

impl fmt::Display for InvoiceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for InterventionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<String> for InvoiceStatus {
    fn from(text: String) -> Self {
        InvoiceStatus::from(text.as_str())
    }
}

impl From<InvoiceStatus> for String {
    fn from(status: InvoiceStatus) -> Self {
        String::from(status.as_str())
    }
}

impl From<String> for InterventionKind {
    fn from(text: String) -> Self {
        InterventionKind::from(text.as_str())
    }
}

impl From<InterventionKind> for String {
    fn from(kind: InterventionKind) -> Self {
        String::from(kind.as_str())
    }
}
