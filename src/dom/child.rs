//! What can be the child of an element.

use super::following::{append_following, words};
use super::node::append;
use crate::words::{Phrase, Say, Text};
use leptos_dom::helpers::document;
use web_sys::Element;

/// A child of an element, or several.
pub trait Child {
    /// Adds itself to the end of `parent`.
    fn append_to(self, parent: &Element);
}

impl Child for &str {
    fn append_to(self, parent: &Element) {
        append(parent, &document().create_text_node(self));
    }
}

impl Child for String {
    fn append_to(self, parent: &Element) {
        self.as_str().append_to(parent);
    }
}

impl Child for Text {
    fn append_to(self, parent: &Element) {
        words().of(self).append_to(parent);
    }
}

impl Child for Phrase {
    fn append_to(self, parent: &Element) {
        words().fill(&self).append_to(parent);
    }
}

/// A text that follows the signals which the closure reads.
impl<F: Fn() -> S + 'static, S: Say> Child for F {
    fn append_to(self, parent: &Element) {
        append_following(parent, Box::new(move |words| self().say(words)), |_, _| ());
    }
}

impl<C: Child> Child for Option<C> {
    fn append_to(self, parent: &Element) {
        if let Some(child) = self {
            child.append_to(parent);
        }
    }
}

impl<C: Child> Child for Vec<C> {
    fn append_to(self, parent: &Element) {
        for child in self {
            child.append_to(parent);
        }
    }
}

macro_rules! tuples {
    ($(($($child:ident)*))*) => {$(
        impl<$($child: Child),*> Child for ($($child,)*) {
            #[inline(always)]
            #[expect(non_snake_case, reason = "the names of the types name the values too")]
            fn append_to(self, parent: &Element) {
                let ($($child,)*) = self;
                $($child.append_to(parent);)*
            }
        }
    )*};
}

tuples! {
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
}
