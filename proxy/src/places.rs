//! How many readings somebody who looks may have going on at the gateway, so that nobody fills the line for all others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::client::Network;
use crate::single_flight::lock;

/// Readings of one network or site at the same time.
const OF_A_NETWORK: usize = 8;
/// Readings at the same time of all those whose network is not known. There may be many buyers among them.
const OF_UNKNOWN: usize = 24;

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looker {
    /// The merchant's server, or whoever has just picked a currency, which is counted by itself.
    Counted,
    /// A page in this network, where that is known.
    Page(Option<Network>),
}

/// The readings that are going on.
#[derive(Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<Option<Network>, usize>>>);

/// Held as long as a reading goes on.
pub(crate) struct Place {
    taken: Option<(Places, Option<Network>)>,
}

impl Places {
    /// A place for one more reading; `None` when the network has as many as it may.
    pub(crate) fn take(&self, looker: Looker) -> Option<Place> {
        let Looker::Page(network) = looker else {
            return Some(Place { taken: None });
        };
        let network = network.map(Network::site);
        let most = match network {
            Some(_) => OF_A_NETWORK,
            None => OF_UNKNOWN,
        };
        let mut all = lock(&self.0);
        let theirs = all.entry(network).or_default();
        if *theirs >= most {
            return None;
        }
        *theirs += 1;
        let places = Self(Arc::clone(&self.0));
        Some(Place {
            taken: Some((places, network)),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((places, network)) = &self.taken else {
            return;
        };
        let mut all = lock(&places.0);
        if let Some(theirs) = all.get_mut(network) {
            *theirs -= 1;
            if *theirs == 0 {
                all.remove(network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Looker, Places};
    use crate::client::Network;

    #[test]
    fn each_network_has_its_places_and_gives_them_back() {
        let places = Places::default();
        let network = |address: &str| Some(Network::of(address.parse().unwrap()));
        let take = |network, times: usize| -> Vec<_> {
            let taken = (0..times).filter_map(|_| places.take(Looker::Page(network)));
            taken.collect()
        };
        let one = take(network("203.0.113.7"), 100);
        assert_eq!(one.len(), 8);
        let site = [
            take(network("2001:db8:1:1::1"), 5),
            take(network("2001:db8:1:2::1"), 5),
        ];
        assert_eq!(site.iter().map(Vec::len).sum::<usize>(), 8);
        assert_eq!(take(None, 100).len(), 24);
        assert_eq!(take(network("198.51.100.7"), 1).len(), 1);
        assert!(places.take(Looker::Counted).is_some());
        drop(one);
        assert_eq!(take(network("203.0.113.7"), 100).len(), 8);
        drop(site);
        assert!(places.0.lock().unwrap().is_empty());
    }
}
