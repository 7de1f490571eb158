//! Texts and links a merchant gives and a buyer sees: bounded, and nothing hidden in them.

use url::Url;

use crate::refusal::Refusal;
use crate::visible;
use checkout::ErrorCode;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// The longest external id, in characters.
const MAX_EXTERNAL_ID: usize = 255;
/// The longest link, in bytes.
const MAX_URL: usize = 2048;

/// Checks a description: 1 to 500 characters, nothing invisible and nothing that turns the reading direction.
pub(crate) fn description(text: String) -> Result<String, Refusal> {
    match checked_description(&text) {
        Ok(()) => Ok(text),
        Err(expected) => Err(Refusal::field("description", expected)),
    }
}

/// The same without a request: what is wrong with a description, as the end of a sentence.
pub(crate) fn checked_description(text: &str) -> Result<(), String> {
    bounded(text, MAX_DESCRIPTION)
}

/// Checks a merchant's own id of the order: 1 to 255 characters, nothing invisible.
pub(crate) fn external_id(text: String) -> Result<String, Refusal> {
    match bounded(&text, MAX_EXTERNAL_ID) {
        Ok(()) => Ok(text),
        Err(expected) => Err(Refusal::field("externalId", expected)),
    }
}

/// Checks that a text has at most `most` characters and shows what it holds.
pub(crate) fn bounded(text: &str, most: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    let length = text.chars().count();
    if length > most {
        return Err(format!(
            "has {length} characters, at most {most} are allowed"
        ));
    }
    visible::fault(text).map_or(Ok(()), Err)
}

/// Checks a link that the buyer may follow or the page may load.
///
/// # Errors
/// `url_invalid` unless it is an absolute `http` or `https` URL with a host, without user name, blanks or control characters.
/// So no `javascript:` or `data:` reaches a page.
pub(crate) fn link(name: &str, text: &str) -> Result<String, Refusal> {
    checked_link(text)
        .map_err(|expected| Refusal::new(ErrorCode::UrlInvalid, format!("`{name}` {expected}")))
}

/// The same without a request: the link in its normal form, or what is wrong with it as the end of a sentence.
pub(crate) fn checked_link(text: &str) -> Result<String, &'static str> {
    if text.len() > MAX_URL {
        return Err("is longer than 2048 bytes");
    }
    // The URL standard drops tabs and line breaks silently: refuse them before it can.
    if text
        .chars()
        .any(|c| c.is_whitespace() || visible::is_hidden(c))
    {
        return Err("holds blanks or control characters");
    }
    let url = Url::parse(text).map_err(|_| "is not an absolute URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with https:// or http://");
    }
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err("must have a host and no user name");
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
