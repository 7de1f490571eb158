//! How much one network may ask for in an hour: a subscriber, the site it may belong to, and all whose network is not known.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::input::client::Network;
use crate::limits::throttle::Throttle;

/// How many times a network's number a site has. Whoever is given a /48 has 65 536 networks in it.
const SITE: u32 = 4;
/// How many times a network's number all those have together whose network is not known. Many buyers may be among them.
const UNKNOWN: u32 = 12;

/// Counts by network and by site.
pub(crate) struct Allowance {
    networks: Throttle<Network>,
    sites: Throttle<Network>,
    unknown: Throttle<()>,
}

impl Allowance {
    /// At most `most` of a network in an hour, a tenth of them at once. 0 is no limit.
    pub(crate) fn per_hour(most: u32, clock: &Arc<dyn Clock>) -> Self {
        let times = |factor| Throttle::per_hour(most.saturating_mul(factor), clock);
        Self {
            networks: Throttle::per_hour(most, clock),
            sites: times(SITE),
            unknown: Throttle::per_hour(most.saturating_mul(UNKNOWN), clock),
        }
    }

    /// Counts one more; or, when that is too many, says after how long it would not be.
    pub(crate) fn take(&self, network: Option<Network>) -> Result<(), Duration> {
        let Some(network) = network else {
            return self.unknown.take(&());
        };
        self.networks.take(&network)?;
        match network.larger_site() {
            None => Ok(()),
            Some(site) => self.sites.take(&site),
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

    use super::Allowance;
    use crate::clock::{Clock, SystemClock};
    use crate::input::client::Network;

    fn allowance() -> Allowance {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Allowance::per_hour(10, &clock)
    }

    #[test]
    fn a_site_has_four_times_what_each_of_its_networks_has() {
        let allowance = allowance();
        let taken = |address: String| {
            let network = Network::of(address.parse().unwrap());
            allowance.take(Some(network)).is_ok()
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
        let taken = (0..100).filter(|_| allowance.take(None).is_ok());
        assert_eq!(taken.count(), 12);
    }
}
