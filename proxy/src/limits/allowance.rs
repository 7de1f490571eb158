//! How much one network may ask a shop for in a span of time: a subscriber, the site it may belong to, and all whose network is not known.

use std::sync::Arc;
use std::time::Duration;

use super::span::Span;
use super::throttle::Throttle;
use crate::checkouts::shop_id::ShopId;
use crate::clock::Clock;
use crate::input::client::Network;

/// How many times a network's number a site has. Whoever is given a /48 has 65 536 networks in it.
const SITE: u32 = 4;
/// How many times a network's number all those have together whose network is not known. Many buyers may be among them.
const UNKNOWN: u32 = 12;

/// Counts by shop and network, and by shop and site: what a flood takes at one shop it does not take at another.
pub(crate) struct Allowance {
    networks: Throttle<(ShopId, Network)>,
    sites: Throttle<(ShopId, Network)>,
    unknown: Throttle<ShopId>,
}

impl Allowance {
    /// At most `most` of a network at a shop in a span, a part of them at once. 0 is no limit.
    pub(crate) fn new(most: u32, span: Span, clock: &Arc<dyn Clock>) -> Self {
        Self {
            networks: Throttle::new(most, span, clock),
            sites: Throttle::new(most.saturating_mul(SITE), span, clock),
            unknown: Throttle::new(most.saturating_mul(UNKNOWN), span, clock),
        }
    }

    /// Counts one more; or, when that is too many, says after how long it would not be.
    pub(crate) fn take(&self, shop: &ShopId, network: Option<Network>) -> Result<(), Duration> {
        let Some(network) = network else {
            return self.unknown.take(shop);
        };
        self.networks.take(&(shop.clone(), network))?;
        match network.larger_site() {
            None => Ok(()),
            Some(site) => self.sites.take(&(shop.clone(), site)),
        }
    }

    /// Forgets those that have everything to spend again.
    pub(crate) fn forget_full(&self) {
        self.networks.forget_full();
        self.sites.forget_full();
        self.unknown.forget_full();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Allowance, Span};
    use crate::checkouts::shop_id::ShopId;
    use crate::clock::{Clock, SystemClock};
    use crate::input::client::Network;

    fn allowance() -> Allowance {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Allowance::new(10, Span::HOUR, &clock)
    }

    #[test]
    fn a_site_has_four_times_what_each_of_its_networks_has() {
        let allowance = allowance();
        let taken = |address: String| {
            let network = Network::of(address.parse().unwrap());
            allowance.take(&ShopId::default(), Some(network)).is_ok()
        };
        let site = (0..100).filter(|n| taken(format!("2001:db8:1:{n:x}::1")));
        assert_eq!(site.count(), 4);
        assert!(taken("2001:db8:2:1::1".to_owned()));
        assert!(!taken("2001:db8:2:1::2".to_owned()), "the same network");
        let of_four = (0..100).filter(|n| taken(format!("198.51.{n}.1")));
        assert_eq!(of_four.count(), 100, "a /24 is in no site");
    }

    #[test]
    fn those_who_are_not_known_share_one_count() {
        let allowance = allowance();
        let shop = ShopId::default();
        let taken = (0..100).filter(|_| allowance.take(&shop, None).is_ok());
        assert_eq!(taken.count(), 12);
    }

    #[test]
    fn a_network_that_has_used_up_one_shop_has_everything_at_another() {
        let allowance = allowance();
        let garden = ShopId::parse("garden").unwrap();
        for network in [None, Some(Network::of("203.0.113.7".parse().unwrap()))] {
            while allowance.take(&ShopId::default(), network).is_ok() {}
            assert!(allowance.take(&garden, network).is_ok());
        }
    }
}
