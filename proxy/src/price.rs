//! A price in fiat money, as strict as a bank form.

use checkout::{Amount, ErrorCode, Fiat};

use crate::config::shown;
use crate::refusal::Refusal;

/// The most digits before the decimal point.
const MAX_WHOLE_DIGITS: usize = 12;

/// What a checkout costs. The amount keeps the digits it was written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    amount: Amount,
    currency: &'static str,
}

impl Price {
    /// Reads a price such as `"25.00"`, `"EUR"`.
    ///
    /// # Errors
    /// `price_currency_unknown` for other codes than EUR and USD, `price_not_positive` for zero and below,
    /// `price_too_precise` for more decimals than the currency has, `price_malformed` for everything that is not plain
    /// digits with at most one point: signs, exponents, separators, leading zeros, more than 12 digits before the point.
    pub(crate) fn parse(amount: &str, currency: &str) -> Result<Self, Refusal> {
        let Some(fiat) = Fiat::find(currency) else {
            return Err(Refusal::new(
                ErrorCode::PriceCurrencyUnknown,
                format!(
                    "`{}` is not a currency a price can be in: expected EUR or USD",
                    shown::value(currency)
                ),
            ));
        };
        if let Some(rest) = amount.strip_prefix('-')
            && Amount::parse(rest).is_ok()
        {
            return Err(not_positive(amount));
        }
        let (currency, decimals) = (fiat.code, fiat.decimals);
        let malformed = |reason: &dyn std::fmt::Display| {
            Refusal::new(
                ErrorCode::PriceMalformed,
                format!(
                    "`{}` is not an amount such as 25.00: {reason}",
                    shown::value(amount)
                ),
            )
        };
        let parsed = Amount::parse(amount).map_err(|error| malformed(&error))?;
        if parsed.is_zero() {
            return Err(not_positive(amount));
        }
        if parsed.scale() > decimals {
            return Err(Refusal::new(
                ErrorCode::PriceTooPrecise,
                format!(
                    "`{}` has {} decimals, {currency} has {decimals}",
                    shown::value(amount),
                    parsed.scale()
                ),
            ));
        }
        if amount
            .split('.')
            .next()
            .is_some_and(|whole| whole.len() > MAX_WHOLE_DIGITS)
        {
            return Err(malformed(&format_args!(
                "more than {MAX_WHOLE_DIGITS} digits before the point"
            )));
        }
        Ok(Self {
            amount: parsed,
            currency,
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

fn not_positive(amount: &str) -> Refusal {
    Refusal::new(
        ErrorCode::PriceNotPositive,
        format!(
            "`{}` is not a price: it must be above zero",
            shown::value(amount)
        ),
    )
}

#[cfg(test)]
mod tests {
    use checkout::ErrorCode;

    use super::Price;

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
        let table = [
            (
                ErrorCode::PriceNotPositive,
                vec!["0", "0.0", "0.00", "-1", "-0", "-25.00", "-0.01"],
            ),
            (
                ErrorCode::PriceTooPrecise,
                vec!["25.001", "25.000", "0.001", "1.0000000000000000000"],
            ),
            (
                ErrorCode::PriceMalformed,
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
        for (code, texts) in table {
            for text in texts {
                assert_eq!(
                    Price::parse(text, "EUR").unwrap_err().code,
                    code,
                    "{text:?}"
                );
            }
        }
        for currency in ["", "eur", "GBP", "USDT", "EUR ", "JPY"] {
            assert_eq!(
                Price::parse("1", currency).unwrap_err().code,
                ErrorCode::PriceCurrencyUnknown,
                "{currency:?}"
            );
        }
    }
}
