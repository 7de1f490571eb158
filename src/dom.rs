//! Elements, made by the DOM's own calls and kept up to date by Leptos' reactive system.
//!
//! Leptos' own view layer is left out on purpose: each kind of view it sees is compiled by itself, which made this
//! module three times as large as its budget, and `view!` turns what is not dynamic into text for `innerHTML`, which a
//! page with Trusted Types refuses. Here every element goes through the same few functions. What follows a signal is
//! a text ([`words`](El::words)), an attribute ([`attr_of`](El::attr_of), [`attr_words`](El::attr_words)) or the whole inside
//! of an element ([`slot`](El::slot)), which is built anew when its key changes and never otherwise. Who has the focus in what
//! goes away finds it on its successor.

use crate::drawn;
use crate::focus;
use crate::text::Text;
use reactive_graph::effect::RenderEffect;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{Owner, StoredValue};
use std::any::Any;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event};

/// An element under construction. Closures are boxed as they come in, so that what follows them is compiled once and not once
/// for each of them. What it listens to and follows ends with the reactive owner it was made in.
#[derive(Clone)]
pub struct El(Element);

/// An element with its class.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    let element = document()
        .create_element(tag)
        .expect("the widget's tags are valid names");
    drawn::made(&element);
    let element = El(element);
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

/// An element of a drawing.
#[must_use]
pub fn svg(tag: &str) -> El {
    let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
    let element = element.expect("the widget's tags are valid names");
    drawn::made(&element);
    El(element)
}

/// A `div`.
#[must_use]
pub fn block(class: &str) -> El {
    el("div", class)
}

/// A button.
pub fn button(class: &str, label: Text, pressed: impl Fn() + 'static) -> El {
    el("button", class)
        .attr("type", "button")
        .text(label.say())
        .on("click", move |_| pressed())
}

/// A link out of the page: in a new tab, which learns nothing about this one.
#[must_use]
pub fn link_out(class: &str, href: &str, text: Text) -> El {
    link_here(class, href, text)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
}

/// A link that this tab or the system opens: the way back to the shop, a wallet.
#[must_use]
pub fn link_here(class: &str, href: &str, text: Text) -> El {
    link_to(class, text).attr("href", href)
}

/// A link whose address is still to be given.
#[must_use]
pub fn link_to(class: &str, text: Text) -> El {
    el("a", class).attr("rel", "noreferrer").text(text.say())
}

impl El {
    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        set(&self.0, name, Some(value));
        self
    }

    /// Makes the element a public part of the shadow root.
    #[must_use]
    pub fn part(self, name: &str) -> Self {
        self.attr("part", name)
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        append(&self.0, &document().create_text_node(text));
        self
    }

    /// Adds an element.
    #[must_use]
    pub fn with(self, El(child): El) -> Self {
        append(&self.0, &child);
        self
    }

    /// Adds elements.
    #[must_use]
    pub fn with_all(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            append(&self.0, &child.0);
        }
        self
    }

    /// Adds a text that follows what `text` reads.
    #[must_use]
    pub fn words(self, text: impl Fn() -> String + 'static) -> Self {
        let node = document().create_text_node("");
        append(&self.0, &node);
        let text: Box<dyn Fn() -> String> = Box::new(text);
        let mut shown = String::new();
        follow(Box::new(move || {
            let text = text();
            if text != shown {
                node.set_data(&text);
                shown = text;
            }
        }));
        self
    }

    /// Sets an attribute that follows what `value` reads; `None` takes it away.
    #[must_use]
    pub fn attr_of(
        self,
        name: &'static str,
        value: impl Fn() -> Option<&'static str> + 'static,
    ) -> Self {
        let element = self.0.clone();
        let value: Box<dyn Fn() -> Option<&'static str>> = Box::new(value);
        let mut shown = None;
        follow(Box::new(move || {
            let value = value();
            if value != shown {
                set(&element, name, value);
                shown = value;
            }
        }));
        self
    }

    /// Sets an attribute to a text that follows what `text` reads; an empty one takes it away.
    #[must_use]
    pub fn attr_words(self, name: &'static str, text: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        let text: Box<dyn Fn() -> String> = Box::new(text);
        let mut shown = String::new();
        follow(Box::new(move || {
            let text = text();
            if text != shown {
                set(&element, name, (!text.is_empty()).then_some(&text));
                shown = text;
            }
        }));
        self
    }

    /// Gives the element an inside that is built anew whenever `key` gives another text. What `build` reads is not
    /// followed: only the key decides. What was built before ends, with everything it followed. A focus in it goes to what
    /// stands in the place of the focused element, see [`focus::hand_on`](crate::focus::hand_on).
    #[must_use]
    pub fn slot(
        self,
        key: impl Fn() -> String + 'static,
        build: impl Fn() -> Option<El> + 'static,
    ) -> Self {
        let element = self.0.clone();
        let parent = Owner::current().unwrap_or_default();
        let key: Box<dyn Fn() -> String> = Box::new(key);
        let build: Box<dyn Fn() -> Option<El>> = Box::new(build);
        let mut shown: Option<(String, Owner)> = None;
        follow(Box::new(move || {
            let key = key();
            if shown.as_ref().is_some_and(|(shown, _)| *shown == key) {
                return;
            }
            if let Some((_, owner)) = shown.take() {
                owner.cleanup();
            }
            let owner = parent.child();
            // Built while the old inside still stands: who has the focus in it can be asked.
            let inside = untrack(|| owner.with(&build));
            let focused = focus::inside(&element);
            element.set_text_content(None);
            if let Some(inside) = inside {
                append(&element, &inside.0);
            }
            if let Some(gone) = focused {
                focus::hand_on(&element, &gone);
            }
            shown = Some((key, owner));
        }));
        self
    }

    /// Calls `heard` for each event of that name.
    #[must_use]
    pub fn on(self, name: &str, heard: impl Fn(Event) + 'static) -> Self {
        let heard: Box<dyn Fn(Event)> = Box::new(heard);
        let heard = Closure::wrap(heard);
        // Adding a listener under a valid name cannot be refused.
        let _ = self
            .0
            .add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        keep(Box::new(heard));
        self
    }

    /// The element itself.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.0
    }
}

fn document() -> Document {
    leptos_dom::helpers::document()
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    // The widget's attributes have valid names; with those the DOM refuses nothing.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

fn append(parent: &Element, child: &web_sys::Node) {
    // An element made here is never an ancestor of the one it is put into.
    let _ = parent.append_child(child);
}

/// Runs `run` now and whenever what it read has changed, until the current owner ends.
fn follow(mut run: Box<dyn FnMut()>) {
    keep(Box::new(RenderEffect::new(move |_| run())));
}

/// Keeps `thing` alive until the current owner ends.
fn keep(thing: Box<dyn Any>) {
    StoredValue::new_local(thing);
}
