//! A proxy that listens on this computer only is called by this computer's names, or by the public one through whatever stands in
//! front.
//!
//! Any web page can let a name of its own point to 127.0.0.1 and then read what a program there answers (DNS rebinding): to the
//! browser it is the page's own origin. The `Host` header still tells.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;
use url::{Host, Url};

use super::headers::single;
use crate::config::Config;
use crate::config::origin::is_this_computer;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// What looks at each request's host: it refuses those to a foreign name.
#[expect(
    clippy::result_large_err,
    reason = "the layer that asks it wants an answer"
)]
pub(super) fn check(
    config: &Config,
) -> impl Fn(&mut Request) -> Result<(), Response> + Clone + use<> {
    let listens_here = config.listen.ip().is_loopback();
    let public = Arc::new(host_of(config.public_url.as_str()));
    move |request| {
        if listens_here {
            admit(request.uri(), request.headers(), public.as_ref().as_ref())
                .map_err(IntoResponse::into_response)?;
        }
        Ok(())
    }
}

fn host_of(url: &str) -> Option<Host> {
    Some(Url::parse(url).ok()?.host()?.to_owned())
}

/// A request without a host is one of HTTP/1.0, which no browser sends.
fn admit(uri: &Uri, headers: &HeaderMap, public: Option<&Host>) -> Result<(), Refusal> {
    let refuse = |what: String| {
        Refusal::new(
            RefusalCode::HostNotAllowed,
            format!(
                "{what}; this proxy listens on this computer only and is called localhost, 127.0.0.1 or by the host of `public_url`"
            ),
        )
    };
    let Ok(header) = single(headers, &header::HOST) else {
        return Err(refuse("the request names several hosts".to_owned()));
    };
    let named = header.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let absolute = uri.authority().map(Authority::as_str);
    for host in [named.as_deref(), absolute].into_iter().flatten() {
        if !is_ours(host, public) {
            return Err(refuse(format!("the request is to `{}`", printable(host))));
        }
    }
    Ok(())
}

/// `authority` is a host, with or without a port: whatever would make a path, a user or a query of it is none.
fn is_ours(authority: &str, public: Option<&Host>) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    let is_plain = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    // A number may begin with a plus where it is parsed.
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    let has_port = is_number && (port.is_empty() || port.parse::<u16>().is_ok());
    is_plain
        && has_port
        && Host::parse(host).is_ok_and(|host| is_this_computer(&host) || Some(&host) == public)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Uri, header};

    use super::{admit, host_of, is_ours};

    const PUBLIC: &str = "https://pay.shop.example";

    #[test]
    fn this_computer_and_the_public_name_are_ours() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8085",
            "localhost",
            "LOCALHOST:8085",
            "proxy.localhost:1",
            "[::1]:8085",
            "127.1.2.3",
            "pay.shop.example",
            "Pay.Shop.Example:443",
        ] {
            assert!(is_ours(host, host_of(PUBLIC).as_ref()), "{host}");
        }
    }

    #[test]
    fn every_other_name_is_not() {
        for host in [
            "",
            "rebind.test",
            "rebind.test:8085",
            "127.0.0.1.evil.test",
            "localhost.evil.test",
            "evil.test#127.0.0.1",
            "evil.test?@127.0.0.1",
            "127.0.0.1@evil.test",
            "evil.test/127.0.0.1",
            "pay.shop.example.evil.test",
            "shop.example",
            "192.168.1.5",
            "10.0.0.1:8085",
            "[fe80::1]",
            "0.0.0.0",
            "localhost:65536",
            "localhost:+1",
            "localhost:1:2",
            "[::1",
            "::1",
            "localhost evil.test",
        ] {
            assert!(!is_ours(host, host_of(PUBLIC).as_ref()), "{host}");
        }
    }

    #[test]
    fn the_header_and_the_address_are_both_looked_at() {
        let with = |uri: &str, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            admit(
                &uri.parse::<Uri>().unwrap(),
                &headers,
                host_of(PUBLIC).as_ref(),
            )
            .is_ok()
        };
        assert!(with("/v1", &["localhost"]));
        assert!(with("/v1", &[]));
        assert!(!with("/v1", &["localhost", "localhost"]));
        assert!(!with("http://evil.test/v1", &["localhost"]));
        assert!(!with("http://localhost/v1", &["evil.test"]));
    }
}
