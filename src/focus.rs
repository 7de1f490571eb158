//! Where the focus goes when the element that has it makes way for another.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, ShadowRoot};

/// What can have the focus in the widget.
const FOCUSABLE: &str = "button, a[href], input, summary, [tabindex]";
/// The class of the place in which one screen follows another.
pub const SCREEN: &str = "body";
/// What tells one control from another: the same ones are the same control before and after a change.
const NAMES: [&str; 4] = ["part", "data-currency", "href", "class"];

/// The element inside `place` that has the focus.
#[must_use]
pub fn inside(place: &Element) -> Option<Element> {
    let focused = root(place)?.active_element()?;
    place.contains(Some(&focused)).then_some(focused)
}

/// Moves the focus to the successor of `gone`, which stood in `place`: the same control of the new inside, else its first
/// control, else the status, which every screen has; a new screen begins at the status. A buyer with a keyboard is never thrown back to the
/// top of the page.
pub fn hand_on(place: &Element, gone: &Element) {
    let is_screen = place.class_name() == SCREEN;
    let successor = first(place, |control| {
        !is_screen
            && NAMES
                .iter()
                .all(|name| control.get_attribute(name) == gone.get_attribute(name))
    })
    .or_else(|| first(place, |_| !is_screen))
    .or_else(|| root(place)?.query_selector("[part=status]").ok().flatten());
    if let Some(successor) = successor {
        // A browser that refuses the focus leaves it where it is.
        let _ = successor.unchecked_into::<HtmlElement>().focus();
    }
}

fn first(place: &Element, is_it: impl Fn(&Element) -> bool) -> Option<Element> {
    let found = place.query_selector_all(FOCUSABLE).ok()?;
    (0..found.length())
        .filter_map(|index| found.get(index))
        .map(Node::unchecked_into::<Element>)
        .find(|control| is_it(control))
}

fn root(place: &Element) -> Option<ShadowRoot> {
    place.get_root_node().dyn_into().ok()
}
