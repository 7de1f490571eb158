//! Texts and attributes that follow signals and the language.

use super::node::{append, set};
use crate::words::Words;
use leptos_dom::helpers::document;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::StoredValue;
use std::any::Any;
use web_sys::Element;

/// A text that depends on signals and on the language.
pub(super) type Read = Box<dyn Fn(Words) -> String>;

/// The language that texts and attributes are written in. The one place where that is decided: while there is one language, a context around
/// the current owner would be more than a kilobyte for nothing (decision 0040).
#[must_use]
pub fn words() -> Words {
    Words::ENGLISH
}

/// Adds a text to `parent` that follows what `read` reads, and does `also` to the element with each new text.
pub(super) fn append_following(parent: &Element, read: Read, also: fn(&Element, &str)) {
    let node = document().create_text_node("");
    append(parent, &node);
    let parent = parent.clone();
    let show = move |text: &str| {
        node.set_data(text);
        also(&parent, text);
    };
    follow_text(read, Box::new(show));
}

/// Sets an attribute to what `read` reads, whenever that is another text.
pub(super) fn set_following(element: &Element, name: &'static str, read: Read) {
    let element = element.clone();
    follow_text(read, Box::new(move |value| set(&element, name, value)));
}

/// Calls `run` now and whenever a signal that it read has changed, until the current owner ends.
pub(super) fn follow(mut run: Box<dyn FnMut()>) {
    keep(Box::new(RenderEffect::new(move |_| run())));
}

/// Keeps `thing` alive until the current owner ends.
pub(super) fn keep(thing: Box<dyn Any>) {
    StoredValue::new_local(thing);
}

/// Shows the text that `read` reads, now and whenever it has become another one.
fn follow_text(read: Read, mut show: Box<dyn FnMut(&str)>) {
    let mut shown: Option<String> = None;
    follow(Box::new(move || {
        let text = read(words());
        if shown.as_ref() != Some(&text) {
            show(&text);
            shown = Some(text);
        }
    }));
}
