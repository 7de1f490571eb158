//! Elements in Leptos' vocabulary: constructors by tag, [`child`](El::child), [`attr`](El::attr), [`on`](El::on), and [`show`](El::show) for what comes and goes.
//!
//! Leptos' own views are left out on purpose: each kind of view it sees is compiled by itself, which made this module three times as large as its
//! budget, and `view!` turns what is not dynamic into text for `innerHTML`, which a page with Trusted Types refuses (decision 0027). Here every
//! element goes through a few functions that are compiled once. A closure as a child or as an attribute's value is followed: what it reads of
//! signals is its own, and the page is written only where the text is another one. Who has the focus in what goes away finds it on its successor.

mod child;
mod following;
mod node;
mod value;

pub use child::Child;
pub use following::words;
pub use node::set;
pub use value::Value;

use crate::focus;
use crate::made;
use crate::words::{Say, Text};
use following::{append_following, follow, keep};
use reactive_graph::owner::Owner;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event};

/// An element under construction. Closures are boxed as they come in, so that what follows them is compiled once and not once
/// for each of them. What it listens to and follows ends with the reactive owner it was made in.
#[derive(Clone)]
pub struct El(Element);

/// An element with its class; without one where `class` is empty.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    let element = document()
        .create_element(tag)
        .expect("the widget's tags are valid names");
    made::remember(&element);
    let element = El(element);
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

/// A `div` with its class.
#[must_use]
pub fn div(class: &str) -> El {
    el("div", class)
}

/// A `span` with its class.
#[must_use]
pub fn span(class: &str) -> El {
    el("span", class)
}

/// A `p` with its class.
#[must_use]
pub fn p(class: &str) -> El {
    el("p", class)
}

/// An element of a drawing.
#[must_use]
pub fn svg(tag: &str) -> El {
    let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
    let element = element.expect("the widget's tags are valid names");
    made::remember(&element);
    El(element)
}

/// A button that does `pressed`.
pub fn button(class: &str, label: Text, pressed: impl Fn() + 'static) -> El {
    el("button", class)
        .attr("type", "button")
        .child(label)
        .on("click", move |_| pressed())
}

/// A link out of the page: in a new tab, which learns nothing about this one.
#[must_use]
pub fn link_out(class: &str, href: &str, text: Text) -> El {
    link(class, text)
        .attr("href", href)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
}

/// A link that this tab or the system opens, whose address is still to be given: the way back to the shop, a wallet.
#[must_use]
pub fn link(class: &str, text: Text) -> El {
    el("a", class).attr("rel", "noreferrer").child(text)
}

impl El {
    /// Adds a child, or several.
    #[must_use]
    #[inline(always)]
    pub fn child(self, child: impl Child) -> Self {
        child.append_to(&self.0);
        self
    }

    /// Gives an attribute its value. One that follows signals is taken away while it is empty.
    #[must_use]
    pub fn attr(self, name: &'static str, value: impl Value) -> Self {
        value.set_on(&self.0, name);
        self
    }

    /// Makes the element a public part of the shadow root.
    #[must_use]
    pub fn part(self, name: &'static str) -> Self {
        self.attr("part", name)
    }

    /// Adds a text that follows the signals which `text` reads, and does `also` to the element with each new text.
    #[must_use]
    pub fn child_and<S: Say>(
        self,
        text: impl Fn() -> S + 'static,
        also: fn(&Element, &str),
    ) -> Self {
        append_following(&self.0, Box::new(move |words| text().say(words)), also);
        self
    }

    /// Shows what `view` makes of `value`, anew whenever the value is another one, and never otherwise. The value is all that `view` may depend
    /// on; what it builds follows signals for itself. What was shown before ends, with everything it followed. A focus in it goes to what stands in
    /// the place of the focused element, see [`focus::hand_on`].
    #[must_use]
    #[inline(always)]
    pub fn show<T: PartialEq + 'static>(
        self,
        value: impl Fn() -> T + 'static,
        view: impl Fn(&T) -> Option<El> + 'static,
    ) -> Self {
        self.show_changing(Box::new(Shown {
            value,
            view,
            shown: None,
        }));
        self
    }

    fn show_changing(&self, mut inside: Box<dyn Inside>) {
        let element = self.0.clone();
        let parent = Owner::current().unwrap_or_default();
        let mut inner: Option<Owner> = None;
        follow(Box::new(move || {
            if !inside.is_another() {
                return;
            }
            if let Some(before) = inner.take() {
                before.cleanup();
            }
            let owner = parent.child();
            // Built while the old inside still stands: who has the focus in it can be asked.
            let built = owner.with(|| inside.build());
            let focused = focus::inside(&element);
            element.set_text_content(None);
            built.append_to(&element);
            if let Some(gone) = focused {
                focus::hand_on(&element, &gone);
            }
            inner = Some(owner);
        }));
    }

    /// Calls `heard` for each event of that name.
    #[must_use]
    pub fn on(self, name: &str, heard: impl Fn(Event) + 'static) -> Self {
        self.listen(name, Box::new(heard));
        self
    }

    fn listen(&self, name: &str, heard: Box<dyn Fn(Event)>) {
        let heard = Closure::wrap(heard);
        // Adding a listener under a valid name cannot be refused.
        let _ = self
            .0
            .add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        keep(Box::new(heard));
    }

    /// The element itself.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.0
    }
}

impl Child for El {
    fn append_to(self, parent: &Element) {
        node::append(parent, &self.0);
    }
}

/// What a [`show`](El::show) shows, whatever the type of its value.
trait Inside {
    /// Reads the value. Whether it is another one than the last that was built.
    fn is_another(&mut self) -> bool;

    /// Builds the view of the value that was read last.
    fn build(&self) -> Option<El>;
}

struct Shown<T, F, V> {
    value: F,
    view: V,
    shown: Option<T>,
}

impl<T: PartialEq, F: Fn() -> T, V: Fn(&T) -> Option<El>> Inside for Shown<T, F, V> {
    fn is_another(&mut self) -> bool {
        let value = Some((self.value)());
        let is_another = self.shown != value;
        self.shown = value;
        is_another
    }

    fn build(&self) -> Option<El> {
        self.shown.as_ref().and_then(&self.view)
    }
}

fn document() -> Document {
    leptos_dom::helpers::document()
}
