//! Which addresses from an answer may become links, and the support link that carries the checkout's id.

/// `url` when it is a web address, else `None`: whatever else a merchant's record holds is not made clickable.
#[must_use]
pub fn web_link(url: &str) -> Option<&str> {
    (has_scheme(url, "https://") || has_scheme(url, "http://")).then_some(url)
}

/// The merchant's support address with the checkout's id in it: as `checkout` in the query of a web address, as the
/// subject of a letter. `None` when the address is neither.
#[must_use]
pub fn support_link(url: &str, checkout: &str) -> Option<String> {
    if has_scheme(url, "mailto:") {
        return Some(with_parameter(url, "subject", checkout));
    }
    web_link(url).map(|url| with_parameter(url, "checkout", checkout))
}

/// `url` when it may be fetched as an image: from the web over https, or over http from this computer alone.
#[must_use]
pub fn image_link(url: &str) -> Option<&str> {
    let host = host_of(url)?;
    let is_near = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    (has_scheme(url, "https://") || is_near).then_some(url)
}

/// The host of a web address, without port and user.
#[must_use]
pub fn host_of(url: &str) -> Option<&str> {
    let rest = web_link(url)?.split_once("://")?.1;
    // A browser takes a backslash for a slash.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    if authority.contains('@') || authority.chars().any(|letter| letter.is_ascii_whitespace()) {
        return None;
    }
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    authority.get(..end).filter(|host| !host.is_empty())
}

fn has_scheme(url: &str, scheme: &str) -> bool {
    url.len() > scheme.len()
        && url
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Adds one parameter before the fragment. The value is a checkout id, which needs no escaping; anything else in it is dropped.
fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (base, fragment) = url
        .split_once('#')
        .map_or((url, None), |(base, fragment)| (base, Some(fragment)));
    let value: String = value
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    let joint = if base.contains('?') { "&" } else { "?" };
    let link = [base, joint, name, "=", &value].concat();
    match fragment {
        Some(fragment) => [&link, "#", fragment].concat(),
        None => link,
    }
}

#[cfg(test)]
mod tests {
    use super::{host_of, image_link, support_link, web_link};

    #[test]
    fn a_logo_comes_over_https_or_from_this_computer() {
        for url in [
            "https://shop.example/logo.png",
            "HTTPS://shop.example:8443/logo.svg?v=2",
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
        assert_eq!(
            web_link("https://shop.example/thanks"),
            Some("https://shop.example/thanks")
        );
        assert_eq!(
            web_link("HTTP://127.0.0.1:8080/"),
            Some("HTTP://127.0.0.1:8080/")
        );
        for url in [
            "",
            "javascript:alert(1)",
            " javascript:alert(1)",
            "JaVaScRiPt://https://",
            "data:text/html,x",
            "//shop.example",
            "/thanks",
            "https://",
            "vbscript:x",
            "file:///etc/passwd",
            "httpsé://x",
            "blob:https://x",
        ] {
            assert_eq!(web_link(url), None, "{url:?}");
            assert_eq!(support_link(url, "id"), None, "{url:?}");
        }
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
