//! Whether an amount of crypto is about what a price in fiat comes to.

use checkout::{Amount, Currency, Rounding};

/// How far an amount of a coin may be from the latest rate, in percent: it moves while the gateway's answer is on its way, and a
/// gateway may take its rates from another exchange.
const COIN_PERCENT: u8 = 10;
/// How far an amount of a stablecoin may be from the latest rate, in percent: it follows a currency.
const STABLECOIN_PERCENT: u8 = 5;

/// Decimals in which values are compared: more than any fiat price and rate together make a difference in.
const SCALE: u8 = 18;

/// What the latest rate says about an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Nobody has asked, because nothing depends on it.
    Unasked,
    Fits,
    /// The rate makes it `expected`, and it is further away than the currency's `percent`.
    Off {
        expected: Amount,
        percent: u8,
    },
    /// There is no rate that is fresh enough.
    NoRate,
}

/// How far an amount in this currency may be from the rate, in percent.
pub(crate) fn percent(currency: &Currency) -> u8 {
    if currency.asset.is_stable() {
        STABLECOIN_PERCENT
    } else {
        COIN_PERCENT
    }
}

/// Compares `amount` with what `price` comes to when one unit of `currency` costs `rate`.
pub(crate) fn fit(price: Amount, rate: Amount, currency: &Currency, amount: Amount) -> Fit {
    let percent = percent(currency);
    if is_within(price, rate, currency, amount, percent).unwrap_or(false) {
        return Fit::Fits;
    }
    Fit::Off {
        expected: price
            .checked_div(rate, currency.scale, Rounding::Up)
            .unwrap_or(Amount::ZERO)
            .normalized(),
        percent,
    }
}

/// `None` when the numbers are beyond all bounds.
fn is_within(
    price: Amount,
    rate: Amount,
    currency: &Currency,
    amount: Amount,
    percent: u8,
) -> Option<bool> {
    let times = |amount: Amount, factor: u8, rounding| {
        let factor = Amount::from_units(u128::from(factor), 2).ok()?;
        amount.checked_mul(factor, SCALE, rounding).ok()
    };
    let least = times(price, 100 - percent, Rounding::Down)?;
    let most = times(price, 100 + percent, Rounding::Up)?;
    // An amount is rounded up to the currency's last digit, which for small prices is more than the band.
    let digit = Amount::from_units(1, currency.scale).ok()?;
    let unrounded = amount.checked_sub(digit).unwrap_or(Amount::ZERO);
    let at_most = amount.checked_mul(rate, SCALE, Rounding::Up).ok()?;
    let at_least = unrounded.checked_mul(rate, SCALE, Rounding::Down).ok()?;
    Some(at_most >= least && at_least <= most)
}

/// Whether `received` pays for `amount`: at least 995 thousandths of it (gateway reference §7.2). What cannot be compared does not.
pub(crate) fn is_enough(received: Amount, amount: Amount) -> bool {
    let times = |amount: Amount, factor: u128| {
        let factor = Amount::from_units(factor, 0).ok()?;
        amount
            .checked_mul(factor, amount.scale(), Rounding::Down)
            .ok()
    };
    match (times(received, 1000), times(amount, 995)) {
        (Some(received), Some(least)) => received >= least,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use checkout::{Amount, Currency};

    use super::{Fit, fit, is_enough};

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn an_amount_within_the_band_fits_and_one_beyond_it_does_not() {
        for (code, price, rate, given, fits) in [
            ("USDT_TRX", "25.00", "1", "25", true),
            ("USDT_TRX", "25.00", "1", "23.75", true),
            ("USDT_TRX", "25.00", "1", "23.749999", false),
            ("USDT_TRX", "25.00", "1", "26.25", true),
            ("USDT_TRX", "25.00", "1", "26.250002", false),
            ("BTC", "25.00", "100000", "0.00025", true),
            ("BTC", "25.00", "100000", "0.000225", true),
            ("BTC", "25.00", "100000", "0.00022499", false),
            ("BTC", "25.00", "100000", "0.00027501", true),
            ("BTC", "25.00", "100000", "0.00027502", false),
            ("ETH", "25.00", "2500", "0.01", true),
            ("ETH", "25.00", "2500", "0.0089", false),
            ("ETH", "25.00", "2500", "0.012", false),
            // One cent is the last digit.
            ("BTC", "0.01", "990099", "0.00000002", true),
            ("BTC", "0.01", "990099", "0.00000003", false),
            ("BTC", "25.00", "100000", "99999999999", false),
            ("BTC", "25.00", "100000", "0.000001", false),
            (
                "USDT",
                "25.00",
                "340282366920938463463374607431768211455",
                "340282366920938463463374607431768211455",
                false,
            ),
        ] {
            let currency = Currency::find(code).unwrap();
            let got = fit(amount(price), amount(rate), currency, amount(given));
            assert_eq!(got == Fit::Fits, fits, "{given} {code} at {rate}: {got:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_with_what_would() {
        let bitcoin = Currency::find("BTC").unwrap();
        assert_eq!(
            fit(amount("25"), amount("100000"), bitcoin, amount("1")),
            Fit::Off {
                expected: amount("0.00025"),
                percent: 10
            }
        );
        let tether = Currency::find("USDT_BSC").unwrap();
        assert_eq!(
            fit(amount("25"), amount("0.8"), tether, amount("40")),
            Fit::Off {
                expected: amount("31.25"),
                percent: 5
            }
        );
    }

    #[test]
    fn enough_is_995_thousandths_exactly() {
        for (received, asked, enough) in [
            ("10.5", "10.5", true),
            ("0.995", "1", true),
            ("0.994999", "1", false),
            ("10.18283", "10.234", true),
            ("10.182829999", "10.234", false),
            ("0", "10", false),
            ("11", "10", true),
            ("340282366920938463463374607431768211455", "10", false),
        ] {
            assert_eq!(
                is_enough(amount(received), amount(asked)),
                enough,
                "{received} of {asked}"
            );
        }
    }
}
