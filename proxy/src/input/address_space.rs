//! Which addresses belong to the public internet, and which to somebody's own networks: what the proxy may be made to call.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address is, as far as it matters to somebody who is asked to call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// One of the internet's.
    Public,
    /// This computer, a private network, or a carrier's inner one: to be called only where the merchant's configuration says so.
    Private(&'static str),
    /// Never to be called, whatever the configuration says.
    Never(&'static str),
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(segments: [u16; 8], prefix: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

/// The first that holds an address decides. From IANA's registry of special-purpose addresses, and from where clouds keep their secrets.
const SPECIAL_V4: &[(Ipv4Net, Space)] = &[
    (
        v4(169, 254, 0, 0, 16),
        Space::Never("link-local, where clouds keep the keys of their machines"),
    ),
    (
        v4(100, 100, 100, 200, 32),
        Space::Never("where a cloud keeps the keys of its machines"),
    ),
    (
        v4(168, 63, 129, 16, 32),
        Space::Never("where a cloud keeps the settings of its machines"),
    ),
    (v4(127, 0, 0, 0, 8), Space::Private("this computer")),
    (v4(10, 0, 0, 0, 8), Space::Private("a private network")),
    (v4(172, 16, 0, 0, 12), Space::Private("a private network")),
    (v4(192, 168, 0, 0, 16), Space::Private("a private network")),
    (
        v4(100, 64, 0, 0, 10),
        Space::Private("a carrier's inner network"),
    ),
    (v4(0, 0, 0, 0, 8), Space::Never("«this network»")),
    (v4(192, 0, 0, 0, 24), Space::Never("reserved for protocols")),
    (v4(192, 0, 2, 0, 24), Space::Never("for documentation")),
    (
        v4(192, 31, 196, 0, 24),
        Space::Never("reserved for protocols"),
    ),
    (
        v4(192, 52, 193, 0, 24),
        Space::Never("reserved for protocols"),
    ),
    (v4(192, 88, 99, 0, 24), Space::Never("a relay of 6to4")),
    (
        v4(192, 175, 48, 0, 24),
        Space::Never("reserved for protocols"),
    ),
    (v4(198, 18, 0, 0, 15), Space::Never("for measuring")),
    (v4(198, 51, 100, 0, 24), Space::Never("for documentation")),
    (v4(203, 0, 113, 0, 24), Space::Never("for documentation")),
    (v4(224, 0, 0, 0, 4), Space::Never("multicast")),
    (v4(240, 0, 0, 0, 4), Space::Never("reserved")),
];

/// Of IPv6 only what is given out (2000::/3) is public at all; everything else is one of these or reserved.
const SPECIAL_V6: &[(Ipv6Net, Space)] = &[
    (
        v6([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254], 128),
        Space::Never("where a cloud keeps the keys of its machines"),
    ),
    (
        v6([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254], 128),
        Space::Never("where a cloud keeps the keys of its machines"),
    ),
    (
        v6([0, 0, 0, 0, 0, 0, 0, 1], 128),
        Space::Private("this computer"),
    ),
    (
        v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
        Space::Private("a private network"),
    ),
    (
        v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96),
        Space::Never("an IPv4 address in the form of IPv6"),
    ),
    (
        v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96),
        Space::Never("a translated IPv4 address"),
    ),
    (
        v6([0, 0, 0, 0, 0, 0, 0, 0], 96),
        Space::Never("an IPv4 address in an old form of IPv6"),
    ),
    (
        v6([0x0064, 0xff9b, 0, 0, 0, 0, 0, 0], 32),
        Space::Never("an IPv4 address behind NAT64"),
    ),
    (
        v6([0x0100, 0, 0, 0, 0, 0, 0, 0], 8),
        Space::Never("for what is thrown away"),
    ),
    (
        v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
        Space::Never("link-local"),
    ),
    (
        v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),
        Space::Never("site-local, no longer in use"),
    ),
    (
        v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
        Space::Never("multicast"),
    ),
    (
        v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32),
        Space::Never("Teredo"),
    ),
    (
        v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
        Space::Never("reserved for protocols"),
    ),
    (
        v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
        Space::Never("for documentation"),
    ),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), Space::Never("6to4")),
    (
        v6([0x2620, 0x004f, 0x8000, 0, 0, 0, 0, 0], 48),
        Space::Never("reserved for protocols"),
    ),
    (
        v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
        Space::Never("for documentation"),
    ),
    (v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3), Space::Public),
];

impl Space {
    /// The space of an address.
    pub(crate) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => {
                let special = SPECIAL_V4.iter().find(|(net, _)| net.contains(&address));
                special.map_or(Self::Public, |(_, space)| *space)
            }
            IpAddr::V6(address) => {
                let special = SPECIAL_V6.iter().find(|(net, _)| net.contains(&address));
                special.map_or(Self::Never("reserved"), |(_, space)| *space)
            }
        }
    }
}

/// The private networks in which a target may stand. None unless the merchant's configuration names some.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct AllowedNetworks(Vec<IpNet>);

