//! Choices of a currency that the gateway has failed at, in a row: each further one waits longer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::checkouts::id::CheckoutId;
use crate::clock::Clock;
use crate::lock::lock;
use crate::refusal::{Limit, Refusal};

/// Failed choices of one currency before the next has to wait.
const FREE_FAILURES: u32 = 4;
/// The first wait after that; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);
/// How long failures are remembered.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// By checkout and currency.
pub(super) struct FailedChoices {
    all: Mutex<HashMap<(CheckoutId, &'static str), Failures>>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone, Copy)]
struct Failures {
    in_a_row: u32,
    last: Duration,
}

impl FailedChoices {
    pub(super) fn new(clock: &Arc<dyn Clock>) -> Self {
        Self {
            all: Mutex::default(),
            clock: Arc::clone(clock),
        }
    }

    /// Whether the gateway may be asked for an invoice again.
    ///
    /// # Errors
    /// `rate_limited` for a while after it has failed several times in a row for this checkout and currency.
    pub(super) fn may_choose(
        &self,
        checkout: CheckoutId,
        currency: &'static str,
    ) -> Result<(), Refusal> {
        let Some(failures) = lock(&self.all).get(&(checkout, currency)).copied() else {
            return Ok(());
        };
        let Some(doublings) = failures.in_a_row.checked_sub(FREE_FAILURES) else {
            return Ok(());
        };
        let wait = FIRST_WAIT
            .saturating_mul(1 << doublings.min(16))
            .min(LONGEST_WAIT);
        let passed = self.clock.monotonic().saturating_sub(failures.last);
        match wait.checked_sub(passed) {
            None | Some(Duration::ZERO) => Ok(()),
            Some(rest) => Err(Refusal::too_often(
                format!(
                    "the payment gateway has failed {} times in a row for this currency; try again later or pick another one",
                    failures.in_a_row
                ),
                rest,
            )
            .by(Limit::FailedChoices)),
        }
    }

    /// Notes what came of asking the gateway.
    pub(super) fn chosen(&self, checkout: CheckoutId, currency: &'static str, made: bool) {
        let mut all = lock(&self.all);
        if made {
            all.remove(&(checkout, currency));
            return;
        }
        let last = self.clock.monotonic();
        let failures = all
            .entry((checkout, currency))
            .or_insert(Failures { in_a_row: 0, last });
        failures.in_a_row = failures.in_a_row.saturating_add(1);
        failures.last = last;
    }

    /// Forgets what no longer matters.
    pub(super) fn forget_old(&self) {
        let now = self.clock.monotonic();
        lock(&self.all).retain(|_, failures| now.saturating_sub(failures.last) < REMEMBERED);
    }
}
