//! How much strangers may make the proxy do: by network, by product, by checkout, and in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::Limits;
use crate::input::client::Network;
use crate::limits::allowance::Allowance;
use crate::limits::shares::Shares;
use crate::limits::throttle::Throttle;
use crate::lock::lock;
use crate::refusal::Refusal;

/// Wrong merchant keys one network may send in an hour before each further one is slowed down.
const WRONG_KEYS_PER_HOUR: u32 = 200;
/// Failed choices of one currency before the next has to wait.
const FREE_FAILURES: u32 = 4;
/// The first wait after that; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);
/// How long failures are remembered.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// The counters of one proxy.
pub(crate) struct Bounds {
    network_checkouts: Allowance,
    /// By product of a shop, divided among sites.
    product_checkouts: Shares<(ShopId, String), Option<Network>>,
    network_choices: Allowance,
    /// What pages have the gateway make, all together, divided among sites.
    invoices: Shares<(), Option<Network>>,
    /// Those whose network is not known share one count; a right key is never held up by it.
    wrong_keys: Throttle<Option<Network>>,
    failures: Mutex<HashMap<(CheckoutId, &'static str), Failures>>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone, Copy)]
struct Failures {
    in_a_row: u32,
    last: Duration,
}

impl Bounds {
    pub(crate) fn new(limits: &Limits, clock: &Arc<dyn Clock>) -> Self {
        Self {
            network_checkouts: Allowance::per_hour(limits.network_checkouts_per_hour, clock),
            product_checkouts: Shares::per_hour(limits.product_checkouts_per_hour, clock),
            network_choices: Allowance::per_hour(limits.network_choices_per_hour, clock),
            invoices: Shares::per_hour(limits.invoices_per_hour, clock),
            wrong_keys: Throttle::per_hour(WRONG_KEYS_PER_HOUR, clock),
            failures: Mutex::default(),
            clock: Arc::clone(clock),
        }
    }

    /// A page makes a checkout.
    ///
    /// # Errors
    /// `rate_limited` when its network has made too many, or when all pages together have, and its network more than others.
    pub(crate) fn new_checkout(
        &self,
        network: Option<Network>,
        shop: &ShopId,
        product: &str,
    ) -> Result<(), Refusal> {
        self.network_checkouts.take(network).map_err(|wait| {
            Refusal::too_often(
                "too many checkouts were made from this network in a short time; try again later",
                wait,
            )
        })?;
        self.product_checkouts
            .take(
                &(shop.clone(), product.to_owned()),
                &network.map(Network::site))
            .map_err(|wait| {
                Refusal::too_often(
                    "too many checkouts of this product were made in a short time, and this network made more than others; \
                     try again later",
                    wait,
                )
            })
    }

    /// A page picks a currency.
    ///
    /// # Errors
    /// `rate_limited` when its network has done so too often.
    pub(crate) fn new_choice(&self, network: Option<Network>) -> Result<(), Refusal> {
        self.network_choices.take(network).map_err(|wait| {
            Refusal::too_often(
                "too many currencies were picked from this network in a short time; try again later",
                wait,
            )
        })
    }

    /// The gateway is asked for an invoice of a checkout that a page made.
    ///
    /// # Errors
    /// `rate_limited` when pages have had too many made, and this network more than others.
    pub(crate) fn new_invoice(&self, network: Option<Network>) -> Result<(), Refusal> {
        self.invoices
            .take(&(), &network.map(Network::site))
            .map_err(|wait| {
                Refusal::too_often(
                    "too many currencies were picked in this shop in a short time, and more from this network than from others; \
                     try again later",
                    wait,
                )
            })
    }

    /// A wrong merchant key came. `Err` says after how long the next may come.
    pub(crate) fn wrong_key(&self, network: Option<Network>) -> Result<(), Duration> {
        self.wrong_keys.take(&network)
    }

    /// Whether the gateway may be asked for an invoice again.
    ///
    /// # Errors
    /// `rate_limited` for a while after it has failed several times in a row for this checkout and currency.
    pub(crate) fn may_choose(
        &self,
        checkout: CheckoutId,
        currency: &'static str,
    ) -> Result<(), Refusal> {
        let Some(failures) = lock(&self.failures).get(&(checkout, currency)).copied() else {
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
            )),
        }
    }

    /// Notes what came of asking the gateway.
    pub(crate) fn chosen(&self, checkout: CheckoutId, currency: &'static str, made: bool) {
        let mut all = lock(&self.failures);
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

    /// Forgets what no longer matters, so that the memory stays bounded.
    pub(crate) fn forget_old(&self) {
        self.network_checkouts.forget_full();
        self.product_checkouts.forget_full();
        self.network_choices.forget_full();
        self.invoices.forget_full();
        self.wrong_keys.forget_full();
        let now = self.clock.monotonic();
        lock(&self.failures).retain(|_, failures| now.saturating_sub(failures.last) < REMEMBERED);
    }
}
