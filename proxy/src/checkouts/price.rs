//! A price in fiat money, as strict as a bank form.

use checkout::{Amount, AmountError, Fiat};

use crate::input::redacted;

/// The most digits before the decimal point.
const MAX_WHOLE_DIGITS: usize = 12;

/// What a checkout costs. The amount keeps the digits it was written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    amount: Amount,
    currency: &'static str,
}

/// Why a text is no price. What was written is shown shortened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PriceError {
    /// Another currency than the fiat currencies of the table.
    #[error("`{0}` is not a currency a price can be in: expected EUR or USD")]
    CurrencyUnknown(String),
    /// Zero or below.
    #[error("`{0}` is not a price: it must be above zero")]
    NotPositive(String),
    /// Anything but plain digits with at most one point: signs, exponents, separators, leading zeros.
    #[error("`{0}` is not an amount such as 25.00: {1}")]
    Malformed(String, AmountError),
    /// More than 12 digits before the point.
    #[error(
        "`{0}` is not an amount such as 25.00: more than {MAX_WHOLE_DIGITS} digits before the point"
    )]
    TooLong(String),
    /// More decimals than the currency has.
    #[error("`{text}` has {found} decimals, {currency} has {allowed}")]
    TooPrecise {
        /// What was written.
        text: String,
        /// How many decimals that has.
        found: u8,
        /// The currency's code.
        currency: &'static str,
        /// How many decimals it has.
        allowed: u8,
    },
}

impl Price {
    /// Reads a price such as `"25.00"`, `"EUR"`.
    ///
    /// # Errors
    /// [`PriceError`].
    pub(crate) fn parse(amount: &str, currency: &str) -> Result<Self, PriceError> {
        let shown = || redacted::value(amount);
        let fiat = Fiat::find(currency)
            .ok_or_else(|| PriceError::CurrencyUnknown(redacted::value(currency)))?;
        if let Some(rest) = amount.strip_prefix('-')
            && Amount::parse(rest).is_ok()
        {
            return Err(PriceError::NotPositive(shown()));
        }
        let parsed =
            Amount::parse(amount).map_err(|error| PriceError::Malformed(shown(), error))?;
        if parsed.is_zero() {
            return Err(PriceError::NotPositive(shown()));
        }
        if parsed.scale() > fiat.decimals {
            return Err(PriceError::TooPrecise {
                text: shown(),
                found: parsed.scale(),
                currency: fiat.code,
                allowed: fiat.decimals,
            });
        }
        let whole = amount.split('.').next().unwrap_or_default();
        if whole.len() > MAX_WHOLE_DIGITS {
            return Err(PriceError::TooLong(shown()));
        }
        Ok(Self {
            amount: parsed,
            currency: fiat.code,
        })
    }

    /// The amount, above zero, with at most the currency's decimals.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// The fiat currency's code, `EUR` or `USD`.
    #[must_use]
    pub fn currency(&self) -> &'static str {
        self.currency
    }
}

#[cfg(test)]
mod tests {
    use super::{Price, PriceError};

    #[test]
    fn keeps_the_digits() {
        for text in ["25.00", "25.0", "25", "0.01", "999999999999.99"] {
            assert_eq!(
                Price::parse(text, "EUR").unwrap().amount().to_string(),
                text
            );
        }
    }

    #[test]
    fn every_wrong_price_has_its_name() {
        let name = |error: &PriceError| match error {
            PriceError::NotPositive(_) => "not positive",
            PriceError::TooPrecise { .. } => "too precise",
            PriceError::Malformed(..) | PriceError::TooLong(_) => "malformed",
            PriceError::CurrencyUnknown(_) => "another currency",
        };
        let table = [
            (
                "not positive",
                vec!["0", "0.0", "0.00", "-1", "-0", "-25.00", "-0.01"],
            ),
            (
                "too precise",
                vec!["25.001", "25.000", "0.001", "1.0000000000000000000"],
            ),
            (
                "malformed",
                vec![
                    "",
                    " 1",
                    "1 ",
                    "+1",
                    "1.",
                    ".5",
                    "1e3",
                    "1_000",
                    "1,5",
                    "\u{661}",
                    "\u{ff11}",
                    "NaN",
                    "Infinity",
                    "0x10",
                    "01",
                    "00",
                    "--1",
                    "-",
                    "-+1",
                    "1.2.3",
                    "1000000000000",
                    "340282366920938463463374607431768211456",
                    "9999999999999999999999999999999999999999",
                    "1\0",
                    "1\n",
                ],
            ),
        ];
        for (expected, texts) in table {
            for text in texts {
                let error = Price::parse(text, "EUR").unwrap_err();
                assert_eq!(name(&error), expected, "{text:?}");
            }
        }
        for currency in ["", "eur", "GBP", "USDT", "EUR ", "JPY"] {
            let error = Price::parse("1", currency).unwrap_err();
            assert_eq!(name(&error), "another currency", "{currency:?}");
        }
    }
}
