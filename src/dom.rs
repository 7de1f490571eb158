//! Elements, made by the DOM's own calls and kept up to date by Leptos' reactive system.
//!
//! Leptos' own view layer is left out on purpose: each kind of view it sees is compiled by itself, which made this
//! module three times as large as its budget, and `view!` turns what is not dynamic into text for `innerHTML`, which a
//! page with Trusted Types refuses. Here every element goes through the same few functions. What follows a signal is
//! a text ([`words`](El::words)), an attribute ([`attr_of`](El::attr_of)) or the whole inside
//! of an element ([`slot`](El::slot)), which is built anew when its key changes and never otherwise. Who has the focus in what
//! goes away finds it on its successor.

use crate::drawn;
use crate::flow::Flow;
use crate::focus;
use crate::scene::Scene;
use crate::text::Text;
use reactive_graph::effect::RenderEffect;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{Owner, StoredValue};
use std::any::Any;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event};

/// Reads a text from what the screen depends on.
pub type Read = Box<dyn Fn(&Scene) -> String>;
/// Builds the inside of an element.
type Build = Box<dyn Fn(&Scene) -> Option<El>>;

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

/// A button that does `pressed`.
pub fn button(flow: Flow, class: &str, label: Text, pressed: fn(Flow)) -> El {
    el("button", class)
        .attr("type", "button")
        .text(label.say())
        .on("click", move |_| pressed(flow))
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

    /// Adds an element where there is one.
    #[must_use]
    pub fn with_some(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.with(child),
            None => self,
        }
    }

    /// Adds elements.
    #[must_use]
    pub fn with_all(self, children: Vec<El>) -> Self {
        children.into_iter().fold(self, Self::with)
    }

    /// Adds a text that follows what `text` reads.
    #[must_use]
    pub fn words(self, flow: Flow, text: impl Fn(&Scene) -> String + 'static) -> Self {
        self.words_and(flow, Box::new(text), |_, _| ())
    }

    /// Adds a text that follows what `text` reads, and does `also` to the element with each new text.
    #[must_use]
    pub fn words_and(self, flow: Flow, text: Read, also: fn(&El, &str)) -> Self {
        let node = document().create_text_node("");
        append(&self.0, &node);
        let element = self.clone();
        let show = move |text: &str| {
            node.set_data(text);
            also(&element, text);
        };
        follow(flow, text, Box::new(show));
        self
    }

    /// Sets an attribute that follows what `value` reads; an empty text takes it away.
    #[must_use]
    pub fn attr_of(
        self,
        flow: Flow,
        name: &'static str,
        value: impl Fn(&Scene) -> String + 'static,
    ) -> Self {
        self.attr_read(flow, name, Box::new(value))
    }

    fn attr_read(self, flow: Flow, name: &'static str, value: Read) -> Self {
        let element = self.clone();
        follow(
            flow,
            value,
            Box::new(move |value| element.set_or_remove(name, value)),
        );
        self
    }

    /// Sets an attribute; an empty value takes it away.
    pub fn set_or_remove(&self, name: &str, value: &str) {
        set(&self.0, name, (!value.is_empty()).then_some(value));
    }

    /// Gives the element an inside that is built anew whenever `key` gives another text. What `build` reads is not
    /// followed: only the key decides. What was built before ends, with everything it followed. A focus in it goes to what
    /// stands in the place of the focused element, see [`focus::hand_on`].
    #[must_use]
    pub fn slot(
        self,
        flow: Flow,
        key: impl Fn(&Scene) -> String + 'static,
        build: impl Fn(&Scene) -> Option<El> + 'static,
    ) -> Self {
        self.slot_read(flow, Box::new(key), Box::new(build))
    }

    /// Gives the element an inside while `is_so`.
    #[must_use]
    pub fn when(self, flow: Flow, is_so: fn(&Scene) -> bool, build: fn(Flow) -> El) -> Self {
        let key = move |scene: &Scene| if is_so(scene) { "yes" } else { "" }.to_owned();
        self.slot(flow, key, move |scene| is_so(scene).then(|| build(flow)))
    }

    fn slot_read(self, flow: Flow, key: Read, build: Build) -> Self {
        let element = self.0.clone();
        let parent = Owner::current().unwrap_or_default();
        let mut inner: Option<Owner> = None;
        let show = move |_: &str| {
            if let Some(before) = inner.take() {
                before.cleanup();
            }
            let owner = parent.child();
            // Built while the old inside still stands: who has the focus in it can be asked.
            let inside = untrack(|| owner.with(|| build(&flow.scene_untracked())));
            let focused = focus::inside(&element);
            element.set_text_content(None);
            if let Some(inside) = inside {
                append(&element, &inside.0);
            }
            if let Some(gone) = focused {
                focus::hand_on(&element, &gone);
            }
            inner = Some(owner);
        };
        follow(flow, key, Box::new(show));
        self
    }

    /// Calls `heard` for each event of that name.
    #[must_use]
    pub fn on(self, name: &str, heard: impl Fn(Event) + 'static) -> Self {
        self.listening(name, Box::new(heard))
    }

    fn listening(self, name: &str, heard: Box<dyn Fn(Event)>) -> Self {
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

/// Shows what `read` reads, now and whenever it has become another text, until the current owner ends.
fn follow(flow: Flow, read: Read, mut show: Box<dyn FnMut(&str)>) {
    let mut shown: Option<String> = None;
    keep(Box::new(RenderEffect::new(move |_| {
        let text = read(&flow.scene());
        if shown.as_ref() != Some(&text) {
            show(&text);
            shown = Some(text);
        }
    })));
}

/// Keeps `thing` alive until the current owner ends.
fn keep(thing: Box<dyn Any>) {
    StoredValue::new_local(thing);
}
