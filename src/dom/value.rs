//! What can be the value of an attribute.

use super::following::{set_following, words};
use super::node::set;
use crate::words::{Phrase, Say, Text};
use web_sys::Element;

/// The value of an attribute.
pub trait Value {
    /// Sets the attribute `name` of `element`.
    fn set_on(self, element: &Element, name: &'static str);
}

impl Value for &str {
    fn set_on(self, element: &Element, name: &'static str) {
        set(element, name, self);
    }
}

impl Value for Text {
    fn set_on(self, element: &Element, name: &'static str) {
        set(element, name, words().of(self));
    }
}

impl Value for Phrase {
    fn set_on(self, element: &Element, name: &'static str) {
        set(element, name, &words().fill(&self));
    }
}

/// A value that follows the signals which the closure reads.
impl<F: Fn() -> S + 'static, S: Say> Value for F {
    fn set_on(self, element: &Element, name: &'static str) {
        set_following(element, name, Box::new(move |words| self().say(words)));
    }
}
