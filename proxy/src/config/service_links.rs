//! What Kubernetes and Docker tell every container about a service named `calypso-proxy`: variables that begin like the proxy's own and
//! are none.

use std::net::IpAddr;

use super::error::Note;
use super::variables::PREFIX;

/// How many names a note lists.
const LISTED: usize = 3;

/// Whether a variable, by its name and its value, is one of those that Kubernetes makes for each service
/// (`…_SERVICE_HOST`, `…_SERVICE_PORT_HTTP`, `…_PORT=tcp://10.0.0.1:80`, `…_PORT_80_TCP_ADDR`) or Docker for each link (the same, and
/// `…_NAME=/here/there`, `…_ENV_PATH`). The name alone is not enough: `CALYPSO_PROXY_PORT=8085` was meant to set something.
pub(super) fn is_one(name: &str, value: &str) -> bool {
    // The service may be called calypso-proxy-canary: what stands between is part of its name.
    let Some(rest) = name.strip_prefix(PREFIX).map(|rest| ["_", rest].concat()) else {
        return false;
    };
    let is_number = |text: &str| text.parse::<u16>().is_ok();
    let after = |word: &str| rest.rsplit_once(word).map(|(_, tail)| tail.to_owned());
    if rest.ends_with("_SERVICE_HOST") {
        return is_host(value);
    }
    if let Some(port) = after("_SERVICE_PORT") {
        return (port.is_empty() || port.starts_with('_')) && is_number(value);
    }
    if rest.ends_with("_NAME") {
        return value.starts_with('/') && value[1..].contains('/');
    }
    if rest.starts_with("_ENV_") {
        return true;
    }
    let parts: Vec<&str> = rest.split('_').collect();
    match parts.as_slice() {
        [.., "PORT"] if is_address(value) => true,
        [.., "PORT", port, protocol] => {
            is_number(port) && is_protocol(protocol) && is_address(value)
        }
        [.., "PORT", port, protocol, what] if is_number(port) && is_protocol(protocol) => {
            match *what {
                "PROTO" => is_protocol(value),
                "PORT" => is_number(value),
                "ADDR" => is_host(value),
                _ => false,
            }
        }
        _ => false,
    }
}

/// What is said of the variables that are none of the proxy's; nothing where there are none.
pub(super) fn note(names: &[&str]) -> Option<Note> {
    if names.is_empty() {
        return None;
    }
    let mut list = names[..names.len().min(LISTED)].join(", ");
    if names.len() > LISTED {
        list.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    Some(Note::remark(format!(
        "the environment holds {list}, which Kubernetes or Docker make for a service of this name: they set nothing here \
         (`enableServiceLinks: false` leaves them out)"
    )))
}

fn is_host(text: &str) -> bool {
    let is_name = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    is_name || text.parse::<IpAddr>().is_ok()
}

fn is_protocol(text: &str) -> bool {
    ["tcp", "udp", "sctp"]
        .iter()
        .any(|protocol| protocol.eq_ignore_ascii_case(text))
}

/// Whether a text is `tcp://10.96.0.1:8085`.
fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(protocol, rest)| {
        let port = rest.rsplit_once(':').map(|(_, port)| port);
        is_protocol(protocol) && port.is_some_and(|port| port.parse::<u16>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_one, note};

    #[test]
    fn what_kubernetes_and_docker_make_is_told_from_what_was_meant_for_the_proxy() {
        for (name, value) in [
            ("SERVICE_HOST", "10.96.14.3"),
            ("SERVICE_HOST", "fd00::1"),
            ("SERVICE_HOST", "calypso-proxy.pay.svc"),
            ("SERVICE_PORT", "8085"),
            ("SERVICE_PORT_HTTP", "8085"),
            ("SERVICE_PORT_MY_METRICS", "9090"),
            ("PORT", "tcp://10.96.14.3:8085"),
            ("PORT", "udp://10.96.14.3:53"),
            ("PORT_8085_TCP", "tcp://[fd00::1]:8085"),
            ("PORT_8085_TCP_PROTO", "tcp"),
            ("PORT_8085_TCP_PORT", "8085"),
            ("PORT_8085_TCP_ADDR", "10.96.14.3"),
            ("PORT_53_SCTP_ADDR", "10.96.14.3"),
            ("CANARY_SERVICE_HOST", "10.96.14.4"),
            ("CANARY_PORT", "tcp://10.96.14.4:8085"),
            ("CANARY_PORT_8085_TCP_ADDR", "10.96.14.4"),
            ("GATEWAY_PORT_443_TCP", "tcp://10.96.14.5:443"),
            ("NAME", "/shop/calypso_proxy"),
            ("ENV_CALYPSO_PROXY_LISTEN", "0.0.0.0:8085"),
            ("ENV_PATH", "/usr/bin:/bin"),
        ] {
            assert!(
                is_one(&format!("CALYPSO_PROXY_{name}"), value),
                "{name}={value}"
            );
        }
        for (name, value) in [
            ("PORT", "8085"),
            ("PORT", ":8085"),
            ("PORT", "http://10.96.14.3:8085"),
            ("LISTEN_PORT", "8085"),
            ("LISTEN", "tcp://127.0.0.1:8085"),
            ("LISEN", "127.0.0.1:8085"),
            ("HOST", "10.96.14.3"),
            ("SERVICE", "10.96.14.3"),
            ("SERVICE_HOST", "a host"),
            ("SERVICE_PORT", "high"),
            ("SERVICE_PORTS", "8085"),
            ("PORT_HTTP_TCP", "tcp://10.96.14.3:8085"),
            ("PORT_8085_TCP_KEY", "x"),
            ("PORT_8085_TCP_ADDR", "s3cret/with/slash"),
            ("NAME", "shop"),
            ("SECRET", "x"),
            ("GATEWAY_BASE_URL", "https://api.calypso.finance"),
            ("GATEWAY__SECRETS", "x"),
            ("X", "x"),
        ] {
            assert!(
                !is_one(&format!("CALYPSO_PROXY_{name}"), value),
                "{name}={value}"
            );
        }
        assert!(!is_one("CALYPSO_SERVICE_HOST", "10.96.14.3"));
    }

    #[test]
    fn one_note_names_the_first_of_them() {
        assert_eq!(note(&[]), None);
        let said = note(&["A", "B", "C", "D", "E"]).map(|note| (note.text, note.is_danger));
        let (text, is_danger) = said.expect("a note");
        assert!(text.contains("A, B, C and 2 more") && !is_danger, "{text}");
    }
}
