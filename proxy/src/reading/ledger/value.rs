//! What an amount of crypto was worth in the currency of a price.

use checkout::{Amount, Fiat, Rounding};

use crate::checkouts::price::Price;

/// Decimals of a rate that is worked out here. The gateway's own rates keep their digits.
const RATE_DECIMALS: u8 = 18;

/// A worth, and the rate it follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value {
    /// The fiat currency.
    pub(crate) currency: &'static str,
    /// What one unit of crypto costs in it. One that is worked out from a price is rounded down to 18 decimals.
    pub(crate) rate: Amount,
    /// The worth, rounded down to the decimals of the fiat currency.
    pub(crate) amount: Amount,
}

impl Value {
    /// What `received` is worth when `asked` costs the price. Exactly the price, where both are equal. `None` beyond all bounds.
    pub(crate) fn at_sale(price: &Price, asked: Amount, received: Amount) -> Option<Self> {
        let decimals = decimals(price.currency())?;
        let rate = price
            .amount()
            .checked_div(asked, RATE_DECIMALS, Rounding::Down)
            .ok()?;
        let scale = price.amount().scale() + received.scale();
        let product = price
            .amount()
            .checked_mul(received, scale.min(Amount::MAX_SCALE), Rounding::Down)
            .ok()?;
        let amount = product.checked_div(asked, decimals, Rounding::Down).ok()?;
        Some(Self {
            currency: price.currency(),
            rate: rate.normalized(),
            amount,
        })
    }

    /// What `amount` is worth at a rate of the gateway.
    pub(crate) fn at_rate(currency: &'static str, rate: Amount, amount: Amount) -> Option<Self> {
        let amount = amount.checked_mul(rate, decimals(currency)?, Rounding::Down);
        Some(Self {
            currency,
            rate,
            amount: amount.ok()?,
        })
    }

    /// A worth as it was stored; `None` for a currency that this program does not know.
    pub(crate) fn stored(currency: &str, rate: Amount, amount: Amount) -> Option<Self> {
        Fiat::find(currency).map(|fiat| Self {
            currency: fiat.code,
            rate,
            amount,
        })
    }
}

fn decimals(currency: &str) -> Option<u8> {
    Fiat::find(currency).map(|fiat| fiat.decimals)
}

#[cfg(test)]
mod tests {
    use super::Value;
    use crate::checkouts::price::Price;
    use crate::checkouts::tests::amount;

    #[test]
    fn what_was_asked_is_worth_its_price_and_parts_of_it_their_part() {
        let price = Price::parse("25.00", "EUR").unwrap();
        for (asked, received, rate, worth) in [
            ("28.7742", "28.7742", "0.868833885911684773", "25.00"),
            ("10", "5", "2.5", "12.50"),
            ("3", "1", "8.333333333333333333", "8.33"),
            (
                "0.00041",
                "0.000410000000000000",
                "60975.609756097560975609",
                "25.00",
            ),
            ("10", "0", "2.5", "0.00"),
        ] {
            let value = Value::at_sale(&price, amount(asked), amount(received)).unwrap();
            assert_eq!(value.rate.to_string(), rate, "{asked}");
            assert_eq!(value.amount.to_string(), worth, "{received} of {asked}");
            assert_eq!(value.currency, "EUR");
        }
        assert_eq!(Value::at_sale(&price, amount("0"), amount("1")), None);
        let most = amount("340282366920938463463374607431768211455");
        assert_eq!(Value::at_sale(&price, amount("1"), most), None);
    }

    #[test]
    fn a_rate_of_the_gateway_keeps_its_digits() {
        let value = Value::at_rate("EUR", amount("0.8690"), amount("28.486458")).unwrap();
        assert_eq!(value.rate.to_string(), "0.8690");
        assert_eq!(value.amount.to_string(), "24.75");
        assert_eq!(Value::at_rate("XXX", amount("1"), amount("1")), None);
    }
}
