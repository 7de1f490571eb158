//! An amount as it is written: never broken inside its digits, and set smaller where it would not fit.

use crate::dom::{El, el};

/// From how many characters on an amount is set smaller; the stylesheet has a rule for each.
const LENGTHS: [(usize, &str); 6] = [
    (44, "44"),
    (34, "34"),
    (26, "26"),
    (20, "20"),
    (16, "16"),
    (12, "12"),
];

/// An element with the amount that `text` reads.
pub fn number(tag: &str, text: impl Fn() -> String + Clone + 'static) -> El {
    sized(el(tag, "number"), text.clone()).words(text)
}

/// Tells the stylesheet how long the text of `element` is.
pub fn sized(element: El, text: impl Fn() -> String + 'static) -> El {
    element.attr_of("data-length", move || length(text().chars().count()))
}

/// The smallest of the lengths that holds `count` characters; the largest for more.
fn length(count: usize) -> Option<&'static str> {
    let mut fitting = None;
    for (length, word) in LENGTHS {
        if fitting.is_none() || count <= length {
            fitting = Some(word);
        }
    }
    fitting
}
