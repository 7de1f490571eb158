//! Which addresses from an answer may become links, and the support link that carries the checkout's id.

use checkout::joined;

/// The longest address that becomes a link, in bytes.
const LONGEST: usize = 2_048;

/// `url` when it is a plain web address, else `None`: whatever else a merchant's record holds is not made clickable.
///
/// Plain is what every reader takes for the same address: a scheme in small letters, a host that shows where the link leads, without a
/// user name before it, and nothing that a browser would drop, turn or decode before it looks at the scheme or the host.
#[must_use]
pub fn web_link(url: &str) -> Option<&str> {
    (is_plain(url) && is_host(authority_of(url)?)).then_some(url)
}

/// The merchant's support address with the checkout's id in it: as `checkout` in the query of a web address, as the
/// subject of a letter. `None` when the address is neither.
#[must_use]
pub fn support_link(url: &str, checkout: &str) -> Option<String> {
    if let Some((_, host)) = url
        .strip_prefix("mailto:")
        .and_then(|letter| letter.split(['?']).next()?.split_once(['@']))
    {
        return (is_plain(url) && is_host(host)).then(|| with_parameter(url, "subject", checkout));
    }
    web_link(url).map(|url| with_parameter(url, "checkout", checkout))
}

/// `url` when it may be fetched as an image: from the web over https, or over http from this computer alone.
#[must_use]
pub fn image_link(url: &str) -> Option<&str> {
    let host = host_of(url)?;
    let is_near = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    (url.starts_with("https://") || is_near).then_some(url)
}

/// The host of a web address, without its port.
#[must_use]
pub fn host_of(url: &str) -> Option<&str> {
    let authority = authority_of(web_link(url)?)?;
    let end = authority.rfind([':']).filter(|_| !authority.ends_with(']'));
    authority.get(..end.unwrap_or(authority.len()))
}

fn authority_of(url: &str) -> Option<&str> {
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| url.strip_prefix(scheme))?;
    rest.split(['/', '?', '#']).next()
}

/// Whether no byte of `url` is a blank, a control character, beyond ASCII, or one that parsers of addresses disagree about.
fn is_plain(url: &str) -> bool {
    url.len() <= LONGEST
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'))
}

/// Whether `authority` is a host's name or number, with or without a port.
fn is_host(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once([':']) {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "0"),
    };
    let inside = host
        .strip_prefix('[')
        .map_or(Some(host), |host| host.strip_suffix(']'));
    let is_numbered = inside != Some(host);
    port.parse::<u16>().is_ok()
        && !port.starts_with('+')
        && inside.is_some_and(|name| {
            !name.is_empty()
                && name.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric()
                        || matches!(byte, b'.' | b'-' | b'_')
                        || (is_numbered && byte == b':')
                })
        })
}

/// Adds one parameter before the fragment. The value is a checkout id, which needs no escaping; anything else in it is dropped.
fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (base, fragment) = url
        .split_once(['#'])
        .map_or((url, None), |(base, fragment)| (base, Some(fragment)));
    let value: String = value
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    let joint = if base.contains(['?']) { "&" } else { "?" };
    let link = joined(&[base, joint, name, "=", &value]);
    match fragment {
        Some(fragment) => joined(&[&link, "#", fragment]),
        None => link,
    }
}

#[cfg(test)]
#[path = "../tests/browser/no_links.rs"]
mod no_links;

#[cfg(test)]
mod tests {
    use super::no_links::NO_LINKS;
    use super::{host_of, image_link, support_link, web_link};

    #[test]
    fn a_logo_comes_over_https_or_from_this_computer() {
        for url in [
            "https://shop.example/logo.png",
            "https://shop.example:8443/logo.svg?v=2",
            "http://127.0.0.1:8080/logo.png",
            "http://localhost/logo.png",
            "http://[::1]:8080/logo.png",
        ] {
            assert_eq!(image_link(url), Some(url));
        }
        for url in [
            "http://shop.example/logo.png",
            "http://127.0.0.1.shop.example/logo.png",
            "http://localhost@shop.example/logo.png",
            "http://shop.example\\@localhost/logo.png",
            "data:image/png;base64,AA",
            "javascript:alert(1)",
            "blob:https://shop.example/1",
            "//shop.example/logo.png",
            "https://user:secret@shop.example/logo.png",
            "https:///logo.png",
            "",
        ] {
            assert_eq!(image_link(url), None, "{url}");
        }
    }

    #[test]
    fn the_host_stands_between_the_slashes() {
        assert_eq!(
            host_of("https://shop.example:8443/a?b#c"),
            Some("shop.example")
        );
        assert_eq!(host_of("https://shop.example"), Some("shop.example"));
        assert_eq!(host_of("mailto:help@shop.example"), None);
    }

    #[test]
    fn only_the_web_is_linked() {
        for url in [
            "https://shop.example/thanks",
            "https://shop.example",
            "https://shop.example:8443/a?b=c&d=%3A#e",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/",
            "https://xn--bcher-kva.example/a%20b?q=me@b.example",
        ] {
            assert_eq!(web_link(url), Some(url));
        }
        for url in NO_LINKS {
            assert_eq!(web_link(url), None, "{url:?}");
            assert_eq!(support_link(url, "id"), None, "{url:?}");
        }
        let long = ["https://shop.example/", &"a".repeat(2_048)].concat();
        assert_eq!(web_link(&long), None);
        for url in [
            "mailto:",
            "mailto:help",
            "mailto:a@",
            "MAILTO:a@b.example",
            "mailto:a@b\nBcc:c@d",
        ] {
            assert_eq!(support_link(url, "id"), None, "{url:?}");
        }
        assert_eq!(web_link("mailto:help@shop.example"), None);
    }

    #[test]
    fn the_id_goes_where_support_can_read_it() {
        let link = |url| support_link(url, "0d6c-1").expect("a link");
        assert_eq!(
            link("https://shop.example/help"),
            "https://shop.example/help?checkout=0d6c-1"
        );
        assert_eq!(
            link("https://shop.example/help?a=b#top"),
            "https://shop.example/help?a=b&checkout=0d6c-1#top"
        );
        assert_eq!(
            link("mailto:help@shop.example"),
            "mailto:help@shop.example?subject=0d6c-1"
        );
    }

    #[test]
    fn a_hostile_id_adds_nothing_to_the_link() {
        assert_eq!(
            support_link("https://a.example", "x&y=1#\"<é>").as_deref(),
            Some("https://a.example?checkout=xy1")
        );
    }
}
