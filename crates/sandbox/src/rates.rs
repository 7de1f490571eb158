//! Exchange rates: a table that moves with virtual time, and the rates somebody has fixed.

use std::collections::BTreeMap;

use checkout::{Amount, Currency, Rounding, Timestamp};
use serde::{Deserialize, Serialize};

use crate::seed::{Seed, interval};
use crate::stored;

/// Decimals of a quoted rate.
const QUOTE_SCALE: u8 = 10;

/// Decimals of the dollar prices that quotes are made from.
const PRICE_SCALE: u8 = 16;

const MINUTE_MILLIS: i64 = 60_000;
const QUARTER_MILLIS: i64 = 15 * MINUTE_MILLIS;

/// What one unit costs in US dollars before the market moves: units at scale 4. What is not listed costs a [`DOLLAR`], as most
/// stablecoins do.
const PRICES: &[(&str, u128)] = &[
    ("EUR", 11_500),
    ("ARS", 7),
    ("BTC", 864_000_000),
    ("LTC", 842_000),
    ("XDG", 1_420),
    ("ETH", 28_400_000),
    ("TRX", 2_750),
    ("BNB", 8_420_000),
    ("MATIC", 1_370),
    ("POL", 1_370),
    ("TON", 15_600),
    ("FRAX", 9_970),
];
const DOLLAR: u128 = 10_000;

/// How far a price swings, from lowest to highest, in millionths.
const SWING_COIN: u64 = 20_000;
const SWING_STABLE: u64 = 2_000;

/// The rates of one sandbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rates {
    seed: Seed,
    #[serde(with = "stored::rates")]
    fixed: BTreeMap<(String, String), Amount>,
}

/// Why a rate cannot be fixed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum RateRefusal {
    /// A currency the sandbox does not know.
    #[error(
        "expected a currency of the sandbox, got {0:?}; known are the crypto currencies and USD, EUR, ARS"
    )]
    UnknownCurrency(String),
    /// Both sides are the same currency.
    #[error("expected two different currencies, got {0} twice")]
    SameCurrency(String),
    /// Nothing can be bought at a price of zero.
    #[error("expected a rate above zero")]
    Zero,
    /// The rate has more digits than calculations can carry.
    #[error("expected a rate below 10^12 with at most {QUOTE_SCALE} decimals, got {0}")]
    OutOfRange(Amount),
}

impl Rates {
    pub(crate) fn new(seed: Seed) -> Self {
        Self {
            seed,
            fixed: BTreeMap::new(),
        }
    }

    /// Fixes the price of one unit of `from` in `to`. It holds from the next creation or repricing on.
    pub(crate) fn fix(&mut self, from: &str, to: &str, rate: Amount) -> Result<(), RateRefusal> {
        for code in [from, to] {
            if !is_known(code) {
                return Err(RateRefusal::UnknownCurrency(code.to_owned()));
            }
        }
        if from == to {
            return Err(RateRefusal::SameCurrency(from.to_owned()));
        }
        if rate.is_zero() {
            return Err(RateRefusal::Zero);
        }
        let limit = Amount::from_units(1_000_000_000_000, 0).expect("10^12 is an amount");
        if rate.normalized().scale() > QUOTE_SCALE || rate >= limit {
            return Err(RateRefusal::OutOfRange(rate));
        }
        self.fixed.remove(&(to.to_owned(), from.to_owned()));
        self.fixed
            .insert((from.to_owned(), to.to_owned()), rate.normalized());
        Ok(())
    }

    /// Lets every rate move again.
    pub(crate) fn free(&mut self) {
        self.fixed.clear();
    }

    /// Every fixed rate: from, to, price of one unit of the first in the second.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = (&str, &str, Amount)> {
        self.fixed
            .iter()
            .map(|((from, to), rate)| (from.as_str(), to.as_str(), *rate))
    }

    /// The price of one unit of `from` in `to`; none if the sandbox does not know one of them. Never zero.
    pub(crate) fn quote(&self, from: &str, to: &str, now: Timestamp) -> Option<Amount> {
        let one = Amount::from_units(1, 0).expect("one is an amount");
        if !is_known(from) || !is_known(to) {
            return None;
        }
        if from == to {
            return Some(one);
        }
        if let Some(rate) = self.fixed.get(&(from.to_owned(), to.to_owned())) {
            return Some(*rate);
        }
        let quote = if let Some(rate) = self.fixed.get(&(to.to_owned(), from.to_owned())) {
            one.checked_div(*rate, PRICE_SCALE, Rounding::Up)
        } else {
            let (price, unit) = (self.price(from, now)?, self.price(to, now)?);
            price.checked_div(unit, QUOTE_SCALE, Rounding::Up)
        };
        Some(
            quote
                .expect("prices lie between 10^-16 and 10^15")
                .normalized(),
        )
    }

    /// What has to be paid in `currency` for a price in fiat, rounded up to the currency's scale.
    pub(crate) fn amount_for(
        &self,
        price: Amount,
        fiat: &str,
        currency: &Currency,
        now: Timestamp,
    ) -> Option<Amount> {
        let rate = self.quote(currency.code, fiat, now)?;
        let amount = price.checked_div(rate, currency.scale, Rounding::Up).ok()?;
        Some(amount.normalized())
    }

    /// Dollars for one unit.
    fn price(&self, code: &str, now: Timestamp) -> Option<Amount> {
        if let Some(rate) = self.fixed.get(&(code.to_owned(), "USD".to_owned())) {
            return Some(*rate);
        }
        let asset = asset(code);
        let mut listed = PRICES.iter().filter(|(known, _)| *known == asset);
        let units = listed.next().map_or(DOLLAR, |(_, units)| *units);
        let swing = match Currency::find(code) {
            None => 0,
            Some(currency) if currency.asset.is_stable() => SWING_STABLE,
            Some(_) => SWING_COIN,
        };
        let parts = u128::from(1_000_000 - swing / 2 + self.drift(asset, now, swing));
        Amount::from_units(units * parts, 10).ok()
    }

    /// Where in its swing a price is: 0 to `swing` millionths.
    ///
    /// Steps of the golden ratio never come back near where they were one to a few steps earlier: from one quarter
    /// of an hour to the next the place changes by at least 0.38 of the swing, over a whole hour by at least 0.47.
    /// So every repricing changes the amount. A tenth of that comes from the minute and cannot undo it.
    fn drift(&self, asset: &str, now: Timestamp, swing: u64) -> u64 {
        const GOLDEN: u64 = 618_034;
        let place = |label: &str, length| {
            let start = self.seed.below(&format!("{label} {asset}"), 0, 1_000_000);
            let step = u64::try_from(interval(now, length).rem_euclid(1_000_000))
                .expect("a remainder is not negative");
            (start + step * GOLDEN) % 1_000_000
        };
        swing * (9 * place("quarter", QUARTER_MILLIS) + place("minute", MINUTE_MILLIS)) / 10_000_000
    }
}

/// The asset a code names: the same coin on another network has the same price.
fn asset(code: &str) -> &str {
    match code.split_once('_') {
        Some((asset, _)) => asset,
        None => code,
    }
}

/// Whether the sandbox has a price for it: the currencies of the table, and three fiat currencies.
pub(crate) fn is_known(code: &str) -> bool {
    is_fiat(code) || Currency::find(code).is_some()
}

/// Whether it is one of the three fiat currencies with a price. Invoices can be priced in fewer.
pub(crate) fn is_fiat(code: &str) -> bool {
    matches!(code, "USD" | "EUR" | "ARS")
}
