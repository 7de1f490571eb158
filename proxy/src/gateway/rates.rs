//! Exchange rates for estimates: one gateway call a minute, shared by all; no rate is better than an old one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::{Amount, Currency, Rounding};

use crate::checkouts::price::Price;
use crate::checkouts::quote::{self, Fit};
use crate::clock::Clock;
use crate::gateway::Gateway;
use crate::lock::lock;
use crate::single_flight::SingleFlight;

/// The oldest rates that are still shown while newer ones are on their way.
const OLDEST: Duration = Duration::from_secs(10 * 60);
/// How long to leave the gateway alone after it gave no rates.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// How long a buyer's answer waits for the very first rates.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long a comparison waits for rates. The asking goes on after it.
const PATIENCE_TO_COMPARE: Duration = Duration::from_secs(5);
/// How often rates are asked for before an amount is called wrong: an answer that was on its way may be older than the amount.
const ASKED_TO_COMPARE: u32 = 2;
/// Digits that matter in an estimate.
const DIGITS: u32 = 4;

/// The latest rates, one set per fiat currency.
pub(crate) struct Rates {
    gateway: Arc<Gateway>,
    clock: Arc<dyn Clock>,
    pace: Duration,
    sets: Arc<Mutex<HashMap<&'static str, Set>>>,
    asking: SingleFlight<&'static str, ()>,
}

/// Rates of one fiat currency.
#[derive(Default, Clone)]
struct Set {
    /// Every currency somebody wanted an estimate in.
    wanted: BTreeSet<&'static str>,
    /// What one unit of each costs.
    rates: HashMap<String, Amount>,
    /// When these rates came.
    came: Option<Duration>,
    /// How many answers there were.
    answers: u64,
    /// When they were last asked for, and which were.
    asked: Option<(Duration, BTreeSet<&'static str>)>,
    /// Whether that question is still on its way. Whoever has nothing to show waits for its answer with everybody else.
    is_asking: bool,
}

/// Which rates there were. Estimates that were made from one edition are those of any equal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edition {
    answers: u64,
    is_usable: bool,
    is_due: bool,
}

impl Edition {
    /// Whether nobody would wait for newer ones.
    pub(crate) fn needs_no_waiting(self) -> bool {
        self.is_usable || !self.is_due
    }
}

impl Rates {
    pub(crate) fn new(gateway: Arc<Gateway>, clock: Arc<dyn Clock>, pace: Duration) -> Self {
        Self {
            gateway,
            clock,
            pace,
            sets: Arc::default(),
            asking: SingleFlight::new(),
        }
    }

    /// About how much of each currency the price is; `None` where no fresh rate is known.
    pub(crate) async fn estimates(
        &self,
        price: &Price,
        currencies: &[&'static Currency],
    ) -> Vec<Option<Amount>> {
        let fiat = price.currency();
        let (due, usable) = {
            let mut sets = lock(&self.sets);
            let set = sets.entry(fiat).or_default();
            set.wanted
                .extend(currencies.iter().map(|currency| currency.code));
            (
                set.is_due(self.clock.monotonic(), self.pace),
                set.is_usable(self.clock.monotonic()),
            )
        };
        if due {
            // The asking goes on by itself; this answer waits only if there is nothing to show at all.
            let patience = if usable { Duration::ZERO } else { PATIENCE };
            self.ask(fiat, patience).await;
        }
        let set = lock(&self.sets).get(fiat).cloned().unwrap_or_default();
        let usable = set.is_usable(self.clock.monotonic());
        let estimate_of = |currency: &&'static Currency| {
            let rate = set.rates.get(currency.code).filter(|_| usable)?;
            estimate(price.amount(), *rate, currency.scale)
        };
        currencies.iter().map(estimate_of).collect()
    }

    /// Which rates there are for a price, for currencies that were asked for before. Newer ones are asked for where they are due; nobody
    /// waits for them here.
    pub(crate) async fn edition(&self, price: &Price) -> Edition {
        let fiat = price.currency();
        let edition = {
            let (sets, now) = (lock(&self.sets), self.clock.monotonic());
            let set = sets.get(fiat);
            Edition {
                answers: set.map_or(0, |set| set.answers),
                is_usable: set.is_some_and(|set| set.is_usable(now)),
                is_due: set.is_none_or(|set| set.is_due(now, self.pace)),
            }
        };
        if edition.is_due && edition.is_usable {
            self.ask(fiat, Duration::ZERO).await;
        }
        // Of those that are used it does not matter whether newer ones are on their way.
        Edition {
            is_due: edition.is_due && !edition.is_usable,
            ..edition
        }
    }

    /// Whether an amount of a currency is about what the price comes to. Rates within their pace are enough to say that it is; before
    /// it is called wrong, newer ones are asked for. When none come, the last ones count for ten minutes, and only in favour.
    pub(crate) async fn fit(
        &self,
        price: &Price,
        currency: &'static Currency,
        amount: Amount,
    ) -> Fit {
        let fiat = price.currency();
        let fit_of = |rate| quote::fit(price.amount(), rate, currency, amount);
        let (known, recent) = {
            let mut sets = lock(&self.sets);
            let set = sets.entry(fiat).or_default();
            set.wanted.insert(currency.code);
            let now = self.clock.monotonic();
            let known = set
                .rate(currency)
                .filter(|_| set.is_usable(now))
                .map(fit_of);
            (known, set.age(now).is_some_and(|age| age < self.pace))
        };
        if recent && known == Some(Fit::Fits) {
            return Fit::Fits;
        }
        let mut latest = None;
        for _ in 0..ASKED_TO_COMPARE {
            let asked_after = lock(&self.sets).get(fiat).map_or(0, |set| set.answers);
            self.ask(fiat, PATIENCE_TO_COMPARE).await;
            let set = lock(&self.sets).get(fiat).cloned().unwrap_or_default();
            if set.answers > asked_after {
                latest = set.rate(currency).map(fit_of);
            }
            if latest == Some(Fit::Fits) {
                return Fit::Fits;
            }
        }
        match latest {
            Some(fit) => fit,
            None if known == Some(Fit::Fits) => Fit::Fits,
            None => Fit::NoRate,
        }
    }

