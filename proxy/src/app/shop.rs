//! One of the shops that the proxy serves, with its own connection to its gateway account.

use std::sync::Arc;
use std::time::Duration;

use super::ordering::token::Verifier;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::config::ShopConfig;
use crate::gateway::Gateway;
use crate::gateway::rates::Rates;
use crate::gateway::source::Source;
use crate::limits::budget::Budget;

/// What every act of a shop's checkouts works with. Nothing of it is shared with another shop.
pub(crate) struct Shop {
    pub(crate) config: ShopConfig,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) rates: Rates,
    /// The readings of its gateway account, which other shops may share.
    pub(crate) budget: Arc<Budget>,
    /// What orders that pages show may be signed with.
    pub(super) order_tokens: Verifier,
}

impl Shop {
    /// Sets the connection up; nothing is called yet.
    ///
    /// # Errors
    /// When the gateway's settings do not make a connection.
    pub(super) fn new(
        config: ShopConfig,
        clock: &Arc<dyn Clock>,
        pace_of_rates: Duration,
        budget: Arc<Budget>,
    ) -> Result<Self, calypso::Error> {
        let gateway = Arc::new(Gateway::new(&config.gateway, config.name.as_str())?);
        Ok(Self {
            order_tokens: Verifier::of(config.order_tokens.as_ref()),
            rates: Rates::new(Arc::clone(&gateway), Arc::clone(clock), pace_of_rates),
            gateway,
            budget,
            config,
        })
    }

    /// Whether the secrets of another configuration can take the place of those it has: the account is the one that it was.
    pub(super) fn is_the_same_account(&self, config: &ShopConfig) -> bool {
        let (own, other) = (&self.config.gateway, &config.gateway);
        own.base_url == other.base_url && own.account == other.account
    }

    /// Takes the secrets of another configuration in the place of those it has: what orders are signed with, and the gateway's.
    pub(super) fn exchange(&self, config: &ShopConfig, gateway: Gateway) {
        self.order_tokens.exchange(config.order_tokens.as_ref());
        self.gateway.exchange(gateway);
    }

    /// Takes one reading of the account; `false` when it may not be asked for more now. `now` is on the monotonic clock.
    pub(super) fn may_read(&self, source: Source, now: Duration) -> bool {
        self.budget.take(source.urgency(), now)
    }

    /// Whether there is one to take.
    pub(super) fn has_reading(&self, source: Source, now: Duration) -> bool {
        self.budget.has(source.urgency(), now)
    }

    /// Asks for nothing for a while if the gateway has had too many calls. Answers with for how long.
    pub(super) fn heed(&self, error: &calypso::Error, now: Duration) -> Option<Duration> {
        if !error.is_too_many() {
            return None;
        }
        tracing::warn!(shop = %self.id(), "the gateway has had too many calls");
        Some(self.budget.pause(error.retry_after(), now))
    }

    /// The account at its gateway, which other shops may share.
    pub(super) fn account(&self) -> String {
        let gateway = &self.config.gateway;
        format!("{} {}", gateway.base_url, gateway.account)
    }

    /// Its name.
    pub(crate) fn id(&self) -> &ShopId {
        &self.config.name
    }
}
