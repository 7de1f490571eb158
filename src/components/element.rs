//! The few kinds of elements the screens are made of. One function a kind keeps the compiled module small.

use crate::text::Text;
use leptos::html;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// A `div`.
pub fn block(class: &'static str, children: Vec<AnyView>) -> AnyView {
    html::div().class(class).child(children).into_any()
}

/// A `div` that is a public part of the shadow root.
pub fn part(class: &'static str, part: &'static str, children: Vec<AnyView>) -> AnyView {
    html::div()
        .class(class)
        .attr("part", part)
        .child(children)
        .into_any()
}

/// A `span`.
pub fn span(class: &'static str, text: String) -> AnyView {
    html::span().class(class).child(text).into_any()
}

/// A paragraph.
pub fn paragraph(class: &'static str, text: String) -> AnyView {
    html::p().class(class).child(text).into_any()
}

/// A paragraph that is the public part `message`.
pub fn message(text: Text) -> AnyView {
    html::p()
        .class("explanation")
        .attr("part", "message")
        .child(text.say())
        .into_any()
}

/// An element whose changes are read out politely, without taking the focus.
pub fn live(
    class: &'static str,
    part: Option<&'static str>,
    text: impl Fn() -> String + Send + 'static,
) -> AnyView {
    html::p()
        .class(class)
        .attr("part", part)
        .attr("role", "status")
        .child(words(text))
        .into_any()
}

/// A button.
pub fn button(
    class: &'static str,
    part: Option<&'static str>,
    label: Text,
    pressed: impl Fn(MouseEvent) + 'static,
) -> AnyView {
    let pressed: Box<dyn Fn(MouseEvent)> = Box::new(pressed);
    html::button()
        .attr("type", "button")
        .class(class)
        .attr("part", part)
        .child(label.say())
        .on(leptos::ev::click, pressed)
        .into_any()
}

/// A link out of the page: in a new tab, which learns nothing about this one.
pub fn link_out(class: &'static str, href: String, text: Text) -> AnyView {
    html::a()
        .class(class)
        .attr("href", href)
        .attr("target", Some("_blank"))
        .attr("rel", "noopener noreferrer")
        .attr("part", None::<&'static str>)
        .child(text.say())
        .into_any()
}

/// A link that the system or this tab opens: a wallet, the way back to the shop.
pub fn link_here(
    class: &'static str,
    part: Option<&'static str>,
    href: String,
    text: Text,
) -> AnyView {
    html::a()
        .class(class)
        .attr("href", href)
        .attr("target", None::<&'static str>)
        .attr("rel", "noreferrer")
        .attr("part", part)
        .child(text.say())
        .into_any()
}

/// A text that follows what it reads.
pub fn words(text: impl Fn() -> String + Send + 'static) -> AnyView {
    // Boxed: one text node that changes is compiled, not one for each closure.
    let text: Box<dyn Fn() -> String + Send> = Box::new(text);
    (move || text()).into_any()
}

/// A part of the screen that follows what it reads.
pub fn showing(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let view: Box<dyn Fn() -> AnyView + Send> = Box::new(view);
    (move || view()).into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}