    /// What one unit of a currency costs now. Rates within their pace will do; where there are none, they are asked for, and waited for
    /// shortly.
    pub(crate) async fn latest(
        &self,
        price: &Price,
        currency: &'static Currency,
    ) -> Option<Amount> {
        let fiat = price.currency();
        let recent = || {
            let mut sets = lock(&self.sets);
            let set = sets.entry(fiat).or_default();
            set.wanted.insert(currency.code);
            let age = set.age(self.clock.monotonic());
            let is_recent = age.is_some_and(|age| age < self.pace);
            set.rate(currency).filter(|_| is_recent)
        };
        if let Some(rate) = recent() {
            return Some(rate);
        }
        self.ask(fiat, PATIENCE).await;
        recent()
    }

    /// Asks for the rates of everything that was wanted in a fiat currency, together with whoever asks already.
    async fn ask(&self, fiat: &'static str, patience: Duration) {
        let ask = self.asking.run(fiat, || {
            ask(
                Arc::clone(&self.gateway),
                Arc::clone(&self.clock),
                Arc::clone(&self.sets),
                fiat,
            )
        });
        drop(tokio::time::timeout(patience, ask).await);
    }
}

impl Set {
    fn is_due(&self, now: Duration, pace: Duration) -> bool {
        let Some((asked_at, asked_for)) = &self.asked else {
            return true;
        };
        let age = now.saturating_sub(*asked_at);
        let answered = self.came.is_some_and(|came| came >= *asked_at);
        if !answered {
            return self.is_asking || age >= AFTER_FAILURE;
        }
        age >= pace || !self.wanted.is_subset(asked_for)
    }

    fn age(&self, now: Duration) -> Option<Duration> {
        self.came.map(|came| now.saturating_sub(came))
    }

    fn is_usable(&self, now: Duration) -> bool {
        self.age(now).is_some_and(|age| age < OLDEST)
    }

    fn rate(&self, currency: &Currency) -> Option<Amount> {
        self.rates.get(currency.code).copied()
    }
}

async fn ask(
    gateway: Arc<Gateway>,
    clock: Arc<dyn Clock>,
    sets: Arc<Mutex<HashMap<&'static str, Set>>>,
    fiat: &'static str,
) {
    let wanted = {
        let mut sets = lock(&sets);
        let set = sets.entry(fiat).or_default();
        set.asked = Some((clock.monotonic(), set.wanted.clone()));
        set.is_asking = true;
        set.wanted.clone()
    };
    let codes: Vec<&str> = wanted.iter().copied().collect();
    let answer = gateway.rates(&codes, fiat).await;
    let mut sets = lock(&sets);
    let set = sets.entry(fiat).or_default();
    set.is_asking = false;
    match answer {
        Ok(answer) => {
            let rates = answer
                .into_iter()
                .filter(|rate| rate.to == fiat && !rate.rate.is_zero())
                .map(|rate| (rate.from, rate.rate));
            set.rates = rates.collect();
            set.came = Some(clock.monotonic());
            set.answers += 1;
        }
        Err(error) => {
            tracing::warn!(fiat, cause = %error, "the gateway gave no rates; estimates are left out");
        }
    }
}

/// `price / rate`, rounded up to four digits that matter, whole units and the currency's scale allowing. `None` when it is beyond
/// all bounds.
fn estimate(price: Amount, rate: Amount, scale: u8) -> Option<Amount> {
    let exact = price.checked_div(rate, scale, Rounding::Up).ok()?;
    let digits = exact.units().checked_ilog10()? + 1;
    // How many of its digits stand after the point and matter.
    let surplus = u8::try_from(digits.saturating_sub(DIGITS)).ok()?;
    let rounded = price
        .checked_div(rate, scale.saturating_sub(surplus), Rounding::Up)
        .ok()?;
    Some(rounded.normalized())
}

#[cfg(test)]
mod tests {
    use checkout::Amount;

    use super::estimate;

    #[test]
    fn estimates_round_up_and_stay_short() {
        let amount = |text: &str| Amount::parse(text).unwrap();
        for (price, rate, scale, expected) in [
            ("25.00", "0.9153", 6, Some("27.32")),
            ("25.00", "61000.5", 8, Some("0.0004099")),
            ("25.00", "1", 6, Some("25")),
            ("0.01", "61000.5", 8, Some("0.00000017")),
            ("999999999999.99", "0.0713", 8, Some("14025245441796")),
            ("25.00", "0.00001", 8, Some("2500000")),
            (
                "1",
                "340282366920938463463374607431768211455",
                8,
                Some("0.00000001"),
            ),
        ] {
            let got = estimate(amount(price), amount(rate), scale).map(|amount| amount.to_string());
            assert_eq!(got.as_deref(), expected, "{price} / {rate}");
        }
    }

    #[test]
    fn an_estimate_is_never_below_the_price() {
        let price = Amount::parse("25.00").unwrap();
        for units in 1..2000_u128 {
            let rate = Amount::from_units(units * 7919, 6).unwrap();
            let estimate = estimate(price, rate, 8).unwrap();
            let back = estimate
                .checked_mul(rate, 18, checkout::Rounding::Down)
                .unwrap();
            assert!(back >= price, "{estimate} at {rate} is {back}");
        }
    }
}
