//! The phases of a checkout, and which of several invoices decides what the buyer sees.

mod advance;
mod facts;

use crate::words;

pub use advance::{Observation, advance};
pub use facts::Pace;

words! {
    /// Where a checkout stands, as the buyer sees it. On the wire, and in `data-state`, a lower-case word.
    pub enum Phase expecting "a phase such as \"awaiting\"" {
        /// No currency is picked yet.
        Choosing = "choosing",
        /// An address and an amount are shown; no money was seen.
        Awaiting = "awaiting",
        /// A transaction was seen and waits for confirmation; it may still be withdrawn.
        Detected = "detected",
        /// Paid. Nothing leads back from here.
        Paid = "paid",
        /// Paid, and credited to the merchant. The end.
        Completed = "completed",
        /// The deposit is under compliance review.
        Reviewing = "reviewing",
        /// Compliance suspended the deposit.
        Declined = "declined",
        /// Too little arrived; the merchant decides, the buyer may add the rest.
        Underpaid = "underpaid",
        /// Too much arrived; the merchant decides.
        Overpaid = "overpaid",
        /// Money arrived and the merchant decides, for another reason (mixed senders, or one we do not know).
        Intervention = "intervention",
        /// The time is over and no money was seen.
        Expired = "expired",
        /// Closed by the merchant, or refunded.
        Archived = "archived",
    }
}

/// Which of a checkout's invoices decides what the buyer sees, given their phases from the oldest to the
/// newest: the one whose money has come furthest, and among equals the newest. `None` without invoices.
pub fn deciding<I>(phases: I) -> Option<usize>
where
    I: IntoIterator<Item = Phase>,
{
    // Of equal ones `max_by_key` gives the last, which is the newest.
    phases
        .into_iter()
        .enumerate()
        .max_by_key(|(_, phase)| phase.progress())
        .map(|(index, _)| index)
}
