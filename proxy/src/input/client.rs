//! Whose request it is: the network a client calls from, also behind other proxies, for the limits that count by it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of a connection: a client, or the proxy in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The network an address belongs to, the unit in which clients are counted: 256 addresses of IPv4, 2^64 of IPv6. One subscriber has
/// at least the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl fmt::Display for Network {
    /// Its first address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Network {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                IpAddr::from([a, b, c, 0])
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }

    /// The network's address, as bytes.
    pub(crate) fn octets(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        }
    }

    /// What it is a part of: a /48 of IPv6, which one site may have. A network of IPv4 is a part of nothing larger.
    pub(crate) fn larger_site(self) -> Option<Self> {
        let IpAddr::V6(v6) = self.0 else { return None };
        let [a, b, c, ..] = v6.segments();
        Some(Self(IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))))
    }

    /// The unit in which networks are compared: its site, or itself.
    pub(crate) fn site(self) -> Self {
        self.larger_site().unwrap_or(self)
    }
}

/// What stands between this proxy and its clients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Topology {
    /// Nobody said. A peer with a public address is a client. One with an address of this computer or of a private network may be
    /// a proxy in front, behind which all clients look alike, so limits that count by network leave it out.
    #[default]
    Unknown,
    /// Peers in these networks are proxies in front, and `X-Forwarded-For` is believed from them; every other peer is a client.
    Proxies(Vec<IpNet>),
}

impl Topology {
    /// The network by which the connections of a peer are counted; `None` when it may carry many clients.
    pub(crate) fn counted(&self, peer: Peer) -> Option<Network> {
        let is_shared = match self {
            Self::Unknown => !is_public(peer.0),
            Self::Proxies(_) => self.trusts(peer.0),
        };
        (!is_shared).then(|| Network::of(peer.0))
    }

    /// The network a request comes from; `None` when that cannot be known.
    ///
    /// Each proxy adds the address it was called from at the end of `X-Forwarded-For`, so the list is read from its end, and the
    /// first address that is not a trusted proxy's is the client's. What stands before that was written by the client.
    pub(crate) fn network(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<Network> {
        let peer = peer?;
        let Self::Proxies(_) = self else {
            return self.counted(peer);
        };
        if !self.trusts(peer.0) {
            return Some(Network::of(peer.0));
        }
        let values = headers.get_all(FORWARDED_FOR);
        let hops = values
            .iter()
            .flat_map(|value| value.to_str().unwrap_or("?").split(','));
        let mut nearest = None;
        // A header map iterates in the order of arrival, and only forwards.
        for hop in hops.collect::<Vec<_>>().into_iter().rev() {
            let Some(address) = address(hop) else { break };
            nearest = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        nearest.map(Network::of)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        match self {
            Self::Unknown => false,
            Self::Proxies(networks) => networks.iter().any(|network| network.contains(&address)),
        }
    }
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => match hop.split_once(':') {
            // One colon divides a port; an IPv6 address has at least two.
            Some((host, port)) if !port.contains(':') => host,
            _ => hop,
        },
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// Whether an address is one of the internet's. Those of carrier networks (100.64.0.0/10) are not: clusters use them inside.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let is_carriers = a == 100 && (64..128).contains(&b);
            !(v4.is_loopback() || v4.is_private() || v4.is_link_local() || is_carriers)
        }
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{Network, Peer, Topology};

    fn network(address: &str) -> Option<Network> {
        Some(Network::of(address.parse().unwrap()))
    }

    fn behind(peer: &str, headers: &[&'static str], proxies: &[&str]) -> Option<Network> {
        let topology =
            Topology::Proxies(proxies.iter().map(|text| text.parse().unwrap()).collect());
        let mut map = HeaderMap::new();
        for value in headers {
            map.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        topology.network(Some(Peer(peer.parse().unwrap())), &map)
    }

    #[test]
    fn a_direct_client_cannot_choose_its_network() {
        for header in ["198.51.100.9", "127.0.0.1", "nonsense"] {
            assert_eq!(
                behind("203.0.113.7", &[header], &["10.0.0.0/8"]),
                network("203.0.113.7")
            );
            assert_eq!(behind("127.0.0.1", &[header], &[]), network("127.0.0.1"));
        }
        let mut map = HeaderMap::new();
        map.append("x-forwarded-for", HeaderValue::from_static("198.51.100.9"));
        let peer = Some(Peer("203.0.113.7".parse().unwrap()));
        assert_eq!(
            Topology::Unknown.network(peer, &map),
            network("203.0.113.7")
        );
    }

    #[test]
    fn behind_proxies_the_last_address_that_is_none_of_theirs_counts() {
        let proxies = ["10.0.0.0/8", "::1/128"];
        for (headers, expected) in [
            (&["198.51.100.9"][..], network("198.51.100.9")),
            (&["6.6.6.6, 198.51.100.9"], network("198.51.100.9")),
            (&["6.6.6.6", "198.51.100.9"], network("198.51.100.9")),
            (
                &["6.6.6.6, 198.51.100.9, 10.1.1.1"],
                network("198.51.100.9"),
            ),
            (&["198.51.100.9:4711"], network("198.51.100.9")),
            (&["[2001:db8::1]:443"], network("2001:db8::")),
            (&["2001:db8::1"], network("2001:db8::")),
            (&["::ffff:198.51.100.9"], network("198.51.100.9")),
            (&["198.51.100.9, nonsense"], None),
            (&["198.51.100.9, nonsense, 10.1.1.1"], network("10.1.1.1")),
            (&["10.2.2.2, 10.1.1.1"], network("10.2.2.2")),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(
                behind("10.0.0.1", headers, &proxies),
                expected,
                "{headers:?}"
            );
        }
    }

    #[test]
    fn without_a_word_about_it_private_peers_may_carry_many_clients() {
        let counted = |peer: &str| Topology::Unknown.counted(Peer(peer.parse().unwrap()));
        for shared in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "172.17.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
        ] {
            assert_eq!(counted(shared), None, "{shared}");
        }
        assert_eq!(counted("203.0.113.7"), network("203.0.113.200"));
        assert_eq!(counted("2a00:1::5"), network("2a00:1::9"));
        assert_ne!(counted("203.0.113.7"), counted("203.0.114.7"));
    }
}
