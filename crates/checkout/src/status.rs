//! What the gateway says about an invoice: its state and, if the merchant must decide, why.

use crate::words;

words! {
    /// An invoice's state at the gateway (gateway reference §3.1). What is not known is kept as text and
    /// never means paid.
    pub open enum InvoiceStatus {
        /// New and unpaid, or sent but not yet seen.
        PendingPayment = "PENDING_PAYMENT",
        /// An incoming transaction was seen, without confirmation.
        MemPoolFound = "MEM_POOL_FOUND",
        /// The deposit is under compliance review.
        PendingComplianceCheck = "PENDING_COMPLIANCE_CHECK",
        /// Compliance suspended the deposit.
        Declined = "DECLINED",
        /// Paid, within the gateway's tolerance.
        Paid = "PAID",
        /// The merchant must decide; [`InterventionKind`] says why.
        PendingIntervention = "PENDING_INTERVENTION",
        /// Paid, and the money is on the merchant's balance.
        Completed = "COMPLETED",
        /// Expired, removed by the merchant, or refunded: the address is no longer watched.
        Archived = "ARCHIVED",
        /// Cancelled by the merchant (version 1.0 only).
        Cancel = "CANCEL",
    }
}

words! {
    /// Why the gateway asks the merchant to decide (gateway reference §3.3).
    pub open enum InterventionKind {
        /// Less arrived than the gateway's tolerance allows.
        Underpay = "UNDERPAY",
        /// More arrived than the merchant accepts unasked.
        Overpay = "OVERPAY",
    }
}
