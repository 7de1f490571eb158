//! Merchants' texts inside our pages.

use std::fmt::{self, Write};

use askama::filters::Escaper;

/// Writes a text as HTML, fit for content and for attributes in any quotes: the usual escaper leaves the backtick, which ends an
/// attribute in browsers that nobody should have any more.
#[derive(Clone, Copy)]
pub(crate) struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => page.write_str("&amp;")?,
                '<' => page.write_str("&lt;")?,
                '>' => page.write_str("&gt;")?,
                '"' => page.write_str("&quot;")?,
                '\'' => page.write_str("&#39;")?,
                '`' => page.write_str("&#96;")?,
                c => page.write_char(c)?,
            }
        }
        Ok(())
    }
}
