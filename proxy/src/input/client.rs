//! Whose request it is: the network a client calls from, also behind other proxies, for the limits that count by it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::forwarded::{ForwardedHeader, Hop, forwarded, x_forwarded_for};

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

/// What a header says about whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Client(Network),
    /// Nothing that can be used.
    Nothing,
    /// What cannot be what a proxy wrote.
    Contradiction,
}

/// What stands between this proxy and its clients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Topology {
    /// Nobody said. A peer with a public address is a client. One with an address of this computer or of a private network may be
    /// a proxy in front, behind which all clients look alike, so limits that count by network leave it out.
    #[default]
    Unknown,
    /// Peers in these networks are proxies in front, and `X-Forwarded-For` or `Forwarded` is believed from them; every other peer is a client.
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
    /// Each proxy adds the address it was called from at the end of its header, so the steps are read from the end, and the first address
    /// that is not a trusted proxy's is the client's. What stands before that was written by the client.
    ///
    /// Where the two headers contradict each other, or one cannot be read, the client has written one of them. Then the request is counted
    /// with the network of the proxy that brought it: a client must not get out of its own count by that, and least of all into that of
    /// somebody else.
    pub(crate) fn network(
        &self,
        peer: Option<Peer>,
        headers: &HeaderMap,
        believed: ForwardedHeader,
    ) -> Option<Network> {
        let peer = peer?;
        let Self::Proxies(_) = self else {
            return self.counted(peer);
        };
        if !self.trusts(peer.0) {
            return Some(Network::of(peer.0));
        }
        let said = match believed {
            ForwardedHeader::XForwardedFor => x_forwarded_for(headers).map(|way| self.client(&way)),
            ForwardedHeader::Forwarded => forwarded(headers).map(|way| self.client(&way)),
            ForwardedHeader::Either => {
                let old = x_forwarded_for(headers).map(|way| self.client(&way));
                let new = forwarded(headers).map(|way| self.client(&way));
                match (old, new) {
                    (Some(old), Some(new)) if old != new => Some(Said::Contradiction),
                    (old, new) => old.or(new),
                }
            }
        };
        match said? {
            Said::Client(network) => Some(network),
            Said::Nothing => None,
            Said::Contradiction => Some(Network::of(peer.0)),
        }
    }

    /// What the steps of a way, the nearest first, say about the client.
    fn client(&self, way: &[Hop]) -> Said {
        let mut nearest = Said::Nothing;
        for hop in way {
            match hop {
                Hop::Address(address) => {
                    nearest = Said::Client(Network::of(*address));
                    if !self.trusts(*address) {
                        break;
                    }
                }
                Hop::Untold => break,
                Hop::Malformed => return Said::Contradiction,
            }
        }
        nearest
    }

    /// Whether this peer is known to be a proxy in front.
    pub(crate) fn is_proxy(&self, peer: Peer) -> bool {
        self.trusts(peer.0)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        match self {
            Self::Unknown => false,
            Self::Proxies(networks) => networks.iter().any(|network| network.contains(&address)),
        }
    }
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
mod tests;
