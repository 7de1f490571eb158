//! What one coin costs: the price over the amount that is asked for it, exact to the digits that are shown.

use checkout::{Amount, Rounding, Timestamp};

/// How long an amount holds before it is calculated anew, in milliseconds (gateway reference §7.1: every 15 minutes).
pub const PRICE_LIFE_MS: i64 = 15 * 60 * 1_000;
/// A rate has at least this many decimals, as prices have.
const LEAST_DECIMALS: u8 = 2;
/// A rate has at least this many digits that matter, so that a cheap coin's is no zero.
const LEAST_UNITS: u128 = 1_000;

/// The price of one coin when `coins` of it cost `price`: rounded half up to two decimals, or to four digits that matter where
/// that is finer; zeros beyond two decimals are left out. `None` without coins, without a price, and for a rate that
/// needs more digits than an amount has.
#[must_use]
pub fn rate(price: Amount, coins: Amount) -> Option<Amount> {
    if price.is_zero() {
        return None;
    }
    let mut scale = LEAST_DECIMALS;
    let mut rate = rounded_half_up(price, coins, scale)?;
    while rate.units() < LEAST_UNITS {
        scale = scale.checked_add(1)?;
        rate = rounded_half_up(price, coins, scale)?;
    }
    let short = rate.normalized();
    if short.scale() < LEAST_DECIMALS {
        return short.rounded(LEAST_DECIMALS, Rounding::Down).ok();
    }
    Some(short)
}

/// When the amount that holds until `reprice_at` was calculated, as far as that is known at `latest`.
#[must_use]
pub fn priced_at(reprice_at: Timestamp, latest: Timestamp) -> Timestamp {
    reprice_at.plus_millis(-PRICE_LIFE_MS).min(latest)
}

/// One more digit than asked for decides: five and above go up. Cut off below that digit, nothing else can change it.
fn rounded_half_up(price: Amount, coins: Amount, scale: u8) -> Option<Amount> {
    let finer = price
        .checked_div(coins, scale.checked_add(1)?, Rounding::Down)
        .ok()?;
    Amount::from_units(finer.units().checked_add(5)? / 10, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::{PRICE_LIFE_MS, priced_at, rate};
    use checkout::{Amount, Timestamp};
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect("an amount of the test")
    }

    #[test]
    fn one_coin_in_the_currency_of_the_price() {
        for (price, coins, shown) in [
            ("25.00", "28.735632", "0.87"),
            ("25.00", "27.314", "0.9153"),
            ("500.00", "0.00620001", "80645.03"),
            ("4999.99", "40555.57567342", "0.1233"),
            ("1.00", "3", "0.3333"),
            ("2.00", "3", "0.6667"),
            ("1.00", "1", "1.00"),
            ("0.01", "845897.38890867", "0.00000001182"),
            ("99999999.99", "0.00000001", "9999999999000000.00"),
            ("0.10", "8", "0.0125"),
            // Exactly half, above and below.
            ("1000.005", "1", "1000.01"),
            ("1000.0049999999", "1", "1000.00"),
        ] {
            let told = rate(amount(price), amount(coins)).map(|rate| rate.to_string());
            assert_eq!(told.as_deref(), Some(shown), "{price} over {coins}");
        }
    }

    #[test]
    fn without_coins_or_a_price_there_is_no_rate() {
        assert_eq!(rate(amount("25"), Amount::ZERO), None);
        assert_eq!(rate(Amount::ZERO, amount("25")), None);
        let least = Amount::from_units(1, 36).expect("in range");
        let most = Amount::from_units(u128::MAX, 0).expect("in range");
        assert_eq!(rate(least, most), None, "finer than any amount");
        assert_eq!(rate(most, least), None, "larger than any amount");
    }

    #[test]
    fn a_rate_is_as_old_as_its_amount_and_never_from_the_future() {
        let latest = Timestamp::from_millis(1_795_000_000_000);
        let soon = latest.plus_millis(60_000);
        assert_eq!(priced_at(soon, latest), soon.plus_millis(-PRICE_LIFE_MS));
        let odd = latest.plus_millis(PRICE_LIFE_MS * 2);
        assert_eq!(priced_at(odd, latest), latest);
    }

    proptest! {
        /// Never further from the exact rate than half of the last digit shown.
        #[test]
        fn the_rate_is_the_nearest_of_its_digits(price in 1u64..1_000_000_000, coins in 1u64.., scale in 0u8..=18) {
            let price = Amount::from_units(u128::from(price), 2).expect("in range");
            let coins = Amount::from_units(u128::from(coins), scale).expect("in range");
            let shown = rate(price, coins).expect("in range");
            prop_assert!(!shown.is_zero());
            // 2·|shown·coins − price| ≤ coins·10^-digits, in whole units and only where 128 bits hold them.
            let digits = shown.scale().max(2);
            let unit = |amount: Amount, scale: u8| amount.units_at(scale).ok();
            let (Some(rate), Some(of)) = (unit(shown, digits), unit(price, digits + scale)) else { return Ok(()) };
            let Some(back) = rate.checked_mul(coins.units()) else { return Ok(()) };
            prop_assert!(back.abs_diff(of).checked_mul(2).is_none_or(|twice| twice <= coins.units()), "{}", shown);
        }
    }
}
