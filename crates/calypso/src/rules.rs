//! What is refused before anything is sent: rules of the reference that are known beforehand.

use checkout::Amount;

use crate::Error;

/// Refuses a text that is empty or blank.
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

/// Refuses an amount of zero. [`Amount`] has no negative ones.
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

/// Refuses an empty list of currencies, and one with a blank name in it.
pub(crate) fn currencies(list: &[String]) -> Result<(), Error> {
    if list.is_empty() {
        return Err(Error::Invalid {
            field: "cryptoCurrencies",
            expected: "at least one currency",
            got: "none".to_owned(),
        });
    }
    list.iter()
        .try_for_each(|currency| filled("cryptoCurrencies", currency))
}
