//! What a checkout is for: one payment of a price, top-ups of any amount, or deposits to a customer's own address.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of a checkout. On the wire a lower-case word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One price, paid once.
    #[default]
    Payment,
    /// Any amount, any number of times, to an address of this checkout.
    Topup,
    /// Any amount, any number of times, to the permanent address of one of the merchant's customers.
    Deposit,
}

/// A word that is no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected payment, topup or deposit, got another word")]
pub struct UnknownKind;

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::Payment, Kind::Topup, Kind::Deposit];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Payment => "payment",
            Kind::Topup => "topup",
            Kind::Deposit => "deposit",
        }
    }

    /// Whether it is a payment, which has a price and an invoice; the others take what comes.
    #[must_use]
    pub const fn is_payment(self) -> bool {
        matches!(self, Kind::Payment)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(UnknownKind)
    }
}
