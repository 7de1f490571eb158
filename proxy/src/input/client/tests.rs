//! Whose request it is, as a table: the headers of a request, and the count it goes to. No client gets out of its own count.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::{ForwardedHeader, Network, Peer, Topology};

/// The proxies in front of every row.
const PROXIES: [&str; 3] = ["10.0.0.0/8", "::1/128", "2001:db8:f::/48"];
/// The one that brings the request.
const PEER: &str = "10.0.0.1";

/// What a row says of a request.
#[derive(Debug, Clone, Copy)]
enum Counted {
    /// With the network of this address.
    As(&'static str),
    /// With all whose network is not known.
    Unknown,
    /// With the proxy's own network, as everybody who contradicts himself.
    Contradicting,
}

use Counted::{As, Contradicting, Unknown};

/// `x` is `X-Forwarded-For`, `f` is `Forwarded`, one line each.
type Row = (
    &'static str,
    &'static [(&'static str, &'static [u8])],
    Counted,
);

#[rustfmt::skip]
const SHAPES: &[Row] = &[
    ("nothing", &[], Unknown),
    ("one address", &[("x", b"198.51.100.9")], As("198.51.100.9")),
    ("the client wrote one before", &[("x", b"6.6.6.6, 198.51.100.9")], As("198.51.100.9")),
    ("a hundred before", &[("x", b"6.6.6.6,6.6.6.6,6.6.6.6,6.6.6.6,6.6.6.6,6.6.6.6,198.51.100.9")], As("198.51.100.9")),
    ("the client wrote a line of its own", &[("x", b"6.6.6.6"), ("x", b"198.51.100.9")], As("198.51.100.9")),
    ("one more proxy of ours", &[("x", b"6.6.6.6, 198.51.100.9, 10.1.1.1")], As("198.51.100.9")),
    ("one of ours by IPv6", &[("x", b"198.51.100.9, 2001:db8:f:1::7")], As("198.51.100.9")),
    ("the client pretends to be one of ours", &[("x", b"6.6.6.6, 10.9.9.9, 198.51.100.9")], As("198.51.100.9")),
    ("with a port", &[("x", b"198.51.100.9:4711")], As("198.51.100.9")),
    ("IPv6", &[("x", b"2001:db8::1")], As("2001:db8::")),
    ("IPv6 with a port", &[("x", b"[2001:db8::1]:443")], As("2001:db8::")),
    ("IPv6 in brackets", &[("x", b"[2001:db8::1]")], As("2001:db8::")),
    ("IPv4 in IPv6", &[("x", b"::ffff:198.51.100.9")], As("198.51.100.9")),
    ("no blank", &[("x", b"6.6.6.6,198.51.100.9")], As("198.51.100.9")),
    ("blanks and a tab", &[("x", b"  6.6.6.6 ,\t198.51.100.9  ")], As("198.51.100.9")),
    ("the client wrote a byte that is no letter", &[("x", b"\xff\xfe, 198.51.100.9")], As("198.51.100.9")),
    ("the client wrote a quotation mark", &[("x", b"\", 198.51.100.9")], As("198.51.100.9")),
    ("the client wrote commas", &[("x", b",,,, 198.51.100.9")], As("198.51.100.9")),
    ("the proxy does not tell", &[("x", b"6.6.6.6, unknown")], Unknown),
    ("the proxy writes nonsense", &[("x", b"198.51.100.9, nonsense")], Unknown),
    ("nonsense before one of ours", &[("x", b"198.51.100.9, nonsense, 10.1.1.1")], As("10.1.1.1")),
    ("only ours", &[("x", b"10.2.2.2, 10.1.1.1")], As("10.2.2.2")),
    ("empty", &[("x", b"")], Unknown),
    ("a number", &[("x", b"3325256713")], Unknown),
    ("an octal address", &[("x", b"0306.063.0144.011")], Unknown),
    ("a bracket that never ends", &[("x", b"6.6.6.6, [2001:db8::1")], Unknown),
    ("a zone", &[("x", b"fe80::1%eth0")], Unknown),
    ("RFC 7239, bare", &[("f", b"for=198.51.100.9")], As("198.51.100.9")),
    ("RFC 7239, another case", &[("f", b"FoR=198.51.100.9;Proto=http")], As("198.51.100.9")),
    ("RFC 7239, quoted", &[("f", b"for=\"198.51.100.9\"")], As("198.51.100.9")),
    ("RFC 7239, quoted with a port", &[("f", b"for=\"198.51.100.9:4711\"")], As("198.51.100.9")),
    ("RFC 7239, a port that is hidden", &[("f", b"for=\"198.51.100.9:_p\"")], As("198.51.100.9")),
    ("RFC 7239, a port without quotes", &[("f", b"for=198.51.100.9:4711")], As("198.51.100.9")),
    ("RFC 7239, IPv6", &[("f", b"For=\"[2001:db8:cafe::17]:4711\"")], As("2001:db8:cafe::")),
    ("RFC 7239, IPv6 without a port", &[("f", b"for=\"[2001:db8:cafe::17]\"")], As("2001:db8:cafe::")),
    ("RFC 7239, IPv6 without quotes", &[("f", b"for=[2001:db8:cafe::17]")], As("2001:db8:cafe::")),
    ("RFC 7239, escaped", &[("f", b"for=\"198.51.100\\.9\"")], As("198.51.100.9")),
    ("RFC 7239, other words first", &[("f", b"by=10.0.0.1;proto=https;host=pay.shop.example;for=198.51.100.9")], As("198.51.100.9")),
    ("RFC 7239, two steps", &[("f", b"for=6.6.6.6, for=198.51.100.9;by=10.1.1.1")], As("198.51.100.9")),
    ("RFC 7239, two lines", &[("f", b"for=6.6.6.6"), ("f", b"for=198.51.100.9")], As("198.51.100.9")),
    ("RFC 7239, one of ours", &[("f", b"for=198.51.100.9, for=10.1.1.1")], As("198.51.100.9")),
    ("RFC 7239, blanks", &[("f", b" for=6.6.6.6 ; proto=http ,, for=198.51.100.9 ")], As("198.51.100.9")),
    ("RFC 7239, a comma in quotes", &[("f", b"for=6.6.6.6;host=\"a, for=7.7.7.7\", for=198.51.100.9")], As("198.51.100.9")),
    ("RFC 7239, hidden", &[("f", b"for=6.6.6.6, for=_hidden")], Unknown),
    ("RFC 7239, hidden and quoted", &[("f", b"for=\"_SEVKISEK\"")], Unknown),
    ("RFC 7239, unknown", &[("f", b"for=6.6.6.6, for=unknown")], Unknown),
    ("RFC 7239, hidden before one of ours", &[("f", b"for=_hidden, for=10.1.1.1")], As("10.1.1.1")),
    ("RFC 7239, a step without one", &[("f", b"for=6.6.6.6, proto=https;by=_lb")], Unknown),
    ("RFC 7239, empty", &[("f", b"")], Unknown),
    ("RFC 7239, the client's quotation mark swallows ours", &[("f", b"for=\", for=198.51.100.9")], Contradicting),
    ("RFC 7239, on a line of its own it does not", &[("f", b"for=\""), ("f", b"for=198.51.100.9")], As("198.51.100.9")),
    ("RFC 7239, twice in one step", &[("f", b"for=6.6.6.6;for=198.51.100.9")], Contradicting),
    ("RFC 7239, no word before it", &[("f", b"=6.6.6.6, for=198.51.100.9")], Contradicting),
    ("RFC 7239, no value", &[("f", b"for=, for=198.51.100.9")], Contradicting),
    ("RFC 7239, two values", &[("f", b"for=6.6.6.6 7.7.7.7, for=198.51.100.9")], Contradicting),
    ("both say the same", &[("x", b"6.6.6.6, 198.51.100.9"), ("f", b"for=198.51.100.77")], As("198.51.100.9")),
    ("both, and the client wrote `Forwarded`", &[("x", b"198.51.100.9"), ("f", b"for=6.6.6.6")], Contradicting),
    ("both, and the client wrote `X-Forwarded-For`", &[("x", b"6.6.6.6"), ("f", b"for=198.51.100.9")], Contradicting),
    ("both, and one hides", &[("x", b"198.51.100.9"), ("f", b"for=unknown")], Contradicting),
    ("both, and one cannot be read", &[("x", b"198.51.100.9"), ("f", b"for=\"")], Contradicting),
    ("both, and one is empty", &[("x", b""), ("f", b"for=198.51.100.9")], Contradicting),
];

fn headers(lines: &[(&str, &[u8])]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let name = match *name {
            "x" => HeaderName::from_static("x-forwarded-for"),
            _ => HeaderName::from_static("forwarded"),
        };
        map.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    map
}

fn proxies() -> Topology {
    Topology::Proxies(PROXIES.iter().map(|text| text.parse().unwrap()).collect())
}

fn network(address: &str) -> Network {
    Network::of(address.parse().unwrap())
}

fn peer(address: &str) -> Option<Peer> {
    Some(Peer(address.parse().unwrap()))
}

#[test]
fn behind_proxies_the_last_address_that_is_none_of_theirs_counts() {
    for (name, lines, counted) in SHAPES {
        let found = proxies().network(peer(PEER), &headers(lines), ForwardedHeader::Either);
        let expected = match counted {
            As(address) => Some(network(address)),
            Unknown => None,
            Contradicting => Some(network(PEER)),
        };
        assert_eq!(found, expected, "{name}");
    }
    assert!(SHAPES.len() >= 50, "{}", SHAPES.len());
}

#[test]
fn a_client_without_a_proxy_in_front_is_counted_as_itself_whatever_it_writes() {
    for (name, lines, _) in SHAPES {
        let headers = headers(lines);
        for believed in [
            ForwardedHeader::Either,
            ForwardedHeader::XForwardedFor,
            ForwardedHeader::Forwarded,
        ] {
            for (topology, address) in [
                (proxies(), "203.0.113.7"),
                (Topology::Proxies(Vec::new()), "127.0.0.1"),
                (Topology::Unknown, "203.0.113.7"),
            ] {
                let found = topology.network(peer(address), &headers, believed);
                assert_eq!(found, Some(network(address)), "{name}");
            }
            let private = Topology::Unknown.network(peer("10.0.0.1"), &headers, believed);
            assert_eq!(private, None, "{name}: it may carry many clients");
        }
    }
}

#[test]
fn where_it_is_said_which_header_is_written_the_other_means_nothing() {
    let both = headers(&[("x", b"198.51.100.9"), ("f", b"for=203.0.113.7")]);
    let old = headers(&[("x", b"198.51.100.9")]);
    let new = headers(&[("f", b"for=203.0.113.7")]);
    let found = |headers, believed| proxies().network(peer(PEER), headers, believed);
    for (believed, expected) in [
        (
            ForwardedHeader::XForwardedFor,
            [Some("198.51.100.9"), Some("198.51.100.9"), None],
        ),
        (
            ForwardedHeader::Forwarded,
            [Some("203.0.113.7"), None, Some("203.0.113.7")],
        ),
    ] {
        let all = [&both, &old, &new].map(|headers| found(headers, believed));
        assert_eq!(all, expected.map(|one| one.map(network)), "{believed:?}");
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
    assert_eq!(counted("203.0.113.7"), Some(network("203.0.113.200")));
    assert_eq!(counted("2a00:1::5"), Some(network("2a00:1::9")));
    assert_ne!(counted("203.0.113.7"), counted("203.0.114.7"));
}
