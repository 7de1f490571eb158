//! What a checkout is for, with what only a checkout of that kind has.

use checkout::Kind;

use crate::checkouts::customer::CustomerId;
use crate::checkouts::price::Price;

/// The kind of a checkout. A price and a customer exclude each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One price, paid once.
    Payment(Price),
    /// Any amount, any number of times, to addresses of this checkout.
    Topup,
    /// Any amount, any number of times, to the permanent addresses of a customer.
    Deposit(CustomerId),
}

impl Purpose {
    /// Which kind it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Payment(_) => Kind::Payment,
            Self::Topup => Kind::Topup,
            Self::Deposit(_) => Kind::Deposit,
        }
    }

    /// What is to be paid; only a payment has it.
    pub(crate) fn price(&self) -> Option<&Price> {
        match self {
            Self::Payment(price) => Some(price),
            Self::Topup | Self::Deposit(_) => None,
        }
    }

    /// Whose addresses are shown; only a deposit has it.
    pub(crate) fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Deposit(customer) => Some(customer),
            Self::Payment(_) | Self::Topup => None,
        }
    }
}
