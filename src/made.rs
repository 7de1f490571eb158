//! Which elements the widget made itself.

use js_sys::WeakSet;
use web_sys::Element;

thread_local! {
    /// Every element that the widget made, as long as it lives.
    static MADE: WeakSet = WeakSet::new();
}

/// Remembers that the widget made `element`.
pub fn remember(element: &Element) {
    MADE.with(|made| made.add(element));
}

/// Whether the widget made `element`.
#[must_use]
pub fn is_ours(element: &Element) -> bool {
    MADE.with(|made| made.has(element))
}
