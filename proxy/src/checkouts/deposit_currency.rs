//! The currency of a deposit: a row of the table, or a code that this program does not know.

use std::cmp::Ordering;
use std::fmt;

use checkout::Currency;

/// What a deposit was paid in. Anything can be sent to an address, and the gateway lists it under its own code.
#[derive(Debug, Clone)]
pub(crate) enum DepositCurrency {
    /// A currency of the table.
    Known(&'static Currency),
    /// A code of the gateway's that the table does not have.
    Unknown(String),
}

impl DepositCurrency {
    /// The gateway's code.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Known(currency) => currency.code,
            Self::Unknown(code) => code,
        }
    }

    /// The row of the table, if there is one.
    pub(crate) fn known(&self) -> Option<&'static Currency> {
        match self {
            Self::Known(currency) => Some(currency),
            Self::Unknown(_) => None,
        }
    }

    /// Whether it is this currency of the table.
    pub(crate) fn is(&self, currency: &Currency) -> bool {
        self.code() == currency.code
    }
}

impl From<&'static Currency> for DepositCurrency {
    fn from(currency: &'static Currency) -> Self {
        Self::Known(currency)
    }
}

impl From<String> for DepositCurrency {
    fn from(code: String) -> Self {
        Currency::find(&code).map_or(Self::Unknown(code), Self::Known)
    }
}

impl fmt::Display for DepositCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

// By the code alone: it names the row.
impl PartialEq for DepositCurrency {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for DepositCurrency {}

impl PartialOrd for DepositCurrency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DepositCurrency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}
