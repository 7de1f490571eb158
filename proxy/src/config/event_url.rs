//! The address of the merchant's server that hears of events: what such a URL may look like, before anybody calls it.

use url::{Host, Url};

use crate::input::address_space::{AllowedNetworks, Forbidden};
use crate::input::redacted;

/// The longest URL.
const LONGEST: usize = 2048;

/// Ports of services that are no web server, above the privileged ones: those a browser refuses too, and databases, caches and queues.
const OTHER_SERVICES: &[u16] = &[
    1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060,
    5061, 5432, 5672, 5900, 5984, 6000, 6379, 6380, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
    9042, 9092, 9200, 9300, 10080, 10250, 11211, 27017,
];

/// Why a URL is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventUrlError {
    /// It is too long.
    #[error("has {0} bytes, expected at most {LONGEST}")]
    TooLong(usize),
    /// Blanks, control characters, backslashes or characters beyond ASCII, which programs read differently.
    #[error(
        "holds blanks, backslashes, control characters or characters beyond ASCII, expected a URL such as https://shop.example/calypso-events"
    )]
    Characters,
    /// It is no URL.
    #[error("`{0}` is not a URL such as https://shop.example/calypso-events: {1}")]
    Malformed(String, url::ParseError),
    /// Neither `https` nor `http`.
    #[error("begins with `{0}:`, expected https")]
    Scheme(String),
    /// `http`, and no network is allowed in which that would be safe.
    #[error(
        "must be https; http is only for targets in the private networks named by `events.allowed_networks`"
    )]
    Plain,
    /// A user name or password.
    #[error("holds a user name or password, expected a URL without: events are signed")]
    User,
    /// A fragment.
    #[error("must have no `#`, which is never sent")]
    Fragment,
    /// A host that is written in another way than it is read.
    #[error("names the host `{0}`, which is read as `{1}`: write that")]
    Spelling(String, String),
    /// A host that is no name of the internet and no address.
    #[error("names the host `{0}`, expected a full name such as shop.example, or an address")]
    Host(String),
    /// An address that is not called.
    #[error(
        "names {0}, which is not called: private networks have to be named in `events.allowed_networks`"
    )]
    Address(Forbidden),
    /// A port of something else than a web server.
    #[error(
        "names port {0}, where other services than web servers listen; expected 443, 80 or one above 1023"
    )]
    Port(u16),
}

/// Checks a URL as it was written. Whatever two programs could read differently is refused.
pub(super) fn parse(text: &str, allowed: &AllowedNetworks) -> Result<Url, EventUrlError> {
    if text.len() > LONGEST {
        return Err(EventUrlError::TooLong(text.len()));
    }
    if text.contains('\\') || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(EventUrlError::Characters);
    }
    let url =
        Url::parse(text).map_err(|error| EventUrlError::Malformed(redacted::value(text), error))?;
    let plain = match url.scheme() {
        "https" => false,
        "http" if !allowed.is_empty() => true,
        "http" => return Err(EventUrlError::Plain),
        other => return Err(EventUrlError::Scheme(redacted::value(other))),
    };
    let authority = authority(text);
    if authority.contains('@') {
        return Err(EventUrlError::User);
    }
    if url.fragment().is_some() {
        return Err(EventUrlError::Fragment);
    }
    let read = url.host_str().unwrap_or_default();
    let written = written_host(authority);
    if written != read {
        return Err(EventUrlError::Spelling(
            redacted::value(written),
            redacted::value(read),
        ));
    }
    match url.host() {
        Some(Host::Ipv4(address)) => check(allowed, address.into(), plain)?,
        Some(Host::Ipv6(address)) => check(allowed, address.into(), plain)?,
        Some(Host::Domain(name)) if is_full_name(name, allowed) => {}
        _ => return Err(EventUrlError::Host(redacted::value(read))),
    }
    let port = url.port_or_known_default().unwrap_or_default();
    if (port < 1024 && !matches!(port, 80 | 443)) || OTHER_SERVICES.contains(&port) {
        return Err(EventUrlError::Port(port));
    }
    Ok(url)
}

fn check(
    allowed: &AllowedNetworks,
    address: std::net::IpAddr,
    plain: bool,
) -> Result<(), EventUrlError> {
    allowed
        .check(address, plain)
        .map_err(EventUrlError::Address)
}

/// What stands between `//` and the path.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The host as it was written, without its port.
fn written_host(authority: &str) -> &str {
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => &authority[..colon],
        _ => authority,
    }
}

/// Whether a name is one that means the same everywhere: letters, digits and dashes, with a dot inside and none at its end. Names without a dot
/// belong to one's own network, so they need a network that is allowed.
fn is_full_name(name: &str, allowed: &AllowedNetworks) -> bool {
    let labels_fit = name.split('.').all(|label| {
        let bytes = label.as_bytes();
        (1..=63).contains(&bytes.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    });
    let local = !name.contains('.') || name.ends_with(".localhost");
    name.len() <= 253 && labels_fit && (!local || !allowed.is_empty())
}
