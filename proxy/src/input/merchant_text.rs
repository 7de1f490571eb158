//! Texts and links a merchant gives and a buyer sees: bounded, and nothing hidden in them.

use url::Url;

use super::visible;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// The longest external id, in characters.
const MAX_EXTERNAL_ID: usize = 255;
/// The longest link, in bytes.
const MAX_URL: usize = 2048;

/// Why a text may not be shown; each reads as the end of a sentence about the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// More characters than the field may have.
    #[error("has {found} characters, at most {most} are allowed")]
    TooLong {
        /// How many characters it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A character that cannot be seen or turns the reading direction; the sentence says which.
    #[error("{0}")]
    Hidden(String),
}

/// Why a link may not be followed; each reads as the end of a sentence about the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("is longer than {MAX_URL} bytes")]
    TooLong,
    #[error("holds blanks or control characters")]
    Blanks,
    #[error("is not an absolute URL")]
    NotAbsolute,
    #[error("must begin with https:// or http://")]
    Scheme,
    #[error("must have a host and no user name")]
    Host,
}

/// Checks a description: 1 to 500 characters, nothing invisible and nothing that turns the reading direction.
///
/// # Errors
/// [`TextError`].
pub(crate) fn description(text: &str) -> Result<(), TextError> {
    bounded(text, MAX_DESCRIPTION)
}

/// Checks a merchant's own id of the order: 1 to 255 characters, nothing invisible.
///
/// # Errors
/// [`TextError`].
pub(crate) fn external_id(text: &str) -> Result<(), TextError> {
    bounded(text, MAX_EXTERNAL_ID)
}

/// Checks that a text has at most `most` characters and shows what it holds.
///
/// # Errors
/// [`TextError`].
pub(crate) fn bounded(text: &str, most: usize) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    let found = text.chars().count();
    if found > most {
        return Err(TextError::TooLong { found, most });
    }
    visible::fault(text).map_or(Ok(()), |fault| Err(TextError::Hidden(fault)))
}

/// A link that the buyer may follow or the page may load, in its normal form. So no `javascript:` or `data:` reaches a page.
///
/// # Errors
/// [`LinkError`] unless it is an absolute `http` or `https` URL with a host, without user name, blanks or control characters.
pub(crate) fn link(text: &str) -> Result<String, LinkError> {
    if text.len() > MAX_URL {
        return Err(LinkError::TooLong);
    }
    // The URL standard drops tabs and line breaks silently: refuse them before it can.
    if text
        .chars()
        .any(|c| c.is_whitespace() || visible::is_hidden(c))
    {
        return Err(LinkError::Blanks);
    }
    let url = Url::parse(text).map_err(|_| LinkError::NotAbsolute)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(LinkError::Scheme);
    }
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(LinkError::Host);
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
            assert_eq!(description(text), Ok(()));
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
            assert!(description(text).is_err(), "{text:?}");
        }
        assert!(description(&"é".repeat(500)).is_ok());
        assert!(description(&"é".repeat(501)).is_err());
        assert!(external_id(&"x".repeat(255)).is_ok());
        assert!(external_id(&"x".repeat(256)).is_err());
    }

    #[test]
    fn only_web_links_pass() {
        for text in [
            "https://shop.example/done?order=1#top",
            "http://localhost:8080/",
            "https://xn--bcher-kva.example/",
        ] {
            assert_eq!(link(text).unwrap(), text);
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
            assert!(link(text).is_err(), "{text:?}");
        }
        assert!(link(&format!("https://shop.example/{}", "a".repeat(2048))).is_err());
    }
}
