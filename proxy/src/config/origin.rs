//! A web origin: scheme, host and port, compared exactly.

use std::fmt;

use url::{Host, Url};

use crate::input::redacted;

/// The origin of a web page, in the form a browser writes into its `Origin` header: `https://shop.example:8443`.
///
/// Held in the browser's own normal form (lower-case host, no default port, no path), so that comparing is comparing text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// Why a text is not an origin this proxy accepts. Each quotes the text without what may be a secret in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The text does not parse as a URL with scheme and host.
    #[error("`{0}` is not an origin: expected `https://host` or `https://host:port`")]
    Malformed(String),
    /// The scheme is neither `https` nor `http`.
    #[error("`{0}` has the scheme `{1}`: an origin begins with https://")]
    Scheme(String, String),
    /// Plain `http` for a host that is not this computer: anyone on the way could exchange the address to pay to.
    #[error("`{0}` is plain http: that is allowed for localhost and loopback addresses only")]
    PlainHttp(String),
    /// The text holds more than an origin: path, query, fragment or a user name.
    #[error("`{0}` holds more than an origin: write scheme, host and port only")]
    More(String),
}

impl Origin {
    /// Parses an origin from the configuration. A single `/` at the end is forgiven.
    ///
    /// # Errors
    /// [`OriginError`] when it is not `http(s)://host[:port]`, or is `http` for another host than this computer.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let shown = || redacted::value(text);
        let malformed = || OriginError::Malformed(shown());
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(malformed());
        }
        let url = Url::parse(text).map_err(|_| malformed())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OriginError::Scheme(shown(), redacted::value(url.scheme())));
        }
        if !url.has_host() {
            return Err(malformed());
        }
        let only_origin = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !only_origin {
            return Err(OriginError::More(shown()));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(OriginError::PlainHttp(shown()));
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin as a browser writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a URL's host is this computer by name or address.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    url.host()
        .is_some_and(|host| is_this_computer(&host.to_owned()))
}

/// Whether a host is this computer by name or address.
pub(crate) fn is_this_computer(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, OriginError};

    #[test]
    fn takes_the_browsers_normal_form() {
        for (written, normal) in [
            ("https://shop.example", "https://shop.example"),
            ("https://shop.example/", "https://shop.example"),
            ("https://Shop.Example:443", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(
                Origin::parse(written).map(|o| o.as_str().to_owned()),
                Ok(normal.to_owned()),
                "{written}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_origin() {
        for text in [
            "",
            "shop.example",
            "https://",
            "*",
            "null",
            "https://shop.example\n",
            " https://shop.example",
        ] {
            assert!(
                matches!(Origin::parse(text), Err(OriginError::Malformed(_))),
                "{text:?}"
            );
        }
        for text in [
            "ftp://shop.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(
                matches!(Origin::parse(text), Err(OriginError::Scheme(..))),
                "{text:?}"
            );
        }
        for text in [
            "https://shop.example/pay",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://me@shop.example",
        ] {
            assert!(
                matches!(Origin::parse(text), Err(OriginError::More(_))),
                "{text:?}"
            );
        }
        for text in [
            "http://shop.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
        ] {
            assert!(
                matches!(Origin::parse(text), Err(OriginError::PlainHttp(_))),
                "{text:?}"
            );
        }
    }
}
