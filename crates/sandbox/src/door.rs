//! Who is let in: programs of this computer and the sandbox's own pages, no page of anybody else.
//!
//! A browser sends requests for any page that is open in it. Without this, any web site could move the clock, pay an invoice or, with
//! a name that it points at this computer (DNS rebinding), read everything. The host a request names, where a browser says it
//! comes from, and the type of its body tell such requests from those of a test or of a person at the panel.

use std::fmt;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::refusal::refuse;
use crate::sandbox::Sandbox;

/// The names by which a computer calls itself.
const OWN_HOSTS: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What is behind the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// `/api/v1/…`: calls are signed, so only the host is looked at.
    Gateway,
    /// `/sandbox/v1/…`: acts without a key.
    Control,
    /// Pages for people, to which a link on any other page may lead. Their forms may only be sent from themselves.
    Page,
}

impl Room {
    /// The types a body may have. A browser asks before it lets a page of another origin send those of the control side. A form can
    /// be sent from anywhere: only its origin tells that it comes from the sandbox's own page.
    fn content_types(self) -> &'static [&'static str] {
        match self {
            // A scenario may be written in TOML.
            Self::Gateway | Self::Control => &["application/json", "application/toml"],
            Self::Page => &["application/x-www-form-urlencoded"],
        }
    }
}

/// Why a request is not let in. It has had no effect.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
enum Refusal {
    /// The request names another computer, or none: a page may have pointed a name of its own at this one.
    #[error(
        "expected the Host {}, or one that the sandbox was told with --allow-host, got {came}",
        Listed(&OWN_HOSTS)
    )]
    HostNotAllowed { came: String },
    /// A page of another origin sent the request.
    #[error("expected no Origin, or this sandbox's own http://{host}, got {came}")]
    OriginNotAllowed { host: String, came: String },
    /// A browser says that a page of another origin sent the request.
    #[error("expected Sec-Fetch-Site same-origin or none, got {came}")]
    CrossSite { came: String },
    /// A body of a type that any page could send without being asked.
    #[error("expected a body of the Content-Type {}, got {came}", Listed(.expected))]
    ContentTypeWrong {
        expected: &'static [&'static str],
        came: String,
    },
}

struct Listed(&'static [&'static str]);

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" or "))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::HostNotAllowed { .. } => (StatusCode::FORBIDDEN, "host_not_allowed"),
            Self::OriginNotAllowed { .. } => (StatusCode::FORBIDDEN, "origin_not_allowed"),
            Self::CrossSite { .. } => (StatusCode::FORBIDDEN, "cross_site"),
            Self::ContentTypeWrong { .. } => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type_wrong")
            }
        };
        refuse(status, code, &self.to_string())
    }
}

/// The middleware in front of a room.
pub(crate) async fn door(
    State((sandbox, room)): State<(Sandbox, Room)>,
    request: Request,
    next: Next,
) -> Response {
    match pass(&sandbox.0.settings.allowed_hosts, room, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn pass(allowed: &[String], room: Room, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    let host = match only(headers, &HOST) {
        Ok(Some(host)) => host,
        Ok(None) => {
            return Err(Refusal::HostNotAllowed {
                came: "none".into(),
            });
        }
        Err(came) => return Err(Refusal::HostNotAllowed { came }),
    };
    // A request may name its host a second time, before the path.
    let target = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    for named in target.into_iter().chain([host]) {
        if !is_allowed(named, allowed) {
            let came = shown(named);
            return Err(Refusal::HostNotAllowed { came });
        }
    }
    if room == Room::Gateway {
        return Ok(());
    }
    same_origin(room, request, host)?;
    if request.body().is_end_stream() {
        return Ok(());
    }
    let expected = room.content_types();
    let wrong = |came| Refusal::ContentTypeWrong { expected, came };
    match only(headers, &CONTENT_TYPE) {
        Ok(Some(came)) if expected.iter().any(|kind| is_type(came, kind)) => Ok(()),
        Ok(Some(came)) => Err(wrong(shown(came))),
        Ok(None) => Err(wrong("none".into())),
        Err(came) => Err(wrong(came)),
    }
}

fn same_origin(room: Room, request: &Request, host: &str) -> Result<(), Refusal> {
    let headers = request.headers();
    let stranger = |came| Refusal::OriginNotAllowed {
        host: host.to_owned(),
        came,
    };
    if let Some(origin) = only(headers, &ORIGIN).map_err(stranger)? {
        let own = ["http://", "https://"].into_iter().any(|scheme| {
            origin
                .strip_prefix(scheme)
                .is_some_and(|from| from.eq_ignore_ascii_case(host))
        });
        if !own {
            return Err(stranger(shown(origin)));
        }
    }
    let site = only(headers, &FETCH_SITE).map_err(|came| Refusal::CrossSite { came })?;
    match site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) if room == Room::Page && is_followed_link(request) => Ok(()),
        Some(came) => Err(Refusal::CrossSite { came: shown(came) }),
    }
}

/// Whether a person follows a link to the page: it replaces the page the link is on, which cannot read it.
fn is_followed_link(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && only(headers, &FETCH_MODE) == Ok(Some("navigate"))
        && only(headers, &FETCH_DEST) == Ok(Some("document"))
}

/// A header that may be there once; what came instead, if it is there more often or is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, String> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err("several".to_owned());
    }
    match value.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err("one that is not text".to_owned()),
    }
}

/// Whether `host` or `host:port` is a name of this computer.
fn is_allowed(authority: &str, allowed: &[String]) -> bool {
    let Some(host) = without_port(authority) else {
        return false;
    };
    let allowed = allowed.iter().map(String::as_str);
    OWN_HOSTS
        .into_iter()
        .chain(allowed)
        .any(|own| own.eq_ignore_ascii_case(host))
}

fn without_port(authority: &str) -> Option<&str> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(end);
    let is_port = |port: &str| {
        let digits = port.strip_prefix(':').unwrap_or_default();
        (1..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    (port.is_empty() || is_port(port)).then_some(host)
}

/// Whether a content type is the expected one, whatever parameters it has.
fn is_type(came: &str, expected: &str) -> bool {
    let essence = came.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
}

/// What came, quoted and cut to a length that can be read.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(100).collect();
    format!("{start:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_of_this_computer_are_its_own() {
        let told = ["sandbox".to_owned(), "[fe80::1]".to_owned()];
        for own in [
            "127.0.0.1",
            "127.0.0.1:8090",
            "localhost:1",
            "LocalHost",
            "[::1]",
            "[::1]:65535",
            "sandbox:80",
            "[FE80::1]:80",
        ] {
            assert!(is_allowed(own, &told), "{own}");
        }
        for other in [
            "",
            ":8090",
            "evil.test",
            "evil.test:8090",
            "localhost.evil.test",
            "127.0.0.1.evil.test:8090",
            "evil.test:127.0.0.1",
            "localhost:80:80",
            "localhost:",
            "localhost:http",
            "localhost:123456",
            "localhost@evil.test",
            "evil@localhost",
            "[::1",
            "[::1]evil.test",
            "[::1]:",
            "::1",
            "127.0.0.2",
            "0.0.0.0",
            "127.1",
            "2130706433",
            "localhost.",
            " localhost",
            "sandbox.evil.test",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(!is_allowed(other, &told), "{other}");
        }
    }

    #[test]
    fn parameters_do_not_change_a_content_type() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/json;",
        ] {
            assert!(is_type(json, "application/json"), "{json}");
        }
        for other in [
            "",
            "text/plain",
            "text/plain;application/json",
            "application/jsonp",
        ] {
            assert!(!is_type(other, "application/json"), "{other}");
        }
    }
}
