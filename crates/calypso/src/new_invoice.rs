//! What is sent to make an invoice: one struct a kind, so that a field a kind does not know cannot be written.

mod bound;
mod single;
mod single_fiat;
mod unlimited;

pub use bound::BoundInvoice;
pub use single::SingleInvoice;
pub use single_fiat::SingleFiatInvoice;
pub use unlimited::UnlimitedInvoice;

use checkout::Amount;

use crate::Error;

/// Refuses a text that says nothing.
pub(crate) fn filled(field: &'static str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Invalid {
            field,
            expected: "a text",
            got: format!("{text:?}"),
        });
    }
    Ok(())
}

/// Refuses an amount of nothing. A negative one cannot be written.
pub(crate) fn positive(field: &'static str, amount: Amount) -> Result<(), Error> {
    if amount.is_zero() {
        return Err(Error::Invalid {
            field,
            expected: "an amount greater than zero",
            got: amount.to_string(),
        });
    }
    Ok(())
}
