//! Texts and links a merchant gives and a buyer sees: bounded, and nothing hidden in them.

use url::Url;

use crate::json::is_unfit;
use crate::refusal::Refusal;
use checkout::ErrorCode;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// The longest external id, in characters.
const MAX_EXTERNAL_ID: usize = 255;
/// The longest link, in bytes.
const MAX_URL: usize = 2048;

/// Checks a description: 1 to 500 characters, no control characters and nothing that turns the reading direction.
pub(crate) fn description(text: String) -> Result<String, Refusal> {
    bounded("description", text, MAX_DESCRIPTION)
}

/// Checks a merchant's own id of the order: 1 to 255 characters, no control characters.
pub(crate) fn external_id(text: String) -> Result<String, Refusal> {
    bounded("externalId", text, MAX_EXTERNAL_ID)
}

fn bounded(name: &str, text: String, most: usize) -> Result<String, Refusal> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Err(Refusal::field(name, "must not be empty"));
    }
    if length > most {
        return Err(Refusal::field(
            name,
            format!("has {length} characters, at most {most} are allowed"),
        ));
    }
    if let Some(unfit) = text.chars().find(|c| is_unfit(*c)) {
        return Err(Refusal::field(
            name,
            format!(
                "holds the character U+{:04X}, which is not allowed",
                u32::from(unfit)
            ),
        ));
    }
    Ok(text)
}

/// Checks a link that the buyer may follow or the page may load.
///
/// # Errors
/// `url_invalid` unless it is an absolute `http` or `https` URL with a host, without user name, blanks or control characters.
/// So no `javascript:` or `data:` reaches a page.
pub(crate) fn link(name: &str, text: &str) -> Result<String, Refusal> {
    let invalid =
        |expected: &str| Refusal::new(ErrorCode::UrlInvalid, format!("`{name}` {expected}"));
    if text.len() > MAX_URL {
        return Err(invalid("is longer than 2048 bytes"));
    }
    // The URL standard drops tabs and line breaks silently: refuse them before it can.
    if text.chars().any(|c| c.is_whitespace() || is_unfit(c)) {
        return Err(invalid("holds blanks or control characters"));
    }
    let url = Url::parse(text).map_err(|_| invalid("is not an absolute URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("must begin with https:// or http://"));
    }
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("must have a host and no user name"));
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::{description, external_id, link};

    #[test]
    fn descriptions_hide_nothing() {
        for text in [
            "Order 1001",
            "Größe 42 · “quoted” <b>&amp;</b>",
            "注文 №1",
            "👩‍👩‍👧",
        ] {
            assert_eq!(description(text.to_owned()).unwrap(), text);
        }
        for text in [
            "",
            "  ",
            "a\u{0}b",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{2066}b",
            "\u{feff}a",
        ] {
            assert!(description(text.to_owned()).is_err(), "{text:?}");
        }
        assert!(description("é".repeat(500)).is_ok());
        assert!(description("é".repeat(501)).is_err());
        assert!(external_id("x".repeat(255)).is_ok());
        assert!(external_id("x".repeat(256)).is_err());
    }

    #[test]
    fn only_web_links_pass() {
        for text in [
            "https://shop.example/done?order=1#top",
            "http://localhost:8080/",
            "https://xn--bcher-kva.example/",
        ] {
            assert_eq!(link("returnUrl", text).unwrap(), text);
        }
        for text in [
            "",
            "/done",
            "done",
            "//shop.example",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://shop.example",
            "https://",
            "https://me:pw@shop.example",
            "https://shop.example/a b",
            "https://shop.example/\n",
            "blob:https://shop.example/x",
            "mailto:a@b.example",
        ] {
            assert!(link("returnUrl", text).is_err(), "{text:?}");
        }
        assert!(
            link(
                "returnUrl",
                &format!("https://shop.example/{}", "a".repeat(2048))
            )
            .is_err()
        );
    }
}
