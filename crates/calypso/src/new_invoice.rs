//! What is sent to make an invoice: one struct a kind, so that a field a kind does not know cannot be written.

mod bound;
mod single;
mod single_fiat;
mod unlimited;

pub use bound::BoundInvoice;
pub use single::SingleInvoice;
pub use single_fiat::SingleFiatInvoice;
pub use unlimited::UnlimitedInvoice;
