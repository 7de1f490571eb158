//! Values of the configuration in messages: a secret that was put into the wrong key must not be read aloud.

use std::path::Path;

use super::printable::printable;

/// What stands for what is not said.
const HIDDEN: &str = "…";
/// From this length on a run of characters with letters and digits in it may be a secret.
const MIXED: usize = 12;
/// From this length on any run may be one.
const LONG: usize = 20;

/// A value, short and without what may be a secret: names and passwords in front of a host, paths and queries of URLs, and every
/// run of characters that is long enough. `localhost`, `DOGE` and `https://shop.example` stay as they are.
pub(crate) fn value(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => ([scheme, "://"].concat(), rest),
        None => (String::new(), text),
    };
    // A password may hold slashes, so the last of these signs counts.
    let (user, rest) = match rest.rsplit_once('@') {
        Some((_, rest)) => ([HIDDEN, "@"].concat(), rest),
        None => (String::new(), rest),
    };
    let end = rest.find(['/', '?', '#', '\\']);
    let (host, behind) = rest.split_at(end.filter(|_| !scheme.is_empty()).unwrap_or(rest.len()));
    let behind = match behind.chars().next() {
        Some(first) if behind.len() > 1 => [first.to_string().as_str(), HIDDEN].concat(),
        _ => behind.to_owned(),
    };
    let separators = ['.', ':', ',', ';', ' ', '[', ']', '?', '#', '&'];
    let [scheme, host] = [&scheme, host].map(|text| without_secrets(text, &separators));
    printable(&[scheme, user, host, behind].concat())
}

/// A path, whole but for directories and files that may be named by a secret.
pub(crate) fn path(path: &Path) -> String {
    without_secrets(&path.display().to_string(), &['/', '\\', '.', ' '])
}

fn without_secrets(text: &str, separators: &[char]) -> String {
    let pieces = text.split_inclusive(separators).map(|piece| {
        let run = piece.trim_end_matches(separators);
        if may_be_secret(run) {
            [HIDDEN, &piece[run.len()..]].concat()
        } else {
            piece.to_owned()
        }
    });
    pieces.collect()
}

fn may_be_secret(run: &str) -> bool {
    let length = run.chars().count();
    let is_mixed = run.chars().any(char::is_alphabetic) && run.chars().any(char::is_numeric);
    length >= LONG || (length >= MIXED && is_mixed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{path, value};

    #[test]
    fn what_helps_is_said_and_what_may_be_a_secret_is_not() {
        for (text, said) in [
            ("localhost", "localhost"),
            ("127.0.0.1:99999", "127.0.0.1:99999"),
            ("DOGE", "DOGE"),
            ("coffee beans", "coffee beans"),
            ("*", "*"),
            ("https://pay.shop.example", "https://pay.shop.example"),
            ("https://pay.shop.example/", "https://pay.shop.example/"),
            ("http://127.0.0.1:8090/", "http://127.0.0.1:8090/"),
            (
                "https://pay.shop.example/checkout",
                "https://pay.shop.example/…",
            ),
            ("https://pay.shop.example?k=v", "https://pay.shop.example?…"),
            ("https://me:pw@shop.example", "https://…@shop.example"),
            ("https://me:p/w@shop.example", "https://…@shop.example"),
            ("https://me:p@w@shop.example/x", "https://…@shop.example/…"),
            ("me:pw@127.0.0.1:8085", "…@127.0.0.1:8085"),
            ("pl4nted-s3cret-value", "…"),
            ("pl4nted-s3cret-value:8085", "…:8085"),
            ("https://pl4nted-s3cret-value.example", "https://….example"),
            ("pl4nted-s3cret-value://x", "…://x"),
            ("Bearer pl4nted-s3cret-value", "Bearer …"),
            ("4f9c2b71d0aa", "…"),
            ("aGVsbG8/d29ybGQ+c2VjcmV0", "…"),
            ("correct-horse-battery-staple", "…"),
        ] {
            assert_eq!(value(text), said, "{text}");
        }
    }

    #[test]
    fn paths_are_whole_but_for_secrets() {
        for (text, said) in [
            (
                "/var/lib/calypso-proxy/proxy.sqlite3",
                "/var/lib/calypso-proxy/proxy.sqlite3",
            ),
            (
                "/tmp/.tmpA1b2C3/proxy.sqlite3",
                "/tmp/.tmpA1b2C3/proxy.sqlite3",
            ),
            ("/srv/pl4nted-s3cret-value", "/srv/…"),
            ("/srv/pl4nted-s3cret-value/x.db", "/srv/…/x.db"),
        ] {
            assert_eq!(path(Path::new(text)), said);
        }
    }
}
