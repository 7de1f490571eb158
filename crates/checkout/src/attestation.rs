//! What a merchant's proxy signs: the facts of an invoice before it is paid, and those of a payment that is completed.
//!
//! Each of the two has one spelling, `canonical`, and `parse` refuses every other. So the bytes that were signed, what a reader takes from
//! them and what is written from it again are always the same, and no reader can see other facts in them than another.

mod error;
mod invoice;
mod receipt;
mod spelled;
mod spelling;

pub use error::FactsError;
pub use invoice::{InvoiceFacts, InvoiceTerms};
pub use receipt::{ReceiptFacts, TransactionFacts};
pub use spelled::{AmountText, MomentText};

/// The version of the facts, the first member of both. A reader that knows another one refuses these.
pub const VERSION: u32 = 1;
