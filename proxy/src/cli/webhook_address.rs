//! Where the gateway is told to bring its webhooks.

use anyhow::{Context, Result, bail};
use calypso_proxy::is_loopback;
use url::Url;

/// What was said with `--url`, or else the way to this proxy by its public address; unless a gateway would bring them there in vain for ever,
/// or anyone could read them on the way.
pub(super) fn checked(said: Option<&str>, usual: Url, gateway: &Url) -> Result<Url> {
    let (url, name) = match said {
        None => (usual, "`public_url`"),
        Some(said) => {
            let url = Url::parse(said).context(
                "`--url` is no address such as https://pay.shop.example/webhooks/calypso",
            )?;
            (url, "`--url`")
        }
    };
    if !url.has_host() || !matches!(url.scheme(), "http" | "https") {
        bail!("{name} must be an address that begins with https://, or with http:// for a sandbox");
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        bail!("{name} holds a user, a password or a `#`, expected an address without");
    }
    if url.path() == "/" {
        bail!(
            "{name} names no path, so deliveries would be answered with `not_found`: expected {}",
            url.join("webhooks/calypso").unwrap_or_else(|_| url.clone())
        );
    }
    // A gateway on this computer is a sandbox, whatever the way to it.
    if !is_loopback(gateway) && (is_loopback(&url) || url.scheme() != "https") {
        bail!(
            "{name} is {url}, which {}: say with `--url` under which https:// address the gateway finds this proxy",
            if is_loopback(&url) {
                "is an address of this computer, and the gateway is not on it"
            } else {
                "anyone on the way can read"
            }
        );
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::checked;

    const LIVE: &str = "https://api.calypso.finance/";
    const SANDBOX: &str = "http://127.0.0.1:8090/";

    fn told(said: Option<&str>, usual: &str, gateway: &str) -> Result<String, String> {
        let url = |text: &str| Url::parse(text).unwrap();
        let checked = checked(said, url(usual), &url(gateway));
        checked.map(String::from).map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_gateway_can_reach_is_taken() {
        let (here, there) = (
            "http://127.0.0.1:8085/webhooks/calypso",
            "https://pay.shop.example/webhooks/calypso",
        );
        for (said, usual, gateway, expected) in [
            (None, there, LIVE, there),
            (None, here, SANDBOX, here),
            (Some(there), here, LIVE, there),
            (
                Some("http://proxy:8085/webhooks/calypso"),
                here,
                SANDBOX,
                "http://proxy:8085/webhooks/calypso",
            ),
            (
                Some("https://shop.example/hooks?from=calypso"),
                here,
                LIVE,
                "https://shop.example/hooks?from=calypso",
            ),
        ] {
            assert_eq!(told(said, usual, gateway).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn where_nothing_would_ever_arrive_is_refused() {
        let here = "http://127.0.0.1:8085/webhooks/calypso";
        for (said, gateway, expected) in [
            (None, LIVE, "`public_url`"),
            (
                Some("https://localhost/webhooks/calypso"),
                LIVE,
                "this computer",
            ),
            (
                Some("http://pay.shop.example/webhooks/calypso"),
                LIVE,
                "can read",
            ),
            (
                Some("https://pay.shop.example"),
                LIVE,
                "expected https://pay.shop.example/webhooks/calypso",
            ),
            (Some("http://127.0.0.1:8085/"), SANDBOX, "names no path"),
            (Some("https://me:pw@pay.shop.example/w"), LIVE, "a password"),
            (Some("https://pay.shop.example/w#x"), LIVE, "`#`"),
            (
                Some("ftp://pay.shop.example/w"),
                LIVE,
                "begins with https://",
            ),
            (Some("pay.shop.example"), LIVE, "`--url`"),
        ] {
            let refused = told(said, here, gateway).unwrap_err();
            assert!(
                refused.contains(expected) && !refused.contains("me:pw"),
                "{said:?}: {refused}"
            );
        }
    }
}
