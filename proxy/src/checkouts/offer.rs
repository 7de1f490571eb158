//! Which crypto currencies a checkout can be paid in.

use checkout::{CURRENCIES, Currency};

use crate::input::redacted;

/// A list of known currencies: not empty, no two alike, in the order they are shown.
#[derive(Debug, Clone)]
pub struct Offer(Vec<&'static Currency>);

/// Why a list of codes offers nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OfferError {
    /// A code that is not in the table.
    #[error(
        "`{0}` is not a currency this proxy knows; docs/API.md and crates/checkout/NETWORKS.md list the codes"
    )]
    Unknown(String),
    /// A code that is there already.
    #[error("names `{0}` twice")]
    Twice(&'static str),
    /// No code at all.
    #[error("must name at least one currency")]
    Empty,
}

impl Offer {
    /// Every currency of the table, in its order.
    pub(crate) fn all() -> Self {
        Self(CURRENCIES.iter().collect())
    }

    /// Reads a list of currency codes (gateway reference §6).
    ///
    /// # Errors
    /// [`OfferError`] with the first code at fault.
    pub(crate) fn parse<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<Self, OfferError> {
        let mut offer: Vec<&'static Currency> = Vec::new();
        for code in codes {
            let currency =
                Currency::find(code).ok_or_else(|| OfferError::Unknown(redacted::value(code)))?;
            if offer.iter().any(|known| known.code == currency.code) {
                return Err(OfferError::Twice(currency.code));
            }
            offer.push(currency);
        }
        if offer.is_empty() {
            return Err(OfferError::Empty);
        }
        Ok(Self(offer))
    }

    /// The currency with this code, if it is offered.
    pub(crate) fn find(&self, code: &str) -> Option<&'static Currency> {
        self.0
            .iter()
            .copied()
            .find(|currency| currency.code == code)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Currency> + '_ {
        self.0.iter().copied()
    }

    /// The codes, separated by one space; [`Offer::from_stored`] reads them back.
    pub(crate) fn to_stored(&self) -> String {
        self.iter()
            .map(|currency| currency.code)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Reads a stored list. Codes that have left the table since are passed over: they can no longer be paid in.
    pub(crate) fn from_stored(text: &str) -> Self {
        Self(text.split(' ').filter_map(Currency::find).collect())
    }
}

impl<'a> TryFrom<&'a [&'a str]> for Offer {
    type Error = String;

    fn try_from(codes: &'a [&'a str]) -> Result<Self, String> {
        Self::parse(codes.iter().copied()).map_err(|error| error.to_string())
    }
}
