//! The element's events: bubbling and composed, fired on the element and nowhere else.

use crate::js_object;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// Fires `name` on `host` with the fields of `detail`.
pub fn fire(host: &HtmlElement, name: &str, detail: &[(&str, &JsValue)]) {
    let fields = js_object::of(detail);
    let options = CustomEventInit::new();
    options.set_bubbles(true);
    options.set_composed(true);
    options.set_detail(&fields);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &options) {
        let _ = host.dispatch_event(&event);
    }
}
