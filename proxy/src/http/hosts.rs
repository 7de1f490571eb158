//! A proxy that listens on this computer only is called by this computer's names, or by the public one through whatever stands in
//! front.
//!
//! Any web page can let a name of its own point to 127.0.0.1 and then read what a program there answers (DNS rebinding): to the
//! browser it is the page's own origin. The `Host` header still tells.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;
use url::Url;

use super::app_state::AppState;
use super::headers::single;
use crate::config::origin::is_loopback;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// Refuses requests to a foreign name.
pub(super) async fn check(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if app.config.listen.ip().is_loopback()
        && let Err(refusal) = admit(
            request.uri(),
            request.headers(),
            app.config.public_url.as_str(),
        )
    {
        return refusal.into_response();
    }
    next.run(request).await
}

/// A request without a host is one of HTTP/1.0, which no browser sends.
fn admit(uri: &Uri, headers: &HeaderMap, public_url: &str) -> Result<(), Refusal> {
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
        if !is_ours(host, public_url) {
            return Err(refuse(format!("the request is to `{}`", printable(host))));
        }
    }
    Ok(())
}

fn is_ours(host: &str, public_url: &str) -> bool {
    // The header is an authority: whatever would make a path, a user or a query of it is none.
    let is_plain = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    let Some(url) = is_plain
        .then(|| Url::parse(&format!("http://{host}/")).ok())
        .flatten()
    else {
        return false;
    };
    let public = Url::parse(public_url).ok();
    is_loopback(&url)
        || url.host().is_some_and(|host| {
            public
                .as_ref()
                .is_some_and(|public| public.host() == Some(host))
        })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Uri, header};

    use super::{admit, is_ours};

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
            assert!(is_ours(host, PUBLIC), "{host}");
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
            "localhost evil.test",
        ] {
            assert!(!is_ours(host, PUBLIC), "{host}");
        }
    }

    #[test]
    fn the_header_and_the_address_are_both_looked_at() {
        let with = |uri: &str, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            admit(&uri.parse::<Uri>().unwrap(), &headers, PUBLIC).is_ok()
        };
        assert!(with("/v1", &["localhost"]));
        assert!(with("/v1", &[]));
        assert!(!with("/v1", &["localhost", "localhost"]));
        assert!(!with("http://evil.test/v1", &["localhost"]));
        assert!(!with("http://localhost/v1", &["evil.test"]));
    }
}
