//! What is kept of a client's network: a number that is the same for the same network, and tells nobody which it is.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::input::client::Network;

/// Makes the numbers of one process. There are so few networks that all could be tried, so the hash has a key; it is made at each start
/// and never leaves the memory. What an earlier process has marked is another network to the next one.
pub(crate) struct Marker {
    key: [Uuid; 2],
}

/// The number of a network. As a row has it: a whole number of SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NetworkMark(pub(crate) i64);

impl Marker {
    pub(crate) fn new() -> Self {
        Self {
            key: [Uuid::new_v4(), Uuid::new_v4()],
        }
    }

    /// The number of the /24 or the /48 a network is in.
    pub(crate) fn of(&self, network: Network) -> NetworkMark {
        let mut hash = Sha256::new();
        for part in &self.key {
            hash.update(part.as_bytes());
        }
        hash.update(network.site().octets());
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
        NetworkMark(i64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

#[cfg(test)]
mod tests {
    use super::Marker;
    use crate::input::client::Network;

    #[test]
    fn addresses_of_one_network_or_site_have_one_number_and_the_next_process_gives_another() {
        let marker = Marker::new();
        let of = |address: &str| marker.of(Network::of(address.parse().unwrap()));
        assert_eq!(of("203.0.113.7"), of("203.0.113.200"));
        assert_ne!(of("203.0.113.7"), of("203.0.114.7"));
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:ffff::4"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:2:2::3"));
        let network = Network::of("203.0.113.7".parse().unwrap());
        assert_ne!(Marker::new().of(network), marker.of(network));
    }
}
