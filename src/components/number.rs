//! An amount as it is written: never broken inside its digits, and set smaller where it would not fit.

use crate::dom::{El, el};
use crate::flow::Flow;
use crate::scene::Scene;

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
pub fn number(flow: Flow, tag: &str, text: impl Fn(&Scene) -> String + 'static) -> El {
    sized(el(tag, "number"), flow, text)
}

/// An element with an amount that stays.
pub fn written(tag: &str, text: &str) -> El {
    let element = el(tag, "number").text(text);
    tell_length(&element, text);
    element
}

/// Adds the text that `text` reads, and tells the stylesheet how long it is.
pub fn sized(element: El, flow: Flow, text: impl Fn(&Scene) -> String + 'static) -> El {
    element.words_and(flow, Box::new(text), tell_length)
}

/// The text may be broken between its words, so the longest of them has to fit.
fn tell_length(element: &El, text: &str) {
    let words = text.split(' ').map(|word| word.chars().count());
    let word = length(words.max().unwrap_or(0)).unwrap_or_default();
    element.set_or_remove("data-length", word);
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