/// Why a text names no network in which a target may stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowedNetworkError {
    /// It is neither an address nor a network.
    #[error(
        "`{0}` is neither an address nor a network, expected one such as \"10.1.2.0/24\" or \"127.0.0.1\""
    )]
    Malformed(String),
    /// Its address has bits behind its prefix.
    #[error("`{0}` has bits behind its prefix, expected `{1}`")]
    Ragged(String, IpNet),
    /// It is, or reaches into, something that is no private network.
    #[error(
        "`{0}` is no part of this computer or of a private network (127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, \
         100.64.0.0/10, ::1, fc00::/7): public addresses need no permission, and all others are never called"
    )]
    NotPrivate(String),
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbidden {
    address: IpAddr,
    /// What the address is.
    what: &'static str,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.what)
    }
}

impl AllowedNetworks {
    /// Reads networks as the configuration has them: `10.1.2.0/24`, or an address alone.
    ///
    /// # Errors
    /// [`AllowedNetworkError`] for the first that is none, or reaches beyond what is private.
    pub fn parse<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, AllowedNetworkError> {
        let mut networks = Vec::new();
        for text in texts {
            let shown = || super::redacted::value(text);
            let network = text.parse::<IpNet>();
            let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            let network = network.map_err(|_| AllowedNetworkError::Malformed(shown()))?;
            if network != network.trunc() {
                return Err(AllowedNetworkError::Ragged(shown(), network.trunc()));
            }
            if !is_within_private(&network) {
                return Err(AllowedNetworkError::NotPrivate(shown()));
            }
            networks.push(network);
        }
        networks.sort();
        networks.dedup();
        Ok(Self(networks))
    }

    /// Whether none is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address may be called. Where what is sent can be read on its way (`plain`), only one of these networks will do.
    pub(crate) fn check(&self, address: IpAddr, plain: bool) -> Result<(), Forbidden> {
        let forbidden = |what| Err(Forbidden { address, what });
        match Space::of(address) {
            Space::Never(what) => forbidden(what),
            Space::Private(_) if self.0.iter().any(|net| net.contains(&address)) => Ok(()),
            Space::Private(what) => forbidden(what),
            Space::Public if plain => {
                forbidden("public, and http can be read and altered on its way")
            }
            Space::Public => Ok(()),
        }
    }
}

/// Whether a whole network is private. The few addresses in it that are never called stay so.
fn is_within_private(network: &IpNet) -> bool {
    let privates_v4 = SPECIAL_V4
        .iter()
        .map(|(net, space)| (IpNet::V4(*net), space));
    let privates_v6 = SPECIAL_V6
        .iter()
        .map(|(net, space)| (IpNet::V6(*net), space));
    privates_v4
        .chain(privates_v6)
        .any(|(net, space)| matches!(space, Space::Private(_)) && net.contains(network))
}

#[cfg(test)]
mod tests {
    use super::{AllowedNetworks, Space};

    #[test]
    fn every_kind_of_address_is_known() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("1.1.1.1", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.32.0.0", true),
            ("198.17.255.255", true),
            ("198.20.0.0", true),
            ("223.255.255.255", true),
            ("2606:4700::1111", true),
            ("2a00:1450::1", true),
            ("2001:4860:4860::8888", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("10.0.0.0", false),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("127.0.0.1", false),
            ("127.255.255.255", false),
            ("168.63.129.16", false),
            ("169.254.169.254", false),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("192.0.0.192", false),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.0.1", false),
            ("198.18.0.1", false),
            ("198.19.255.255", false),
            ("198.51.100.1", false),
            ("203.0.113.1", false),
            ("224.0.0.1", false),
            ("239.255.255.255", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::7f00:1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", false),
            ("::ffff:0:127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b:1::7f00:1", false),
            ("100::1", false),
            ("2001::1", false),
            ("2001:10::1", false),
            ("2001:20::1", false),
            ("2001:db8::1", false),
            ("2002:7f00:1::1", false),
            ("2620:4f:8000::1", false),
            ("3fff::1", false),
            ("4000::1", false),
            ("5f00::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            let space = Space::of(address.parse().unwrap());
            assert_eq!(space == Space::Public, public, "{address}: {space:?}");
        }
    }

    #[test]
    fn only_private_networks_can_be_allowed_and_the_keys_of_a_cloud_never() {
        let all = [
            "127.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "fc00::/7",
            "::1",
        ];
        let allowed = AllowedNetworks::parse(all).unwrap();
        for (address, plain, expected) in [
            ("127.0.0.1", true, true),
            ("10.9.8.7", false, true),
            ("::1", true, true),
            ("fd12::1", false, true),
            ("192.168.0.1", false, false),
            ("8.8.8.8", false, true),
            ("8.8.8.8", true, false),
            ("100.100.100.200", false, false),
            ("169.254.169.254", false, false),
            ("fd00:ec2::254", false, false),
            ("::ffff:127.0.0.1", false, false),
        ] {
            let said = allowed.check(address.parse().unwrap(), plain);
            assert_eq!(said.is_ok(), expected, "{address} {plain}: {said:?}");
        }
        for wrong in [
            "0.0.0.0/0",
            "::/0",
            "8.8.8.8",
            "169.254.0.0/16",
            "169.254.169.254",
            "10.0.0.0/7",
            "10.1.2.3/8",
            "::ffff:127.0.0.1",
            "fe80::/10",
            "localhost",
            "",
            "127.1",
            "10.0.0.0/33",
            " 10.0.0.0/8",
            "0177.0.0.1",
            "192.0.2.0/24",
            "224.0.0.0/4",
        ] {
            assert!(
                AllowedNetworks::parse([wrong]).is_err(),
                "{wrong} was taken"
            );
        }
    }
}
