//! How much strangers may make the proxy do, by network, by product, by shop, and by checkout; and how much a merchant's server may.

use std::sync::Arc;
use std::time::Duration;

use super::allowance::Allowance;
use super::failed_choices::FailedChoices;
use super::shares::Shares;
use super::span::Span;
use super::throttle::Throttle;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::Limits;
use crate::input::client::Network;
use crate::refusal::{Limit, Refusal};

/// Wrong merchant keys one network may send in an hour before each further one is slowed down.
const WRONG_KEYS_PER_HOUR: u32 = 200;

/// What a merchant's server does, each kind counted by itself: a list that is asked for without end keeps nobody from selling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MerchantCall {
    /// Makes something for a buyer.
    Create,
    /// Changes something else.
    Write,
    /// Asks.
    Read,
}

/// The counters of one proxy.
pub(crate) struct Bounds {
    /// Whatever a stranger asks for.
    network_requests: Throttle<Network>,
    network_checkouts: [Allowance; 2],
    /// By product of a shop, divided among sites.
    product_checkouts: [Shares<(ShopId, String), Option<Network>>; 2],
    network_choices: Allowance,
    /// What the pages of a shop have its gateway make, divided among sites.
    invoices: [Shares<ShopId, Option<Network>>; 2],
    /// By key of a shop: one that has leaked leaves the others theirs.
    merchant_calls: Throttle<(ShopId, String, MerchantCall)>,
    /// Those whose network is not known share one count; a right key is never held up by it.
    wrong_keys: Throttle<Option<Network>>,
    failed_choices: FailedChoices,
}

impl Bounds {
    pub(crate) fn new(limits: &Limits, clock: &Arc<dyn Clock>) -> Self {
        let (hour, day) = (Span::HOUR, Span::DAY);
        Self {
            network_requests: Throttle::new(
                limits.network_requests_per_minute,
                Span::MINUTE,
                clock,
            ),
            network_checkouts: [
                Allowance::new(limits.network_checkouts_per_hour, hour, clock),
                Allowance::new(limits.network_checkouts_per_day, day, clock),
            ],
            product_checkouts: [
                Shares::new(limits.product_checkouts_per_hour, hour, clock),
                Shares::new(limits.product_checkouts_per_day, day, clock),
            ],
            network_choices: Allowance::new(limits.network_choices_per_hour, hour, clock),
            invoices: [
                Shares::new(limits.invoices_per_hour, hour, clock),
                Shares::new(limits.invoices_per_day, day, clock),
            ],
            merchant_calls: Throttle::new(limits.merchant_calls_per_minute, Span::MINUTE, clock),
            wrong_keys: Throttle::new(WRONG_KEYS_PER_HOUR, hour, clock),
            failed_choices: FailedChoices::new(clock),
        }
    }

    /// Anybody asks for anything. Those whose network is not known are bounded by what each thing costs alone: there may be all buyers among
    /// them.
    ///
    /// # Errors
    /// `rate_limited` when its network asks too often.
    pub(crate) fn new_request(&self, network: Option<Network>) -> Result<(), Refusal> {
        let Some(network) = network else {
            return Ok(());
        };
        self.network_requests.take(&network).map_err(|wait| {
            Refusal::too_often(
                "too many requests came from this network in a short time; try again later",
                wait,
            )
            .by(Limit::Requests)
        })
    }

    /// A merchant's server calls.
    ///
    /// # Errors
    /// `rate_limited` when this key of the shop has been shown too often.
    pub(crate) fn merchant_call(
        &self,
        shop: &ShopId,
        key: &str,
        call: MerchantCall,
    ) -> Result<(), Refusal> {
        let counted = (shop.clone(), key.to_owned(), call);
        let counted = self.merchant_calls.take(&counted);
        counted.map_err(|wait| {
            Refusal::too_often(
                "too many such calls came with this merchant key in a short time; try again later",
                wait,
            )
            .by(Limit::MerchantCalls)
        })
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
        self.new_order(network, shop)?;
        let (product, site) = (
            (shop.clone(), product.to_owned()),
            network.map(Network::site),
        );
        for bound in &self.product_checkouts {
            bound.take(&product, &site).map_err(|wait| {
                Refusal::too_often(
                    "too many checkouts of this product were made in a short time, and this network made more than others; \
                     try again later",
                    wait,
                )
                .by(Limit::ProductCheckouts)
            })?;
        }
        Ok(())
    }

    /// A page makes a checkout of an order that the shop's server has signed. How many there are in all is the merchant's business.
    ///
    /// # Errors
    /// `rate_limited` when its network has made too many.
    pub(crate) fn new_order(&self, network: Option<Network>, shop: &ShopId) -> Result<(), Refusal> {
        for bound in &self.network_checkouts {
            bound.take(shop, network).map_err(|wait| {
                Refusal::too_often(
                    "too many checkouts were made from this network in a short time; try again later",
                    wait,
                )
                .by(Limit::NetworkCheckouts)
            })?;
        }
        Ok(())
    }

    /// A page of a shop picks a currency.
    ///
    /// # Errors
    /// `rate_limited` when its network has done so too often.
    pub(crate) fn new_choice(
        &self,
        network: Option<Network>,
        shop: &ShopId,
    ) -> Result<(), Refusal> {
        self.network_choices.take(shop, network).map_err(|wait| {
            Refusal::too_often(
                "too many currencies were picked from this network in a short time; try again later",
                wait,
            ).by(Limit::NetworkChoices)
        })
    }

    /// The gateway is asked for an invoice of a checkout that a page made.
    ///
    /// # Errors
    /// `rate_limited` when pages have had too many made, and this network more than others.
    pub(crate) fn new_invoice(
        &self,
        network: Option<Network>,
        shop: &ShopId,
    ) -> Result<(), Refusal> {
        for bound in &self.invoices {
            bound.take(shop, &network.map(Network::site)).map_err(|wait| {
                Refusal::too_often(
                    "too many currencies were picked in this shop in a short time, and more from this network than from others; \
                     try again later",
                    wait,
                )
                .by(Limit::Invoices)
            })?;
        }
        Ok(())
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
        self.failed_choices.may_choose(checkout, currency)
    }

    /// Notes what came of asking the gateway.
    pub(crate) fn chosen(&self, checkout: CheckoutId, currency: &'static str, made: bool) {
        self.failed_choices.chosen(checkout, currency, made);
    }

    /// Forgets what was counted by the minute: whoever has a large network of IPv6 can have a new count for each connection.
    pub(crate) fn forget_minutes(&self) {
        self.network_requests.forget_full();
        self.merchant_calls.forget_full();
    }

    /// Forgets what no longer matters, so that the memory stays bounded.
    pub(crate) fn forget_old(&self) {
        for bound in &self.network_checkouts {
            bound.forget_full();
        }
        for bound in &self.product_checkouts {
            bound.forget_full();
        }
        self.network_choices.forget_full();
        for bound in &self.invoices {
            bound.forget_full();
        }
        self.wrong_keys.forget_full();
        self.failed_choices.forget_old();
    }
}
