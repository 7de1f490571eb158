//! The moments at which a page comes back to life: shown again, restored from the back-forward cache, online again.

use leptos_dom::helpers::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventTarget;

/// The window's events after which whatever is on the screen may be old; the document's `visibilitychange` is the fourth.
const WINDOW_EVENTS: [&str; 3] = ["pageshow", "online", "offline"];
/// Fired on the document, and not by every browser passed on to the window.
const DOCUMENT_EVENT: &str = "visibilitychange";

/// Whether the page is in a tab nobody looks at.
#[must_use]
pub fn is_hidden() -> bool {
    document().hidden()
}

/// Whether the browser believes that there is a network. `true` proves nothing; `false` is believed.
#[must_use]
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Listens to the page being hidden, shown, restored, and to the network coming and going, until it is dropped.
pub struct Returns {
    changed: Closure<dyn Fn()>,
    targets: Vec<(EventTarget, &'static str)>,
}

impl Returns {
    /// Calls `changed` at each of these moments.
    pub fn watch(changed: impl Fn() + 'static) -> Self {
        let mut targets: Vec<(EventTarget, &'static str)> =
            vec![(document().into(), DOCUMENT_EVENT)];
        targets.extend(WINDOW_EVENTS.map(|name| (EventTarget::from(window()), name)));
        let returns = Self {
            changed: Closure::new(changed),
            targets,
        };
        for (target, name) in &returns.targets {
            // Adding a listener under a valid name cannot be refused.
            let _ = target
                .add_event_listener_with_callback(name, returns.changed.as_ref().unchecked_ref());
        }
        returns
    }
}

impl Drop for Returns {
    fn drop(&mut self) {
        for (target, name) in &self.targets {
            let _ = target
                .remove_event_listener_with_callback(name, self.changed.as_ref().unchecked_ref());
        }
    }
}
