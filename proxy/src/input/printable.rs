//! Foreign texts in messages and log lines.

use super::visible;

/// A stranger's text made fit for a message or a log line: short, and no control characters.
pub(crate) fn printable(text: &str) -> String {
    shortened(text, 40)
}

/// A foreign text made fit for a message or a log line, cut to at most `most` characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut out: String = text
        .chars()
        .take(most)
        .map(|c| if visible::is_hidden(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}
