//! The DOM's own calls, with what they may refuse said once.

use web_sys::{Element, Node};

/// Adds `child` to the end of `parent`.
pub(super) fn append(parent: &Element, child: &Node) {
    // An element made here is never an ancestor of the one it is put into.
    let _ = parent.append_child(child);
}

/// Sets an attribute; an empty value takes it away.
pub fn set(element: &Element, name: &str, value: &str) {
    // The widget's attributes have valid names; with those the DOM refuses nothing.
    let _ = if value.is_empty() {
        element.remove_attribute(name)
    } else {
        element.set_attribute(name, value)
    };
}
