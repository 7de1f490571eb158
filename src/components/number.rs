//! An amount as it is written: never broken inside its digits, and set smaller where it would not fit.

use crate::dom::{El, el, set};
use crate::words::Say;
use web_sys::Element;

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
pub fn number(tag: &str, text: impl Fn() -> String + 'static) -> El {
    sized(el(tag, "number"), text)
}

/// An element with an amount that stays.
pub fn written(tag: &str, text: &str) -> El {
    let element = el(tag, "number").child(text);
    tell_length(element.element(), text);
    element
}

/// Adds the text that `text` reads, and tells the stylesheet how long it is.
pub fn sized<S: Say>(element: El, text: impl Fn() -> S + 'static) -> El {
    element.child_and(text, tell_length)
}

/// The text may be broken between its words, so the longest of them has to fit.
fn tell_length(element: &Element, text: &str) {
    let words = text.split([' ']).map(|word| word.chars().count());
    let word = length(words.max().unwrap_or(0)).unwrap_or_default();
    set(element, "data-length", word);
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
