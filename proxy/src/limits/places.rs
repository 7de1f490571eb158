//! Places for what goes on at the same time, counted by network or by shop, so that nobody fills the line for all others.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use crate::input::client::Network;
use crate::lock::lock;

/// Freshness of one network or site at the same time.
const OF_A_NETWORK: usize = 8;
/// Freshness at the same time of all those whose network is not known. There may be many buyers among them.
const OF_UNKNOWN: usize = 24;

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looker {
    /// The merchant's server, or whoever has just picked a currency, which is counted by itself.
    Counted,
    /// A page in this network, where that is known.
    Page(Option<Network>),
}

/// How many places are taken, by whatever they are counted by; by network, all those whose network is not known share theirs.
pub(crate) struct Places<K: Hash + Eq + Clone = Option<Network>>(Arc<Mutex<HashMap<K, usize>>>);

/// A place, free again when this is dropped.
pub(crate) struct Place<K: Hash + Eq + Clone = Option<Network>> {
    taken: Option<(Places<K>, K)>,
}

impl<K: Hash + Eq + Clone> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Hash + Eq + Clone> Places<K> {
    /// One more place for `key`; `None` when `most` are taken.
    pub(crate) fn take(&self, key: K, most: usize) -> Option<Place<K>> {
        let mut all = lock(&self.0);
        let theirs = all.entry(key.clone()).or_default();
        if *theirs >= most {
            if *theirs == 0 {
                all.remove(&key);
            }
            return None;
        }
        *theirs += 1;
        let places = Self(Arc::clone(&self.0));
        Some(Place {
            taken: Some((places, key)),
        })
    }

    /// How many places are taken, by everybody who has some.
    pub(crate) fn taken(&self) -> HashMap<K, usize> {
        lock(&self.0).clone()
    }
}

impl Places {
    /// A place for one more reading at the gateway; `None` when whoever looks has as many as they may.
    pub(crate) fn to_read(&self, looker: Looker) -> Option<Place> {
        let Looker::Page(network) = looker else {
            return Some(Place { taken: None });
        };
        let most = match network {
            Some(_) => OF_A_NETWORK,
            None => OF_UNKNOWN,
        };
        self.take(network.map(Network::site), most)
    }
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let Some((places, key)) = &self.taken else {
            return;
        };
        let mut all = lock(&places.0);
        if let Some(theirs) = all.get_mut(key) {
            *theirs -= 1;
            if *theirs == 0 {
                all.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Looker, Places};
    use crate::input::client::Network;

    fn network(address: &str) -> Option<Network> {
        Some(Network::of(address.parse().unwrap()))
    }

    #[test]
    fn each_network_has_its_own_places_and_gets_them_back() {
        let places = Places::default();
        let networks = [network("203.0.113.7"), network("198.51.100.7"), None];
        let mut taken = Vec::new();
        for network in networks {
            for _ in 0..32 {
                taken.push(places.take(network, 32).expect("a place"));
            }
            assert!(places.take(network, 32).is_none());
        }
        let neighbour = network("203.0.113.99");
        assert!(places.take(neighbour, 32).is_none(), "of the same network");
        drop(taken.pop());
        let again = places.take(None, 32);
        assert!(again.is_some());
        assert!(places.take(None, 32).is_none());
        drop((taken, again));
        assert!(places.0.lock().unwrap().is_empty(), "nothing is kept");
    }

    #[test]
    fn readings_are_counted_by_site_and_those_of_the_merchant_are_not() {
        let places = Places::default();
        let take = |network, times: usize| -> Vec<_> {
            let taken = (0..times).filter_map(|_| places.to_read(Looker::Page(network)));
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
        assert!(places.to_read(Looker::Counted).is_some());
        drop(one);
        assert_eq!(take(network("203.0.113.7"), 100).len(), 8);
        drop(site);
        assert!(places.0.lock().unwrap().is_empty());
    }
}
